import type { PolyaiClient } from "../../../src/polyai/client.js";
import type { Repeat } from "../../../src/polyai/operation.js";
import { at, closeAll, connected, ENDPOINT_ID, failureOf, json, RULE_ID } from "./server.js";

afterEach(closeAll);

/** One operation of each kind of `Repeat`. */
const OPERATIONS: Readonly<Record<Repeat, (client: PolyaiClient) => Promise<unknown>>> = {
  safe: (c) => c.webhookEndpoints.list(),
  idempotent: (c) => c.alertRules.delete(RULE_ID),
  last_wins: (c) => c.webhookEndpoints.rotateSecret(ENDPOINT_ID),
  once: (c) => c.webhookEndpoints.create({ name: "n", url: "https://e.com", eventTypes: [] }),
};

/** status, kind, retried, may have acted */
const STATUSES = [
  [200, "invalid_response", true, true],
  [204, "invalid_response", true, true],
  [302, "redirect", false, true],
  [307, "redirect", false, true],
  [400, "validation", false, false],
  [401, "unauthorized", false, false],
  [403, "forbidden", false, false],
  [404, "not_found", false, false],
  [405, "refused", false, true],
  [408, "timeout", true, true],
  [409, "refused", false, true],
  [422, "validation", false, false],
  [425, "refused", false, true],
  [429, "rate_limited", true, false],
  [500, "server", true, true],
  [501, "server", false, true],
  [502, "server", true, true],
  [503, "server", true, true],
  [504, "server", true, true],
  [520, "server", false, true],
] as const;

describe.each(Object.entries(OPERATIONS))("an operation that is %s", (repeat, run) => {
  // A creation has a 409 of its own, and what asks for no object a 404 of its own, below.
  const hasId = repeat !== "once" && repeat !== "safe";
  const statuses = STATUSES.filter(
    ([status]) => (repeat !== "once" || status !== 409) && (hasId || status !== 404),
  );
  it.each(statuses)("answers %i as %s", async (status, kind, retried, mayHaveActed) => {
    // A delete's success has no body.
    const body = status === 200 ? "[]" : status === 204 ? "" : '{"message":"Said."}';
    const handler = json(status, body, { "x-polyai-correlation-id": "corr-1" });
    const { api, client, waits } = await connected(handler);
    if (repeat === "idempotent" && status === 204) {
      await run(client);
      return;
    }

    const error = await failureOf(run(client));

    const attempts = retried && !(repeat === "once" && mayHaveActed) ? 3 : 1;
    expect(error).toMatchObject({
      kind,
      status,
      attempts,
      ambiguous: mayHaveActed && repeat !== "safe",
      correlationId: "corr-1",
      place: at(api.url),
      apiKeySource: "the environment variable POLYAI_API_KEY",
    });
    expect(error.serverMessage).toBe(status >= 400 ? "Said." : undefined);
    expect(api.seen).toHaveLength(attempts);
    expect(waits).toEqual([250, 500].slice(0, attempts - 1));
  });
});

it("takes 409 to a creation for the account's limit, which made nothing", async () => {
  const { client } = await connected(json(409, { message: "Resource limit exceeded." }));
  const error = await failureOf(OPERATIONS.once(client));
  expect(error).toMatchObject({ kind: "conflict", attempts: 1, ambiguous: false });
});

it.each(["safe", "once"] as const)(
  "takes a 404 to what asks for no object, such as one that is %s, for a wrong base URL",
  async (repeat) => {
    const { api, client } = await connected(json(404, { message: "No such route" }));
    const error = await failureOf(OPERATIONS[repeat](client));
    expect(error).toMatchObject({ kind: "refused", status: 404, attempts: 1, ambiguous: false });
    expect(error.message).toContain(`This base URL has no such path: ${api.url}.`);
  },
);

it("takes a 404 that is not in PolyAI's words for no answer of PolyAI's", async () => {
  const { client } = await connected(json(404, { detail: "Not Found" }));
  const error = await failureOf(client.webhookEndpoints.get(ENDPOINT_ID));
  expect(error).toMatchObject({ kind: "refused", status: 404 });
  expect(error.message).toContain("does not come from PolyAI");
});
