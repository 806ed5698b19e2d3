import { mapOf, number, string } from "../plugin/schema/attribute.js";
import { defineSchema } from "../plugin/schema/define.js";
import { atLeast, integer, oneOf } from "../plugin/schema/validators.js";
import type { StateOf } from "../plugin/schema/values.js";
import { webhookEndpointId } from "./ids.js";

export const schema = defineSchema({
  version: 1,
  description:
    "The signing secret of a PolyAI webhook endpoint. Creating it rotates the secret, and so does every change of a trigger: PolyAI shows the new secret once and invalidates the old one at once.",
  attributes: {
    id: string.computed({ description: "The endpoint's id." }),
    endpoint_id: string.required({
      description:
        "Id of the webhook endpoint whose secret this is, such as `whe_9ZtRcXw3nByK5pVqMaEfJs`. A change replaces the resource. One endpoint belongs in one resource: two would invalidate each other's secret.",
      requiresReplace: true,
      validate: [webhookEndpointId],
    }),
    rotation_trigger: string.optional({
      description:
        'Any text. A change of it, adding and removing it included, rotates the secret in place. Numbers and booleans are taken as their text, so `1` and `"1"` are the same trigger.',
    }),
    rotation_triggers: mapOf(string).optional({
      description:
        "The same for several reasons at once: a change of any element rotates the secret in place.",
    }),
    rotate_after_days: number.optional({
      description:
        "Age in whole days, at least 1, from which on a plan rotates the secret. Nothing happens between plans: schedule `terraform apply` to rotate in time.",
      validate: [integer, atLeast(1)],
    }),
    on_destroy: string.defaulted({
      description:
        "What destroying the resource does to the secret. `keep` (default): nothing, it stays valid. `invalidate`: one last rotation, whose secret is thrown away, so that nothing outside PolyAI knows a valid one.",
      default: "keep",
      validate: [oneOf("keep", "invalidate")],
    }),
    signing_secret: string.computed({
      description:
        "The current secret. It is stored in the state, so keep the state where secrets may be kept.",
      sensitive: true,
    }),
    previous_signing_secret: string.computed({
      description:
        "The secret before the last rotation, null after creation. PolyAI signs with it no longer; a receiver that still accepts it can verify deliveries that were signed before the rotation.",
      sensitive: true,
    }),
    fingerprint: string.computed({
      description:
        "First 16 hex digits of SHA-256 of the secret: safe to show, to compare and to trigger on.",
    }),
    rotation_count: number.computed({
      description:
        "How often this resource has rotated the secret. It fits `*_wo_version` arguments.",
    }),
    rotated_at: string.computed({
      description:
        "When this resource last rotated the secret, RFC 3339 in UTC. Null where an imported secret was adopted and has not been rotated since.",
    }),
  },
});

export type Attributes = (typeof schema)["attributes"];
export type State = StateOf<Attributes>;
