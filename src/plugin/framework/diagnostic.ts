import { attributePath, type Path } from "../cty/path.js";

/** A message to the practitioner. An error stops the operation; a warning does not. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** The event, in one line without a full stop. */
  readonly summary: string;
  /** Why, and what to do about it. */
  readonly detail: string;
  readonly attribute?: Path;
}

/** @param at the attribute's name, or the path to it. */
export const error = (summary: string, detail: string, at?: string | Path): Diagnostic =>
  diagnostic("error", summary, detail, at);

/** @param at the attribute's name, or the path to it. */
export const warning = (summary: string, detail: string, at?: string | Path): Diagnostic =>
  diagnostic("warning", summary, detail, at);

const diagnostic = (
  severity: Diagnostic["severity"],
  summary: string,
  detail: string,
  at?: string | Path,
): Diagnostic => ({
  severity,
  summary,
  detail,
  ...(at === undefined ? {} : { attribute: typeof at === "string" ? attributePath(at) : at }),
});

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");

/** Thrown by a handler to end its operation with these diagnostics and nothing else changed. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly [Diagnostic, ...Diagnostic[]]) {
    super(diagnostics[0].summary);
    this.name = "DiagnosticError";
    this.diagnostics = diagnostics;
  }
}
