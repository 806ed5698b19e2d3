import { randomUUID } from "node:crypto";
import type { Outcome } from "../../plugin/framework/resource.js";
import type { Client } from "../client.js";
import { assertImportId, webhookEndpointId } from "../ids.js";
import { seenBy } from "../settings.js";
import { takenOver } from "./adopt.js";
import { settled } from "./private.js";
import { isoNow } from "./rotate.js";
import { stateOfKnownSecret, stateWithoutSecret, type State } from "./schema.js";

/** Takes over an endpoint's secret, which nothing but POLYAI_SIGNING_SECRET can give. */
export function importState(client: Client, id: string): Outcome<State> {
  assertImportId(webhookEndpointId, id);
  const secret = client.knownSecret.adoptFor(id);
  const privateState = settled({ instance: randomUUID(), ...seenBy(client, id) });
  if (secret === undefined) return { state: stateWithoutSecret(id), privateState };
  return {
    state: {
      ...stateOfKnownSecret(id, secret, "imported"),
      // Null on purpose: it makes the first apply an update, which records the triggers.
      on_destroy: null,
    },
    privateState: { ...privateState, adopting: true, adoptedAt: isoNow(client) },
    diagnostics: [takenOver("POLYAI_SIGNING_SECRET")],
  };
}
