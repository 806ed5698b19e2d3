import type { PolyaiClient } from "../../../src/polyai/client.js";
import type { Repeat } from "../../../src/polyai/operation.js";
import { closeAll, connect, ENDPOINT_ID, failureOf, json, RULE_ID, serve } from "./server.js";

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
  [301, "redirect", false, false],
  [302, "redirect", false, false],
  [303, "redirect", false, true],
  [307, "redirect", false, false],
  [308, "redirect", false, false],
  [400, "validation", false, false],
  [401, "unauthorized", false, false],
  [403, "forbidden", false, false],
  [404, "not_found", false, false],
  [405, "refused", false, false],
  [408, "timeout", true, false],
  [409, "conflict", false, false],
  [413, "refused", false, false],
  [422, "validation", false, false],
  [425, "refused", false, false],
  [429, "rate_limited", true, false],
  [500, "server", true, true],
  [501, "server", false, true],
  [502, "server", true, true],
  [503, "server", true, true],
  [504, "server", true, true],
  [520, "server", false, true],
] as const;

describe.each(Object.entries(OPERATIONS))("an operation that is %s", (repeat, run) => {
  it.each(STATUSES)("answers %i as %s", async (status, kind, retried, mayHaveActed) => {
    // A delete's success has no body.
    const body = status === 200 ? "[]" : status === 204 ? "" : '{"message":"Said."}';
    const api = await serve(json(status, body, { "x-polyai-correlation-id": "corr-1" }));
    const { client, waits } = connect(api.url, { maxRetries: 2 });
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
      region: "us",
      apiKeySource: "the environment variable POLYAI_API_KEY",
    });
    expect(error.serverMessage).toBe(status >= 400 ? "Said." : undefined);
    expect(api.seen).toHaveLength(attempts);
    expect(waits).toEqual([250, 500].slice(0, attempts - 1));
  });
});

it("takes a 503 that says when to come back as one that did nothing", async () => {
  const api = await serve(json(503, {}, { "retry-after": "1" }));
  const { rotate } = connect(api.url, { maxRetries: 1 });
  const error = await failureOf(rotate());
  expect(error).toMatchObject({ kind: "server", status: 503, attempts: 2, ambiguous: false });
});
