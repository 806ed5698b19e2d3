import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { ask, operations, RULE, summaries } from "../support/provider.js";
import { host, simulator } from "./setup.js";

const TYPES = ["polyai_alert_rule", "polyai_webhook_endpoint", "polyai_webhook_secret"];

const list = async (type: string, config?: ObjectValue, limit = 100) => {
  const { events, diagnostics } = await host.list(type, { config, limit, withObject: true });
  expect(diagnostics).toEqual([]);
  return events;
};

it("has a list for every resource", async () => {
  const { listResources } = await host.server.getMetadata({});
  expect(listResources?.map(({ typeName }) => typeName)).toEqual(TYPES);
});

describe.each(TYPES)("a list of %s", (type) => {
  beforeEach(async () => {
    for (const name of ["First", "Second", "Third"]) {
      const settings = { name, enabled: name !== "Second" };
      await simulator.createEndpoint(settings);
      await ask(simulator, "POST", "/v1/alert-rules", { ...RULE, ...settings });
    }
  });

  it("gives each object with its name, its identity and the state that its import reads, by one request", async () => {
    simulator.clearRequests();
    const events = await list(type);
    expect(operations(simulator)).toEqual([expect.stringMatching(/^list/)]);
    const names = events.map(({ displayName }) => displayName);
    expect(names.sort()).toEqual(["First", "Second", "Third"]);
    for (const { identity, object } of events) {
      const [id] = Object.values(identity ?? {}) as [string];
      const imported = await host.read(type, await host.importState(type, id));
      expect(object).toEqual(imported.state);
    }
  });

  it("filters as the data source does", async () => {
    const events = await list(type, { enabled: false });
    expect(events.map(({ displayName }) => displayName)).toEqual(["Second"]);
  });

  it("gives no more than the host expects, and no state unless it is asked for", async () => {
    expect(await list(type, {}, 2)).toHaveLength(2);
    expect(await list(type, {}, 0)).toEqual([]);
    const { events } = await host.list(type, { limit: 1 });
    expect(events).toEqual([expect.objectContaining({ object: undefined })]);
  });

  it("says what failed", async () => {
    await simulator.close();
    const { events, diagnostics } = await host.list(type, {});
    expect(events).toEqual([]);
    expect(summaries(diagnostics)).toEqual([expect.stringMatching(/^error: Could not list the /)]);
  });
});

it("shows a name without a known key and what a terminal acts on, and gives it as it is", async () => {
  const name = `Alerts\u001b[31m\u202e\n${simulator.apiKey}`;
  await simulator.createEndpoint({ name });
  const [{ displayName, object } = {}] = await list("polyai_webhook_endpoint");
  expect([displayName, object?.["name"]]).toEqual(["Alerts [31m (sensitive)", name]);
});

it("refuses a filter with a word that the API does not know, before it asks", async () => {
  const config = { event_type: "x" };
  const { diagnostics } = await host.list("polyai_webhook_secret", { config });
  expect(summaries(diagnostics)).toEqual(["error: Invalid event_type"]);
  expect(diagnostics).toEqual(await host.validateList("polyai_webhook_secret", config));
  expect(operations(simulator)).toEqual([]);
});
