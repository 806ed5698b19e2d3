import type { Init } from "../codec.js";
import type * as wire from "../generated/tfplugin6.js";

/** @param milliseconds since 1970 */
export const timestampToWire = (milliseconds: number): Init<wire.Timestamp> => {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1e6) };
};
