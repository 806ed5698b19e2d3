import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import {
  ask,
  ENDPOINT,
  operations,
  startHost,
  Story,
  summaries,
  unknownNames,
} from "../support/provider.js";

const TYPE = "polyai_webhook_endpoint";

let simulator: Simulator;
let story: Story;
beforeEach(async () => {
  simulator = await startSimulator();
  story = new Story(await startHost(simulator), TYPE, ENDPOINT);
});
afterEach(() => simulator.close());

const path = (): string => `/v1/webhook-endpoints/${story.id}`;
const endpoint = () => ask(simulator, "GET", path());

describe("creation", () => {
  it("sends every setting and keeps the secret that is shown once", async () => {
    const headers = new Map([["X-Token", "hunter2"]]);
    const settings = { timeout_ms: 1000, enabled: false };
    const { id, created_at, updated_at, signing_secret } = await story.apply({
      headers,
      ...settings,
    });
    expect(await endpoint()).toEqual({
      ...ENDPOINT,
      ...settings,
      id,
      headers: { "X-Token": "hunter2" },
      created_at,
      updated_at,
    });
    expect(signing_secret).toBe(simulator.currentSecret(story.id));
  });

  it("keeps the secret of an endpoint that cannot be read yet", async () => {
    simulator.setFault({ kind: "status", status: 500, operation: "getWebhookEndpoint" });
    const { signing_secret } = await story.apply();
    expect(signing_secret).toBe(simulator.currentSecret(story.id));
  });
});

describe("an update", () => {
  it("is in place, knows all but updated_at, and keeps the secret", async () => {
    const { signing_secret } = await story.apply();
    const plan = await story.plan({ enabled: false });
    expect([plan.diagnostics, unknownNames(plan), plan.requiresReplace]).toEqual([
      [],
      ["updated_at"],
      [],
    ]);
    expect(await story.applyPlan(plan)).toMatchObject({ signing_secret });
  });

  it.each([
    ["its headers", { headers: new Map([["A", "1"]]) }, { headers: {} }],
    ["timeout_ms", { timeout_ms: 9000 }, { timeout_ms: 5000 }],
    ["enabled", { enabled: false }, { enabled: true }],
  ])("that leaves %s out puts the default back", async (_, given, expected) => {
    await story.apply(given);
    await story.apply();
    expect(await endpoint()).toMatchObject(expected);
  });

  it("between no headers and an empty map asks nothing of the API", async () => {
    await story.apply();
    simulator.clearRequests();
    const updated = await story.apply({ headers: new Map() });
    expect(updated["headers"]).toEqual(new Map());
    expect(operations(simulator)).toEqual([]);
    expect((await story.read()).state).toEqual(updated);
  });
});

describe("reading", () => {
  it("finds headers that somebody else changed, and the next plan puts them back", async () => {
    const config = { headers: new Map([["a", "1"]]) };
    const { signing_secret } = await story.apply(config);
    await ask(simulator, "PATCH", path(), { headers: { b: "2" } });
    const headers = new Map([["b", "2"]]);
    expect((await story.read()).state).toMatchObject({ headers, signing_secret });
    await story.apply(config);
    expect(await endpoint()).toMatchObject({ headers: { a: "1" } });
  });

  it("keeps the planned text if the API writes the same in another way", async () => {
    const config = {
      name: "Alerts ",
      url: "https://EXAMPLE.com",
      headers: new Map([["X-Token", "t"]]),
    };
    await story.apply(config);
    await ask(simulator, "PATCH", path(), {
      name: "Alerts",
      url: "https://example.com/",
      headers: { "x-token": "t " },
    });
    expect((await story.read()).state).toMatchObject(config);
  });
});

const headers = (...names: readonly string[]): ObjectValue => ({
  headers: new Map(names.map((name) => [name, "value"])),
});

describe("validation", () => {
  it.each<[string, ObjectValue, string]>([
    ["a name of 256 characters", { name: "n".repeat(256) }, "Invalid name"],
    ["plain http", { url: "http://example.com/" }, "Invalid url"],
    ["a URL without a host", { url: "https:///x" }, "Invalid url"],
    ["a header's name that may be a secret", headers("a b"), "Invalid headers"],
    [
      "a header that PolyAI sets",
      headers("x-polyai-signature"),
      'Invalid headers["x-polyai-signature"]',
    ],
    ["a header of HTTP itself", headers("Host"), 'Invalid headers["Host"]'],
    ["one header twice", headers("X-A", "x-a"), "Invalid headers"],
    ["a timeout that is too short", { timeout_ms: 999 }, "Invalid timeout_ms"],
    ["a timeout that is too long", { timeout_ms: 30_001 }, "Invalid timeout_ms"],
  ])("refuses %s", async (_, wrong, summary) => {
    const diagnostics = await story.host.validate(TYPE, { ...ENDPOINT, ...wrong });
    expect(summaries(diagnostics)).toEqual([`error: ${summary}`]);
  });

  it.each<[string, ObjectValue]>([
    ["the longest", { name: "🎈".repeat(255), timeout_ms: 30_000 }],
    ["a URL with a port, a query and an IPv6 host", { url: "https://[::1]:8443/a?b=c" }],
  ])("takes %s, and so does the API", async (_, config) => {
    expect(await story.host.validate(TYPE, { ...ENDPOINT, ...config })).toEqual([]);
    expect(await story.apply(config)).toMatchObject(config);
  });
});
