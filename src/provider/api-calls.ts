import { error, DiagnosticError } from "../plugin/framework/diagnostic.js";
import type { PrivateState } from "../plugin/framework/resource.js";
import { PolyaiError } from "../polyai/errors.js";
import type { Client } from "./client.js";
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
      if (failure instanceof PolyaiError && failure.kind === "not_found") return undefined;
      throw failure;
    }),
    what,
  );

/** Kept beside the state of each object. */
interface Made extends PrivateState {
  /** The API's URL when the object was last seen. */
  readonly origin?: string;
}

export const madeAt = ({ origin }: Client): Made => ({ origin });

/**
 * Another region knows none of the objects; that must not empty the state.
 *
 * @throws DiagnosticError if the object was last seen at another origin than is asked now
 */
export function assertSameOrigin(
  { origin: asked }: Client,
  privateState: PrivateState,
  { action }: Attempt,
): void {
  const { origin } = privateState as Made;
  if (origin === undefined || origin === asked) return;
  throw new DiagnosticError(
    error(
      `Could not ${action}`,
      `It was last seen at ${origin}, and the provider now asks ${asked}, which does not know it. The state is kept as it is. Set the provider's region (or base_url) back, or remove the resource from the state with "terraform state rm" if you mean to leave it.`,
    ),
  );
}
