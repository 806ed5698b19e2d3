import { MAX_ROTATE_AFTER_DAYS } from "../../facts.js";
import {
  mapOf,
  nullable,
  number,
  setOf,
  string,
  type Validator,
} from "../../plugin/schema/attribute.js";
import { defineSchema } from "../../plugin/schema/define.js";
import {
  atLeast,
  atMost,
  integer,
  matches,
  notEmpty,
  oneOf,
} from "../../plugin/schema/validators.js";
import type { StateOf } from "../../plugin/schema/values.js";
import { isStorable } from "../../polyai/shape.js";
import { ageRecipient, noMixedRecipients } from "./age.js";
import { shownOf } from "../fingerprint.js";
import { webhookEndpointId } from "../ids.js";

const knownSecret = matches(
  /^[^\s\p{C}]+$/u,
  "a secret: with no spaces, no invisible characters, and not empty",
);

/** The problem with a secret that did not come through Terraform, which normalizes text to NFC. */
export const knownSecretProblem: Validator<string> = (text) =>
  isStorable(text)
    ? knownSecret(text)
    : "Terraform normalizes text to NFC, so the state would hold another text than this one, which verifies nothing.";

export const schema = defineSchema({
  // No release has written version 0.
  version: 1,
  description:
    "The signing secret of a PolyAI webhook endpoint. Creating it rotates the secret, and so does every change of a trigger: PolyAI shows the new secret once, and the old one stops working immediately.",
  attributes: {
    id: string.computed({ description: "The endpoint's id." }),
    endpoint_id: string.required({
      description:
        "Id of the webhook endpoint whose secret this is, such as `whe_9ZtRcXw3nByK5pVqMaEfJs`. A change replaces the resource. One endpoint belongs in one resource of one state, workspaces included: two would invalidate each other's secret.",
      requiresReplace: true,
      validate: [webhookEndpointId],
    }),
    rotation_trigger: string.optional({
      description:
        'Any text. A change of it, adding and removing it included, rotates the secret in place. Numbers and booleans are taken as their text, so `1` and `"1"` are the same. Null and `""` are too.',
    }),
    rotation_triggers: mapOf(nullable(string)).optional({
      description:
        "The same for several reasons: a change of any element rotates. A null element counts as absent.",
    }),
    rotate_after_days: number.optional({
      description: `Age in whole days, 1 to ${String(MAX_ROTATE_AFTER_DAYS)}, from which on a plan rotates the secret; 5 % early (an hour at least, a day at most), so that a schedule of the same length keeps up. Nothing happens between plans: schedule \`terraform apply\` to rotate in time.`,
      validate: [
        integer,
        atLeast(1),
        atMost(
          MAX_ROTATE_AFTER_DAYS,
          "That is ten years: to rotate by triggers alone, leave it out.",
        ),
      ],
    }),
    on_destroy: string.defaulted({
      description:
        "`keep` (default): destroying the resource leaves the secret valid. `invalidate`: it rotates one last time, and nobody gets the new secret.",
      default: "keep",
      validate: [oneOf("keep", "invalidate")],
    }),
    encrypt_to: setOf(string).optional({
      description:
        "Who may read the secret: [age](https://age-encryption.org) recipients, `age1…` or `age1pq1…`. With it the secret is never in the state in plain text, only as `encrypted_signing_secret`. A change of the recipients rotates the secret in place: the provider cannot open the old one, which the old recipients know.",
      validate: [notEmpty, noMixedRecipients],
      validateElement: ageRecipient,
    }),
    initial_secret: string.optional({
      description:
        "A secret of the endpoint that is known already, such as the `signing_secret` of a new `polyai_webhook_endpoint`: creation adopts it instead of rotating. Nothing happens when it changes later. Leave it out if the secret may have been rotated since: PolyAI cannot be asked whether it is valid. With `encrypt_to`, use `initial_secret_wo`.",
      sensitive: true,
      validate: [knownSecret],
    }),
    initial_secret_wo: string.optional({
      description:
        "The same for `encrypt_to`: adopted at creation, and whenever `initial_secret_wo_version` changes to another number. It is write-only (Terraform and OpenTofu 1.11): in no plan or state.",
      sensitive: true,
      writeOnly: true,
      validate: [knownSecret],
    }),
    initial_secret_wo_version: number.optional({
      description: "A whole number that tells one `initial_secret_wo` from the next.",
      validate: [integer],
    }),
    signing_secret: string.computed({
      description:
        "The current secret. It is stored in the state, so keep the state where secrets may be kept. Null with `encrypt_to`.",
      sensitive: true,
    }),
    previous_signing_secret: string.computed({
      description:
        "The secret before the last rotation, null after creation and with `encrypt_to`. A receiver that still accepts it can verify deliveries that were signed before the rotation.",
      sensitive: true,
    }),
    encrypted_signing_secret: string.computed({
      description:
        "With `encrypt_to`, the current secret as an ASCII-armored age file. The ephemeral resource `polyai_webhook_secret` opens it, and so does `age -d`.",
    }),
    fingerprint: string.computed({
      description:
        "First 16 hex digits of SHA-256 of the secret: safe to show, to compare and to trigger on.",
    }),
    signing_secret_version: number.computed({
      description:
        "A number made of `fingerprint`, for `*_wo_version` arguments: another secret has another one.",
    }),
    rotation_count: number.computed({
      description:
        "How often this resource has changed the secret: by rotating, and by adopting another known one after creation. A replacement starts at 1.",
    }),
    rotated_at: string.computed({
      description:
        "When this resource last rotated the secret, RFC 3339 in UTC. Null while an adopted secret has not been rotated.",
    }),
    next_rotation_at: string.computed({
      description:
        "The time from which on a plan rotates the secret for its age, RFC 3339 in UTC. Null without `rotate_after_days`.",
    }),
    rotation_reason: string.computed({
      description:
        "Why the secret changed last, such as `created`, `trigger changed: image` or `rotation not confirmed`. It has no value of a trigger.",
    }),
  },
});

export type Attributes = (typeof schema)["attributes"];
export type State = StateOf<Attributes>;

export const NO_SECRET = {
  signing_secret: null,
  previous_signing_secret: null,
  encrypted_signing_secret: null,
  fingerprint: null,
  signing_secret_version: null,
  rotation_count: 0,
  rotated_at: null,
  next_rotation_at: null,
  rotation_reason: null,
};

/** The state of an endpoint's secret that nobody has given: the next apply rotates it. */
export const stateWithoutSecret = (id: string): State => ({
  id,
  endpoint_id: id,
  rotation_trigger: null,
  rotation_triggers: null,
  rotate_after_days: null,
  on_destroy: "keep",
  encrypt_to: null,
  initial_secret: null,
  initial_secret_wo: null,
  initial_secret_wo_version: null,
  ...NO_SECRET,
});

/** The state of an endpoint whose secret is known, though this resource has not made it. */
export const stateOfKnownSecret = (id: string, secret: string, rotation_reason: string): State => ({
  ...stateWithoutSecret(id),
  signing_secret: secret,
  ...shownOf(secret),
  rotation_reason,
});
