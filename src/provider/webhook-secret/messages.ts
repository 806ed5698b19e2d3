import { error, warning, type Diagnostic } from "../../plugin/framework/diagnostic.js";
import { ageOf, type Rotation, type RotationInputs } from "./decide.js";

interface Destroyed {
  readonly endpoint_id: string;
  readonly on_destroy: string | null;
}

interface Rotating {
  readonly endpoint_id: string;
  readonly rotated_at: string | null;
  readonly encrypt_to: readonly string[] | null;
}

/** Tells what an unanswered rotation means for the receivers. */
export const mayBeDead = (endpoint: string): string =>
  `The secret of ${endpoint} may have changed all the same, without the new one arriving here: receivers may be refusing deliveries now. Apply again as soon as PolyAI can be reached: the next apply rotates once more and stores the secret that is then valid.`;

/**
 * The consequences of destroying the object, unless the same plan is known to take care of them.
 *
 * @param settled true if the plan gives the endpoint a new secret, or deletes it
 */
export function ofDestroying(
  { endpoint_id, on_destroy }: Destroyed,
  settled: boolean,
): readonly Diagnostic[] {
  if (settled) return [];
  return on_destroy === "invalidate"
    ? [
        warning(
          `Destroying it rotates the secret of ${endpoint_id} one last time`,
          "Nobody gets the new secret, and receivers with the old one refuse deliveries. If another resource holds the endpoint's secret too, such as one in another state or workspace, one left out by -target, or one whose turn does not come because the apply stops, that secret is dead afterwards: rotate it there.",
          "on_destroy",
        ),
      ]
    : [
        warning(
          `The secret of ${endpoint_id} is not rotated when it is destroyed`,
          'Unless the same apply rotates it elsewhere or deletes the endpoint, PolyAI goes on signing with it, and whoever has it can still sign deliveries. Set on_destroy = "invalidate" and apply before destroying, to have it rotated one last time.',
          "on_destroy",
        ),
      ];
}

/** Warns that creating the resource ends a secret that may be in use. */
export const endsCurrent = (endpoint: string): Diagnostic =>
  warning(
    `The current secret of ${endpoint} stops working`,
    `The endpoint exists already. Creating this resource rotates its secret, and receivers that verify with the current one refuse deliveries until they have the new one. To keep the current secret, if you know it, give it as initial_secret (with encrypt_to, as initial_secret_wo), or run "terraform import ADDRESS ${endpoint}" with the secret in POLYAI_SIGNING_SECRET instead of creating the resource. ${ADDRESS}`,
    "endpoint_id",
  );

/** Says what a plan does not know, since PolyAI could not be asked. */
export const unchecked = (endpoint: string, reason: string): Diagnostic =>
  warning(
    `Could not check webhook endpoint ${endpoint}`,
    `This plan does not know whether the endpoint exists, nor whether the API key is right, and applying it fails if either is not so. ${reason}`,
    "endpoint_id",
  );

const ADDRESS = "ADDRESS is the resource's, such as polyai_webhook_secret.main.";

/** The way to have an object take a secret that is valid already. */
const importAgain = (endpoint: string): string =>
  `run "terraform state rm ADDRESS" and then "terraform import ADDRESS ${endpoint}" with the secret in POLYAI_SIGNING_SECRET. ${ADDRESS}`;

/** Says that a known secret was given too late. */
export const notAdopted = (endpoint: string): Diagnostic =>
  warning(
    "initial_secret is not adopted by an update",
    `A known secret is adopted when the resource is created: also if this plan replaces it, and then without being checked. An update only notes that initial_secret has changed: the secret in the state stays, unless something else rotates it. If the secret that you give is the valid one, ${importAgain(endpoint)}`,
    "initial_secret",
  );

/** Refuses a plan that leaves one object of the endpoint with a secret that is dead, or may be. */
export const harmful = (endpoint: string): Diagnostic =>
  error(
    `Another object of ${endpoint} would be left with a dead secret`,
    `This plan destroys one object that holds the endpoint's secret and leaves another as it is. The secret that stays may be dead already, or the destroy rotates it. Plan without -refresh=false, and if that does not help, first apply a change of rotation_trigger with -target for the resource that stays.`,
    "endpoint_id",
  );

/** Says that the secret of an object that was to stay as it is has been rotated in the same apply. */
export const superseded = (endpoint: string): Diagnostic =>
  error(
    `The secret of ${endpoint} was rotated for another object`,
    `Another object of the endpoint was destroyed in this run, which rotated the secret that this one holds. ${mayBeDead(endpoint)}`,
    "endpoint_id",
  );

/** Refuses to invalidate for an object of which nothing is known. */
export const unread = (endpoint: string): Diagnostic =>
  error(
    `Could not invalidate the secret of ${endpoint}`,
    "This run has not read the object that it destroys, so it cannot tell whether another one holds the endpoint's secret by now. Nothing was rotated. Apply without -refresh=false, and with provider settings that are known at plan.",
    "on_destroy",
  );

export const sharedEndpoint = (endpoint: string): Diagnostic =>
  error(
    `Two resources rotate the secret of ${endpoint}`,
    "Each rotation invalidates the secret that the other resource holds. Keep one polyai_webhook_secret for each endpoint, in one state, and hand its signing_secret to whatever needs it.",
    "endpoint_id",
  );

/** Says why the plan rotates if the configuration does not show it. */
export function announce(
  { endpoint_id, rotated_at, encrypt_to: before }: Rotating,
  rotation: Rotation,
  encryptTo: RotationInputs["encrypt_to"],
  adoptedAt: string | undefined,
  now: number,
): readonly Diagnostic[] {
  if (rotation.kind !== "certain") return [];
  switch (rotation.reason) {
    case "trigger changed":
      return [];
    case "recipients changed":
      return [
        warning(
          `Rotation of ${endpoint_id}, since encrypt_to changes`,
          `${whyRecipientsRotate(before, encryptTo)} Applying this plan rotates it.`,
          "encrypt_to",
        ),
      ];
    case "rotation due": {
      const since = rotated_at ?? adoptedAt ?? "";
      return [
        warning(
          `Rotation of ${endpoint_id} is due`,
          ageOf(since, now) === undefined
            ? `The secret is in use since ${JSON.stringify(since)}, which is no time, or one in the future: its age is not known. Applying this plan rotates it.`
            : `The secret is in use since ${since}, which is as long as rotate_after_days allows. Applying this plan rotates it.`,
          "rotate_after_days",
        ),
      ];
    }
    case "rotation not confirmed":
      return [
        warning(
          `An earlier rotation of ${endpoint_id} was not confirmed`,
          "The secret in the state may have been invalidated without its successor arriving, or another object of the endpoint has rotated it or is about to. Receivers may be refusing deliveries now. Applying this plan rotates once more and stores the secret that is then valid.",
          "endpoint_id",
        ),
      ];
    case "secret not known":
      return [
        warning(
          `The signing secret of ${endpoint_id} is not known`,
          `It was imported or moved without it, and PolyAI shows a secret only once. Applying this plan rotates it. To keep a secret that you know, ${encryptTo === null ? importAgain(endpoint_id) : "give it as initial_secret_wo, with an initial_secret_wo_version."}`,
          "endpoint_id",
        ),
      ];
  }
}

function whyRecipientsRotate(
  before: readonly string[] | null,
  after: RotationInputs["encrypt_to"],
): string {
  if (before === null) {
    return "The secret in the state is there in plain text, and stays so in backups and earlier versions of the state: only a new one can be kept out of it. (A known secret is kept with initial_secret_wo.)";
  }
  if (after === null) {
    return "The state holds the secret as a ciphertext, which the provider cannot open. The new secret is in the state in plain text.";
  }
  return "The provider cannot open the ciphertext in the state to encrypt the secret to other recipients, and a recipient that is taken out knows the secret.";
}
