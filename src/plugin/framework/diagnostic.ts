import type { Path } from "../cty/path.js";

/** What a practitioner is told. An error stops the operation; a warning does not. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** What happened, in one line without a full stop. */
  readonly summary: string;
  /** Why, and what to do about it. */
  readonly detail: string;
  readonly attribute?: Path;
}
