import type { EncodedValue, RawState } from "../../server/messages.js";
import type * as wire from "../generated/tfplugin6.js";

/** A value that a request must hold. Left out, it is as empty as one with neither encoding. */
export const valueFrom = (value: wire.DynamicValue | undefined): EncodedValue => value ?? {};

/** A stored state in the one form that was sent. */
export const rawStateFrom = (state: wire.RawState): RawState =>
  state.json.byteLength > 0 ? { json: state.json } : { flatmap: state.flatmap };
