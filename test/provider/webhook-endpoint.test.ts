import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import type { Host, Instance } from "../support/host.js";
import { apply, ask, idOf, operations, startHost, summaries, unknownNames } from "./support.js";

const TYPE = "polyai_webhook_endpoint";
const CONFIG: ObjectValue = {
  name: "Production alerts",
  url: "https://example.com/webhooks/polyai",
  event_types: ["alerts.triggered"],
};

let simulator: Simulator;
let host: Host;
beforeEach(async () => {
  simulator = await startSimulator();
  host = await startHost(simulator);
});
afterEach(() => simulator.close());

const create = (config: ObjectValue = CONFIG): Promise<Instance> => apply(host, TYPE, config);
const pathOf = (instance: Instance): string => `/v1/webhook-endpoints/${idOf(instance)}`;
const endpointOf = (instance: Instance) => ask(simulator, "GET", pathOf(instance));

describe("creation", () => {
  it("plans what the practitioner gives and the defaults, and nothing else", async () => {
    const plan = await host.plan(TYPE, CONFIG);
    expect(plan.diagnostics).toEqual([]);
    expect(unknownNames(plan)).toEqual(["created_at", "id", "signing_secret", "updated_at"]);
    expect(plan.planned).toMatchObject({
      ...CONFIG,
      headers: null,
      timeout_ms: 5000,
      enabled: true,
    });
    expect(operations(simulator)).toEqual([]);
  });

  it("sends every setting and keeps the secret that is shown once", async () => {
    const headers = new Map([["X-Token", "hunter2"]]);
    const created = await create({ ...CONFIG, headers, timeout_ms: 1000, enabled: false });
    expect(await endpointOf(created)).toEqual({
      ...CONFIG,
      id: created.state?.["id"],
      headers: { "X-Token": "hunter2" },
      timeout_ms: 1000,
      enabled: false,
      created_at: created.state?.["created_at"],
      updated_at: created.state?.["updated_at"],
    });
    expect(created.state?.["signing_secret"]).toBe(simulator.currentSecret(idOf(created)));
  });

  it("waits until the endpoint can be read", async () => {
    simulator.setFault({ kind: "status", status: 404, operation: "getWebhookEndpoint", times: 2 });
    await create();
    expect(operations(simulator)).toEqual([
      "createWebhookEndpoint",
      "getWebhookEndpoint",
      "getWebhookEndpoint",
      "getWebhookEndpoint",
    ]);
  });

  it("keeps an endpoint in the state that cannot be read for long, with a warning", async () => {
    simulator.setFault({ kind: "status", status: 404, operation: "getWebhookEndpoint" });
    const created = await host.apply(TYPE, await host.plan(TYPE, CONFIG));
    const id = idOf(created);
    expect(summaries(created.diagnostics)).toEqual([
      `warning: Webhook endpoint ${id} cannot be read yet`,
    ]);
    expect(created.state?.["signing_secret"]).toBe(simulator.currentSecret(id));
  });

  it("keeps an endpoint in the state whose first reading fails", async () => {
    simulator.setFault({ kind: "status", status: 500, operation: "getWebhookEndpoint" });
    expect((await create()).state?.["id"]).toMatch(/^whe_/);
  });

  it("beyond the account's limit says so", async () => {
    await simulator.seedEndpoints(10);
    const { state, diagnostics } = await host.apply(TYPE, await host.plan(TYPE, CONFIG));
    expect(state).toBeNull();
    expect(summaries(diagnostics)).toEqual([
      'error: Could not create webhook endpoint "Production alerts"',
    ]);
    expect(diagnostics[0]?.detail).toContain("maximum of 10 webhook endpoints");
  });

  it("without an answer warns that there may be one now", async () => {
    simulator.setFault({ kind: "cut", operation: "createWebhookEndpoint", afterActing: true });
    const { state, diagnostics } = await host.apply(TYPE, await host.plan(TYPE, CONFIG));
    expect(state).toBeNull();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.detail).toContain("polyai_webhook_endpoints");
    expect(operations(simulator)).toEqual(["createWebhookEndpoint"]);
  });
});

describe("an update", () => {
  it("is in place and knows all but updated_at", async () => {
    const prior = await create();
    const plan = await host.plan(TYPE, { ...CONFIG, enabled: false }, prior);
    expect(unknownNames(plan)).toEqual(["updated_at"]);
    expect(plan.requiresReplace).toEqual([]);
  });

  it("sends only what changed", async () => {
    const prior = await create({ ...CONFIG, timeout_ms: 2000 });
    // Somebody else's change that no refresh has seen yet is left alone.
    await ask(simulator, "PATCH", pathOf(prior), {
      name: "Theirs",
      event_types: ["alerts.resolved"],
    });
    const url = "https://example.com/v2";
    const updated = await apply(host, TYPE, { ...CONFIG, url, timeout_ms: 2000 }, prior);
    expect(await endpointOf(updated)).toMatchObject({
      url,
      name: "Theirs",
      event_types: ["alerts.resolved"],
      timeout_ms: 2000,
      updated_at: updated.state?.["updated_at"],
    });
    expect(updated.state).toMatchObject({
      id: prior.state?.["id"],
      created_at: prior.state?.["created_at"],
      signing_secret: prior.state?.["signing_secret"],
    });
  });

  it.each([
    ["its headers", { headers: new Map([["A", "1"]]) }, { headers: {} }],
    ["timeout_ms", { timeout_ms: 9000 }, { timeout_ms: 5000 }],
    ["enabled", { enabled: false }, { enabled: true }],
  ])("that leaves %s out puts the default back", async (_, given, expected) => {
    const prior = await create({ ...CONFIG, ...given });
    expect(await endpointOf(await apply(host, TYPE, CONFIG, prior))).toMatchObject(expected);
  });

  it("between no headers and an empty map asks nothing of the API", async () => {
    const prior = await create();
    simulator.clearRequests();
    const updated = await apply(host, TYPE, { ...CONFIG, headers: new Map() }, prior);
    expect(updated.state?.["headers"]).toEqual(new Map());
    expect(operations(simulator)).toEqual([]);
    expect((await host.read(TYPE, updated)).state).toEqual(updated.state);
  });

  it("that the API refuses leaves the state, and names the attribute", async () => {
    const prior = await create();
    const message = "body.url: host cannot be resolved";
    simulator.setFault({
      kind: "status",
      status: 422,
      message,
      operation: "updateWebhookEndpoint",
    });
    const plan = await host.plan(TYPE, { ...CONFIG, url: "https://nowhere.invalid/" }, prior);
    const { state, diagnostics } = await host.apply(TYPE, plan);
    expect(state).toEqual(prior.state);
    expect(diagnostics[0]?.detail).toContain(message);
    expect(diagnostics[0]?.attribute).toEqual([{ kind: "attribute", name: "url" }]);
  });
});

describe("reading", () => {
  it("changes nothing where nothing changed", async () => {
    const created = await create({ ...CONFIG, headers: new Map([["a", "1"]]) });
    expect((await host.read(TYPE, created)).state).toEqual(created.state);
  });

  it("finds what somebody else changed, and the next plan puts it back", async () => {
    const created = await create({ ...CONFIG, headers: new Map([["a", "1"]]) });
    const drift = {
      name: "Theirs",
      url: "https://example.org/",
      event_types: ["alerts.resolved"],
      headers: { b: "2" },
      timeout_ms: 30_000,
      enabled: false,
    };
    await ask(simulator, "PATCH", pathOf(created), drift);
    const read = await host.read(TYPE, created);
    expect(read.state).toMatchObject({ ...drift, headers: new Map([["b", "2"]]) });
    expect(read.state?.["signing_secret"]).toBe(created.state?.["signing_secret"]);
    const config = { ...CONFIG, headers: new Map([["a", "1"]]) };
    const restored = await apply(host, TYPE, config, read);
    expect(await endpointOf(restored)).toMatchObject({ ...CONFIG, headers: { a: "1" } });
  });

  it("keeps the planned text where the API writes the same in another way", async () => {
    const config = {
      ...CONFIG,
      name: "Alerts ",
      url: "https://EXAMPLE.com",
      headers: new Map([["X-Token", "t"]]),
    };
    const created = await create(config);
    await ask(simulator, "PATCH", pathOf(created), {
      name: "Alerts",
      url: "https://example.com/",
      headers: { "x-token": "t " },
    });
    expect((await host.read(TYPE, created)).state).toMatchObject(config);
  });

  it("gives up an endpoint that is gone, with a warning", async () => {
    const created = await create();
    const id = idOf(created);
    await simulator.deleteEndpoint(id);
    const read = await host.read(TYPE, created);
    expect(read.state).toBeNull();
    expect(summaries(read.diagnostics)).toEqual([`warning: Webhook endpoint ${id} is gone`]);
  });

  it("does not give up an endpoint of another region", async () => {
    const created = await create();
    const elsewhere = await startSimulator();
    const other = await startHost(elsewhere);
    for (const outcome of [
      await other.read(TYPE, created),
      await other.apply(TYPE, await other.plan(TYPE, null, created)),
    ]) {
      expect(outcome.state).toEqual(created.state);
      expect(outcome.diagnostics[0]?.detail).toContain(elsewhere.url);
    }
    await elsewhere.close();
  });
});

describe("destruction", () => {
  it("deletes the endpoint", async () => {
    const created = await create();
    await apply(host, TYPE, null, created);
    expect(await ask(simulator, "GET", "/v1/webhook-endpoints")).toEqual({ data: [] });
  });

  it("of an endpoint that is gone is done", async () => {
    const created = await create();
    await simulator.deleteEndpoint(idOf(created));
    await apply(host, TYPE, null, created);
    expect(operations(simulator)).toContain("deleteWebhookEndpoint");
  });

  it("that the API refuses keeps the state", async () => {
    const created = await create();
    simulator.setFault({ kind: "status", status: 500, operation: "deleteWebhookEndpoint" });
    const { state, diagnostics } = await host.apply(TYPE, await host.plan(TYPE, null, created));
    expect(state).toEqual(created.state);
    expect(summaries(diagnostics)).toEqual([
      `error: Could not delete webhook endpoint ${idOf(created)}`,
    ]);
  });
});

describe("import", () => {
  it("takes everything but the secret, and then plans nothing", async () => {
    const { id } = await simulator.createEndpoint({
      name: "Theirs",
      headers: { a: "1" },
      event_types: ["alerts.resolved", "alerts.triggered"],
    });
    const imported = await host.importState(TYPE, id);
    expect(imported.diagnostics).toEqual([]);
    const read = await host.read(TYPE, imported);
    expect(read.state).toMatchObject({ id, name: "Theirs", signing_secret: null });
    const config = {
      name: "Theirs",
      url: read.state?.["url"] ?? null,
      event_types: ["alerts.resolved", "alerts.triggered"],
      headers: new Map([["a", "1"]]),
    };
    const plan = await host.plan(TYPE, config, read);
    expect(plan.diagnostics).toEqual([]);
    expect(unknownNames(plan)).toEqual([]);
    expect(plan.planned).toEqual(read.state);
  });

  it.each([
    ["an id that is none", "whe_/../x", "error: Invalid import id"],
    ["an endpoint that is not there", "whe_1", "error: Could not import webhook endpoint whe_1"],
  ])("refuses %s", async (_, id, summary) => {
    expect(summaries((await host.importState(TYPE, id)).diagnostics)).toEqual([summary]);
  });
});

describe("validation", () => {
  it.each<[string, ObjectValue, string]>([
    ["an empty name", { name: "" }, "Invalid name"],
    ["a name of 256 characters", { name: "n".repeat(256) }, "Invalid name"],
    ["plain http", { url: "http://example.com/" }, "Invalid url"],
    ["upper case in the scheme", { url: "HTTPS://example.com/" }, "Invalid url"],
    ["a URL without a host", { url: "https:///x" }, "Invalid url"],
    ["a space in the URL", { url: "https://example.com/a b" }, "Invalid url"],
    ["no event types", { event_types: [] }, "Invalid event_types"],
    ["an unknown event type", { event_types: ["alerts.x"] }, "Invalid event_types[...]"],
    ["a null header", { headers: new Map([["a", null]]) }, 'Invalid headers["a"]'],
    ["a timeout that is too short", { timeout_ms: 999 }, "Invalid timeout_ms"],
    ["a timeout that is too long", { timeout_ms: 30_001 }, "Invalid timeout_ms"],
    ["half a millisecond", { timeout_ms: 1000.5 }, "Invalid timeout_ms"],
  ])("refuses %s", async (_, wrong, summary) => {
    const diagnostics = await host.validate(TYPE, { ...CONFIG, ...wrong });
    expect(summaries(diagnostics)).toEqual([`error: ${summary}`]);
  });

  it.each<[string, ObjectValue]>([
    ["the shortest", { name: "n", url: "https://a", timeout_ms: 1000 }],
    ["the longest", { name: "🎈".repeat(255), timeout_ms: 30_000 }],
    ["a URL with a port, a query and an IPv6 host", { url: "https://[::1]:8443/a?b=c" }],
  ])("takes %s, and so does the API", async (_, config) => {
    expect(await host.validate(TYPE, { ...CONFIG, ...config })).toEqual([]);
    expect((await create({ ...CONFIG, ...config })).state).toMatchObject(config);
  });
});
