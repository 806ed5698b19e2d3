import type { ObjectValue } from "../../src/plugin/cty/value.js";
import type { Simulator } from "../../src/simulator/index.js";
import { startSimulator } from "../../src/simulator/index.js";
import type { Host, Listed } from "../support/host.js";
import { ask, operations, RULE, startHost, summaries } from "../support/provider.js";

let simulator: Simulator;
let host: Host;
beforeEach(async () => {
  simulator = await startSimulator();
  host = await startHost(simulator);
});
afterEach(() => simulator.close());

const TYPES = ["polyai_alert_rule", "polyai_webhook_endpoint", "polyai_webhook_secret"];

const list = async (
  type: string,
  config?: ObjectValue,
  limit = 100,
): Promise<readonly Listed[]> => {
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
      await simulator.createEndpoint({ name, enabled: name !== "Second" });
      await ask(simulator, "POST", "/v1/alert-rules", {
        ...RULE,
        name,
        enabled: name !== "Second",
      });
    }
  });

  it("gives each object with its name, its identity and the state that its import reads", async () => {
    const events = await list(type);
    expect(events.map(({ displayName }) => displayName).sort()).toEqual([
      "First",
      "Second",
      "Third",
    ]);
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

  it("never asks for more than a list", async () => {
    await list(type);
    expect(operations(simulator).at(-1)).toMatch(/^list/);
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
  const { diagnostics } = await host.list("polyai_webhook_secret", { config: { event_type: "x" } });
  expect(summaries(diagnostics)).toEqual(["error: Invalid event_type"]);
  expect(diagnostics).toEqual(
    await host.validateList("polyai_webhook_secret", { event_type: "x" }),
  );
  expect(operations(simulator)).toEqual([]);
});
