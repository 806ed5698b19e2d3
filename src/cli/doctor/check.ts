/** The finding of one look at this machine. */
export interface Check {
  /** The thing that was looked at. */
  readonly subject: "node" | "cli" | "provider" | "start" | "lock file" | "key" | "region" | "api";
  /** A note is nothing to act on now. */
  readonly status: "ok" | "note" | "problem";
  /** One sentence; of a problem, with the way out. It holds no key and no secret. */
  readonly message: string;
  /** For --json, such as a version or a time in milliseconds. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Makes the checks of one subject. */
export const about = (subject: Check["subject"]) => ({
  ok: (message: string, details: Check["details"] = {}): Check => ({
    subject,
    status: "ok",
    message,
    details,
  }),
  note: (message: string, details: Check["details"] = {}): Check => ({
    subject,
    status: "note",
    message,
    details,
  }),
  problem: (message: string, details: Check["details"] = {}): Check => ({
    subject,
    status: "problem",
    message,
    details,
  }),
});
