/** One finding about this machine. */
export interface Check {
  readonly subject: "node" | "cli" | "provider" | "start" | "lock file" | "key" | "region" | "api";
  /** A note is nothing to act on now. */
  readonly status: "ok" | "note" | "problem";
  /** One sentence; of a problem, with the way out. It holds no key and no secret. */
  readonly message: string;
}

/** Makes the checks of one subject. */
export function about(subject: Check["subject"]) {
  const make = (status: Check["status"]) => (message: string) => ({ subject, status, message });
  return { ok: make("ok"), note: make("note"), problem: make("problem") };
}

/** This process's environment, without the key and what steers Terraform. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(POLYAI_|TF_|PLUGIN_)/.test(name)),
  );
