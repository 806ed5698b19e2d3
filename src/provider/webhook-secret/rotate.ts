import { error, DiagnosticError, type Diagnostic } from "../../plugin/framework/diagnostic.js";
import { PolyaiError } from "../../polyai/errors.js";
import type { Client } from "../client.js";
import { diagnose } from "../errors.js";
import { fingerprintOf } from "../fingerprint.js";
import { mayBeDead } from "./messages.js";
import type { Store } from "./storage.js";

/** A rotation that brought no secret. */
export class RotationError extends DiagnosticError {
  constructor(
    diagnostics: readonly [Diagnostic, ...Diagnostic[]],
    /** True if PolyAI may have rotated all the same. */
    readonly ambiguous: boolean,
    readonly endpointGone: boolean,
  ) {
    super(...diagnostics);
  }
}

/**
 * Rotates once and gives what a state holds of the new secret.
 *
 * @param previous the secret until now, if the state has it
 * @throws RotationError if no new secret arrived or could be stored
 */
export async function rotate(
  client: Client,
  endpoint: string,
  store: Store,
  previous: string | null,
) {
  const secret = await rotatedSecret(client, endpoint);
  const taken = take(client, endpoint, secret);
  try {
    return {
      ...(await store(secret, previous)),
      ...taken,
      rotated_at: new Date().toISOString(),
    };
  } catch {
    // Whatever was thrown may quote the secret.
    throw new RotationError(
      [
        error(
          `Could not store the new signing secret of ${endpoint}`,
          `PolyAI has rotated it, and encrypting the new secret failed. This is a fault in the provider: please report it.\n\n${mayBeDead(endpoint)}`,
          "encrypt_to",
        ),
      ],
      true,
      false,
    );
  }
}

/** Rotates once, to a secret that nobody gets. */
export const invalidate = async (client: Client, endpoint: string): Promise<void> => {
  take(client, endpoint, await rotatedSecret(client, endpoint));
};

/** Takes a secret that is valid already, and gives what a state holds of it. */
export const adopt = async (
  client: Client,
  endpoint: string,
  secret: string,
  store: Store,
  previous: string | null,
) => ({
  ...(await store(secret, previous)),
  ...take(client, endpoint, secret),
  rotated_at: null,
});

/** From now on this is the endpoint's secret. */
function take(client: Client, endpoint: string, secret: string) {
  const fingerprint = fingerprintOf(secret);
  client.rotated.set(endpoint, fingerprint);
  return { fingerprint };
}

async function rotatedSecret(client: Client, endpoint: string): Promise<string> {
  try {
    const { signingSecret } = await client.api.webhookEndpoints.rotateSecret(endpoint);
    return signingSecret;
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    throw new RotationError(
      diagnose(failure, {
        action: `rotate the signing secret of ${endpoint}`,
        at: "endpoint_id",
        ifAmbiguous: mayBeDead(endpoint),
      }),
      failure.ambiguous,
      failure.kind === "not_found",
    );
  }
}
