import { DiagnosticError } from "../plugin/framework/diagnostic.js";
import { PolyaiError, type ErrorKind } from "../polyai/errors.js";
import { diagnose, type Attempt } from "./errors.js";

/** @throws DiagnosticError if the API refuses or does not answer */
export async function attempt<T>(call: Promise<T>, what: Attempt): Promise<T> {
  try {
    return await call;
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    throw new DiagnosticError(...diagnose(failure, what));
  }
}

/** The same for an object that may be gone: undefined if PolyAI does not know it. */
export const attemptUnlessGone = <T>(call: Promise<T>, what: Attempt): Promise<T | undefined> =>
  attempt(
    call.catch((failure: unknown) => {
      if (isNotFound(failure)) return undefined;
      throw failure;
    }),
    what,
  );

export const isNotFound = (failure: unknown): boolean =>
  failure instanceof PolyaiError && failure.kind === "not_found";

const PASSING: readonly ErrorKind[] = [
  "server",
  "rate_limited",
  "timeout",
  "network",
  "tls",
  "proxy",
  "cancelled",
];

/** True for a failure that says nothing about the object, and may pass by itself. */
export const isPassing = ({ kind }: PolyaiError): boolean => PASSING.includes(kind);
