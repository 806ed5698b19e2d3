import type { Fault } from "./fault.js";

/** An answer of the API. No text: no body. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answer as it reaches the caller, if it does. */
export interface Outcome {
  readonly transfer:
    /** The answer as it is, after `delayMs`. */
    | "whole"
    /** Half of the announced body, then the connection is closed. */
    | "half"
    /** The head, then white space without end, in pieces that are `delayMs` apart. */
    | "endless"
    /** Nothing: the connection is closed, reset (RST), or kept for ever. */
    | "cut"
    | "reset"
    | "hang";
  /** Null if the caller gets nothing. */
  readonly answer: Answer | null;
  readonly delayMs: number;
}

/** An answer in JSON. */
export const json = (status: number, body: unknown, headers: Answer["headers"] = {}): Answer => ({
  status,
  text: JSON.stringify(body),
  headers: { ...headers, "content-type": "application/json" },
});

export const whole = (answer: Answer, delayMs = 0): Outcome => ({
  transfer: "whole",
  answer,
  delayMs,
});

export const firstHalf = (text: string): string => text.slice(0, Math.ceil(text.length / 2));

const TEN_MIB = 10 * 1024 * 1024;
const WEB_PAGE =
  "<!DOCTYPE html>\n<html><body><h1>Please sign in to the network</h1></body></html>\n";

/**
 * The bytes that reach the caller under a fault.
 *
 * @param right what the API would have answered
 * @param failure the API's own answer for an error status
 */
export function spoil(
  fault: Fault,
  right: Answer,
  failure: (status: number, message?: string) => Answer,
): Outcome {
  switch (fault.kind) {
    case "status": {
      const { headers: own, ...failed } = failure(fault.status, fault.message);
      const after = fault.retryAfter === undefined ? {} : { "retry-after": `${fault.retryAfter}` };
      return whole({ ...failed, headers: { ...own, ...after } });
    }
    case "slow":
      return whole(right, fault.delayMs);
    case "cut":
    case "reset":
    case "hang":
      return { transfer: fault.kind, answer: null, delayMs: 0 };
    case "html": {
      const { status = 200 } = fault;
      const headers = { ...right.headers, "content-type": "text/html; charset=utf-8" };
      return whole({ status, text: WEB_PAGE, headers });
    }
    case "empty":
      return whole({ ...right, status: fault.status ?? 200, text: "" });
    case "truncated":
      return whole({ ...right, text: firstHalf(right.text) });
    case "cutBody":
      return { transfer: "half", answer: right, delayMs: 0 };
    case "secret": {
      const fields = JSON.parse(right.text || "{}") as object;
      return whole({ ...right, text: JSON.stringify({ ...fields, signing_secret: fault.value }) });
    }
    case "huge":
      return whole({ ...right, text: " ".repeat(fault.bytes ?? TEN_MIB) + right.text });
    case "endless":
      return { transfer: "endless", answer: right, delayMs: fault.delayMs ?? 0 };
    case "redirect": {
      const { status = 307, location } = fault;
      return whole({ status, text: "", headers: { ...right.headers, location } });
    }
  }
}
