import { GrpcError, Status } from "./status.js";

const MILLISECONDS = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Timers take no more; a host that grants 24 days grants as long as it takes. */
const LONGEST = 2 ** 31 - 1;

/**
 * The milliseconds that a `grpc-timeout` header grants, `undefined` for no limit.
 *
 * @throws GrpcError where the header is malformed
 */
export function parseTimeout(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  if (match === null) throw new GrpcError(Status.INTERNAL, "the grpc-timeout header is malformed");
  const granted = Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS];
  return granted > LONGEST ? undefined : Math.ceil(granted);
}
