/**
 * Planning a new resource asks for its endpoint, once in a process. What PolyAI answers is certain,
 * so a refusal is an error; no answer is a warning, since the apply may get one. It is an error for
 * a replacement: were the endpoint refused at apply, core would leave the old object deposed.
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

/** @param replacing true if the object is known to replace another */
export async function firstLook(
  client: Client | undefined,
  { endpoint_id: id, initial_secret, initial_secret_wo }: ConfigOf<Attributes>,
  replacing: boolean,
): Promise<readonly Diagnostic[]> {
  if (client === undefined || isUnknown(id)) return [];
  const endpoint = client.endpoint(id);
  // The end of an object that is replaced or renamed is planned, and needs no warning.
  const { met } = endpoint;
  const failure = await (endpoint.look ??= look(client, id));
  if (failure !== undefined) {
    const action = `read webhook endpoint ${id}`;
    const [problem, ...others] = diagnose(failure, { action, at: "endpoint_id" });
    if (isPassing(failure) && !replacing) return [unchecked(id, problem.detail)];
    // Core plans the configuration before a destroy, too.
    const detail = `${problem.detail}${failure.kind === "not_found" && !replacing ? OF_DESTROY : ""}`;
    return [{ ...problem, detail }, ...others];
  }
  return met || initial_secret !== null || initial_secret_wo !== null ? [] : [endsCurrent(id)];
}

const OF_DESTROY =
  "\n\nIf this is a destroy: take the resource out of the configuration, and then the others can be destroyed.";

async function look(client: Client, id: string): Promise<PolyaiError | undefined> {
  try {
    await client.api.webhookEndpoints.get(id);
    return undefined;
  } catch (failure) {
    if (failure instanceof PolyaiError) return failure;
    throw failure;
  }
}
