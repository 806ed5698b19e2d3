import { LOOPBACK } from "../facts.js";
import { json, type Answer } from "./answer.js";
import type { Simulation } from "./simulation.js";

export const CONTROL_PREFIX = "/_simulator/";

export interface ControlRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** JSON list of arguments; empty for none. */
  readonly body: string;
}

/** The calls and readings of another process. */
const NAMES: readonly (keyof Simulation)[] = [
  "advance",
  "clearFaults",
  "clearRequests",
  "createEndpoint",
  "currentSecret",
  "deleteEndpoint",
  "deliver",
  "deliveries",
  "now",
  "requests",
  "rotateSecret",
  "rotations",
  "setFault",
  "setMetric",
  "setReceiver",
];

/** Does for another process what the simulator's methods do: `POST /_simulator/METHOD`. */
export async function controlAnswer(
  simulation: Simulation,
  request: ControlRequest,
): Promise<Answer> {
  if (!isAllowed(request)) {
    return failure(403, "The simulator's control is for this machine only.");
  }
  const name = NAMES.find((one) => request.target === `${CONTROL_PREFIX}${one}`);
  if (name === undefined || request.method !== "POST") {
    return failure(404, `The simulator's control takes POST with ${NAMES.join(", ")}.`);
  }
  try {
    const given: unknown = JSON.parse(request.body || "[]");
    if (!Array.isArray(given)) throw new TypeError("The arguments are not a JSON list");
    const member: unknown = Reflect.get(simulation, name);
    const result: unknown =
      typeof member === "function" ? await Reflect.apply(member, simulation, given) : member;
    return json(200, { result });
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof RangeError) return failure(404, message);
    return failure(error instanceof SyntaxError || error instanceof TypeError ? 400 : 500, message);
  }
}

/**
 * The control shows secrets, so no page in a browser may reach it: neither by a name that
 * resolves to this machine (Host), nor by a request across sites (Origin).
 */
function isAllowed({ host = "", origin }: ControlRequest): boolean {
  const url = `http://${host}`;
  return origin === undefined && URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

const failure = (status: number, message: string): Answer => json(status, { message });
