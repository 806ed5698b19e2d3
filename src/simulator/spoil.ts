import { firstHalf, whole, type Answer, type Outcome } from "./answer.js";
import type { Fault } from "./fault.js";

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
  now: Date,
): Outcome {
  switch (fault.kind) {
    case "status":
      return whole(withRetryAfter(failure(fault.status, fault.message), fault, now));
    case "slow":
      return whole(right, fault.delayMs);
    case "cut":
    case "reset":
    case "hang":
      return { transfer: fault.kind, answer: null, delayMs: 0 };
    case "html": {
      const headers = { ...right.headers, "content-type": "text/html; charset=utf-8" };
      return whole({ status: fault.status ?? 200, text: WEB_PAGE, headers });
    }
    case "empty":
      return whole({ ...right, status: fault.status ?? 200, text: "" });
    case "truncated":
      return whole({ ...right, text: firstHalf(right.text) });
    case "cutBody":
      return { transfer: "half", answer: right, delayMs: 0 };
    case "noSecret": {
      const { signing_secret: _, ...rest } = fieldsOf(right);
      return whole({ ...right, text: JSON.stringify(rest) });
    }
    case "secret": {
      const fields = { ...fieldsOf(right), signing_secret: fault.value };
      return whole({ ...right, text: JSON.stringify(fields) });
    }
    case "huge":
      return whole({ ...right, text: " ".repeat(fault.bytes ?? TEN_MIB) + right.text });
    case "endless":
      return { transfer: "endless", answer: right, delayMs: 0 };
    case "drip":
      return { transfer: "drip", answer: right, delayMs: fault.delayMs ?? 100 };
    case "redirect": {
      const headers = { ...right.headers, location: fault.location };
      return whole({ status: fault.status ?? 307, text: "", headers });
    }
  }
}

function withRetryAfter(answer: Answer, fault: Fault & { kind: "status" }, now: Date): Answer {
  const { retryAfter, retryAfterAs = "seconds" } = fault;
  if (retryAfter === undefined) return answer;
  const value =
    retryAfterAs === "seconds"
      ? String(retryAfter)
      : new Date(now.getTime() + retryAfter * 1000).toUTCString();
  return { ...answer, headers: { ...answer.headers, "retry-after": value } };
}

function fieldsOf({ text }: Answer): Record<string, unknown> {
  return JSON.parse(text || "{}") as Record<string, unknown>;
}
