/** Rules of webhook endpoints alone. */
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { ask, ENDPOINT, operations, Story, summaries } from "../support/provider.js";
import { host, simulator } from "./setup.js";

const TYPE = "polyai_webhook_endpoint";

let story: Story;
beforeEach(() => {
  story = new Story(host, TYPE, ENDPOINT);
});

it("an update between no headers and an empty map asks nothing of the API", async () => {
  await story.apply();
  simulator.clearRequests();
  const updated = await story.apply({ headers: new Map() });
  expect(updated["headers"]).toEqual(new Map());
  expect(operations(simulator)).toEqual([]);
  expect((await story.read()).state).toEqual(updated);
});

it("reading keeps the planned text if the API writes the same in another way", async () => {
  const config = {
    name: "Alerts ",
    url: "https://EXAMPLE.com",
    headers: new Map([["X-Token", "t"]]),
  };
  await story.apply(config);
  await ask(simulator, "PATCH", `/v1/webhook-endpoints/${story.id}`, {
    name: "Alerts",
    url: "https://example.com/",
    headers: { "x-token": "t " },
  });
  expect((await story.read()).state).toMatchObject(config);
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
    const diagnostics = await host.validate(TYPE, { ...ENDPOINT, ...wrong });
    expect(summaries(diagnostics)).toEqual([`error: ${summary}`]);
  });

  it.each<[string, ObjectValue]>([
    ["the longest", { name: "🎈".repeat(255), timeout_ms: 30_000 }],
    ["a URL with a port, a query and an IPv6 host", { url: "https://[::1]:8443/a?b=c" }],
  ])("takes %s, and so does the API", async (_, config) => {
    expect(await host.validate(TYPE, { ...ENDPOINT, ...config })).toEqual([]);
    expect(await story.apply(config)).toMatchObject(config);
  });
});
