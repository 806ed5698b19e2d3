import { DiagnosticError, type Diagnostic } from "../plugin/framework/diagnostic.js";
import { redact } from "../plugin/logging/redaction.js";
import { PolyaiError } from "../polyai/errors.js";
import type { Client } from "./client.js";
import { diagnose } from "./errors.js";
import { fingerprintOf } from "./rotation.js";
import { withWarningOfDeadSecret } from "./rotation-diagnostics.js";

/** A rotation that brought no secret. */
export class RotationError extends DiagnosticError {
  constructor(
    diagnostics: readonly [Diagnostic, ...Diagnostic[]],
    /** Whether PolyAI may have rotated all the same. */
    readonly ambiguous: boolean,
    readonly endpointGone: boolean,
  ) {
    super(...diagnostics);
  }
}

/**
 * Rotates once and gives what a state holds of the new secret.
 *
 * @throws RotationError where no new secret arrived
 */
export async function rotate(client: Client, endpoint: string) {
  try {
    const { signingSecret } = await client.api.webhookEndpoints.rotateSecret(endpoint);
    redact(signingSecret);
    const fingerprint = fingerprintOf(signingSecret);
    client.rotated.set(endpoint, fingerprint);
    return {
      signing_secret: signingSecret,
      fingerprint,
      rotated_at: new Date().toISOString(),
    };
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    const cause = diagnose(failure, {
      action: `rotate the signing secret of ${endpoint}`,
      at: "endpoint_id",
    });
    throw new RotationError(
      failure.ambiguous ? withWarningOfDeadSecret(cause, endpoint) : cause,
      failure.ambiguous,
      failure.kind === "not_found",
    );
  }
}
