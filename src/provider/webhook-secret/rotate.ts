import { error, DiagnosticError, type Diagnostic } from "../../plugin/framework/diagnostic.js";
import { PolyaiError } from "../../polyai/errors.js";
import type { Client } from "../client.js";
import { diagnose } from "../errors.js";
import { fingerprintOf, shownOf } from "../fingerprint.js";
import { mayBeDead } from "./messages.js";
import type { Store } from "./storage.js";

/** The secret that is changed, and the object for which it is. */
export interface Target {
  readonly client: Client;
  /** The endpoint's id. */
  readonly id: string;
  readonly instance: string;
}

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
export const rotate = (target: Target, store: Store, previous: string | null) =>
  endpointOf(target).inTurn(async () => {
    const secret = await rotatedSecret(target);
    const shown = take(target, secret);
    try {
      return { ...(await store(secret, previous)), ...shown, rotated_at: isoNow(target.client) };
    } catch {
      // Whatever was thrown may quote the secret.
      throw new RotationError(
        [
          error(
            `Could not store the new signing secret of ${target.id}`,
            `PolyAI has rotated it, and encrypting the new secret failed. This is a fault in the provider: please report it.\n\n${mayBeDead(target.id)}`,
            "encrypt_to",
          ),
        ],
        true,
        false,
      );
    }
  });

/**
 * Rotates once, to a secret that nobody gets, unless another object of the endpoint has changed the
 * secret in this process, or is known to stay with it: the other's must live.
 *
 * @returns true if it rotated
 */
export const invalidate = (target: Target): Promise<boolean> =>
  endpointOf(target).inTurn(async () => {
    const { kept } = endpointOf(target);
    const stays = kept.than(target.instance).some(({ prior }) => prior?.trusted === true);
    const successor = endpointOf(target).changedByAnother(target.instance);
    if (stays || successor?.fingerprint !== undefined) return false;
    take(target, await rotatedSecret(target));
    return true;
  });

/**
 * Takes a secret that is valid already, and gives what a state holds of it.
 *
 * @throws DiagnosticError `dead` if another object has changed the endpoint's secret in this process
 */
export const adopt = (
  target: Target,
  secret: string,
  store: Store,
  previous: string | null,
  dead: Diagnostic,
) =>
  endpointOf(target).inTurn(async () => {
    const other = endpointOf(target).changedByAnother(target.instance);
    if (other !== undefined && other.fingerprint !== fingerprintOf(secret)) {
      throw new DiagnosticError(dead);
    }
    const stored = await store(secret, previous);
    return { ...stored, ...take(target, secret), rotated_at: null };
  });

/** The time in RFC 3339. */
export const isoNow = ({ api }: Client): string => new Date(api.timing.now()).toISOString();

const endpointOf = ({ client, id }: Target) => client.endpoint(id);

/** From now on this is the endpoint's secret. */
function take(target: Target, secret: string) {
  const shown = shownOf(secret);
  endpointOf(target).changed = { by: target.instance, fingerprint: shown.fingerprint };
  return shown;
}

async function rotatedSecret(target: Target): Promise<string> {
  const { client, id, instance } = target;
  try {
    const { signingSecret } = await client.api.webhookEndpoints.rotateSecret(id);
    return signingSecret;
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    const { ambiguous, kind } = failure;
    if (ambiguous) endpointOf(target).changed = { by: instance, fingerprint: undefined };
    throw new RotationError(
      diagnose(failure, {
        action: `rotate the signing secret of ${id}`,
        at: "endpoint_id",
        ifAmbiguous: mayBeDead(id),
      }),
      ambiguous,
      kind === "not_found" && !ambiguous,
    );
  }
}
