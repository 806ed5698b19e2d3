import type { Path } from "../../cty/path.js";
import type { Diagnostic } from "../../framework/diagnostic.js";
import type { Init } from "../codec.js";
import * as wire from "../generated/tfplugin6.js";

const SEVERITY = {
  error: wire.DiagnosticSeverity.ERROR,
  warning: wire.DiagnosticSeverity.WARNING,
} as const;

export const diagnosticsToWire = (
  diagnostics: readonly Diagnostic[],
): readonly Init<wire.Diagnostic>[] =>
  diagnostics.map(({ severity, summary, detail, attribute }) => ({
    severity: SEVERITY[severity],
    summary,
    detail,
    ...(attribute === undefined ? {} : { attribute: pathToWire(attribute) }),
  }));

/**
 * An attribute path, up to the first element of a set: the protocol has no step for one, and the
 * path to the set is the nearest that a host can show.
 */
export const pathToWire = (path: Path): Init<wire.AttributePath> => {
  const end = path.findIndex(({ kind }) => kind === "element");
  return { steps: path.slice(0, end < 0 ? path.length : end).map(stepToWire) };
};

const stepToWire = (step: Path[number]): Init<wire.AttributePathStep> => {
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
