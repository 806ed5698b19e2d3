/** One finding about this machine. It holds no key and no secret. */
export interface Check {
  readonly subject: "cli" | "provider" | "start" | "lock file" | "link" | "key" | "api";
  /** A note is nothing to act on now. */
  readonly status: "ok" | "note" | "problem";
  /** Half a sentence. The way out, if there is one, ends it after a colon. */
  readonly text: string;
  readonly wayOut?: string;
}

/** A check: all is well if there is no way out of it. */
export const check = (subject: Check["subject"], text: string, wayOut?: string): Check =>
  wayOut === undefined
    ? { subject, status: "ok", text }
    : { subject, status: "problem", text, wayOut };

/** This process's environment, without the key and what steers Terraform. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(POLYAI_|TF_|PLUGIN_)/.test(name)),
  );
