import type { Path } from "../cty/path.js";
import type { Diagnostic } from "../framework/diagnostic.js";
import { redactText } from "../logging/redaction.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { Diagnostic_Severity } from "../tfplugin6/generated/tfplugin6.js";

const SEVERITY = {
  error: Diagnostic_Severity.ERROR,
  warning: Diagnostic_Severity.WARNING,
} as const;

/** The one way of diagnostics out of the process. */
export const diagnosticsToWire = (diagnostics: readonly Diagnostic[]): readonly wire.Diagnostic[] =>
  diagnostics.map(({ severity, summary, detail, attribute }) => ({
    severity: SEVERITY[severity],
    summary: redactText(summary),
    detail: redactText(detail),
    attribute: attribute && pathToWire(attribute),
  }));

/**
 * An attribute path, up to the first element of a set: the protocol has no step for one, and the
 * path to the set is the nearest that a host can show.
 */
export const pathToWire = (path: Path): wire.AttributePath => {
  const end = path.findIndex(({ kind }) => kind === "element");
  return { steps: path.slice(0, end < 0 ? path.length : end).map(stepToWire) };
};

const stepToWire = (step: Path[number]): wire.AttributePath_Step => {
  switch (step.kind) {
    case "attribute":
      return { attributeName: step.name };
    case "key":
      return { elementKeyString: step.key };
    case "index":
      return { elementKeyInt: step.index };
    case "element":
      throw new RangeError("an element of a set has no step in the protocol");
  }
};
