/**
 * Planning a new resource asks for its endpoint, once in a process. What PolyAI answers is certain,
 * so a refusal is an error; no answer is a warning, since the apply may get one.
 */
import { isUnknown } from "../../plugin/cty/value.js";
import type { Diagnostic } from "../../plugin/framework/diagnostic.js";
import type { ConfigOf } from "../../plugin/schema/values.js";
import { PolyaiError } from "../../polyai/errors.js";
import { isPassing } from "../api-calls.js";
import type { Client } from "../client.js";
import { diagnose } from "../errors.js";
import { endsCurrent, unchecked } from "./messages.js";
import type { Attributes } from "./schema.js";

export async function firstLook(
  client: Client | undefined,
  { endpoint_id: id, initial_secret, initial_secret_wo }: ConfigOf<Attributes>,
): Promise<readonly Diagnostic[]> {
  if (client === undefined || isUnknown(id)) return [];
  const endpoint = client.endpoint(id);
  // The end of an object that is replaced or renamed is planned, and needs no warning.
  const { met } = endpoint;
  const found = await (endpoint.look ??= look(client, id));
  if (found.length > 0 || met) return found;
  return initial_secret === null && initial_secret_wo === null ? [endsCurrent(id)] : [];
}

async function look(client: Client, id: string): Promise<readonly Diagnostic[]> {
  try {
    await client.api.webhookEndpoints.get(id);
    return [];
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    const problems = diagnose(failure, {
      action: `read webhook endpoint ${id}`,
      at: "endpoint_id",
    });
    return isPassing(failure) ? [unchecked(id, problems[0].detail)] : problems;
  }
}
