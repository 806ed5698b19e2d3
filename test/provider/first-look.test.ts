/** Planning a new secret asks for its endpoint, so that an approved plan does not fail at apply. */
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import type { Fault } from "../../src/simulator/index.js";
import { NOTHING } from "../support/host.js";
import { beginWalk, ENDPOINT, located, operations, Story, summaries } from "../support/provider.js";
import { host, simulator, story, TYPE } from "./secret-story.js";

let ends: string;
beforeEach(() => {
  ends = `warning: The current secret of ${story.endpoint} stops working`;
  simulator.clearRequests();
});

/** Plans in the walk that has begun, as core does. */
const planned = async (changes: ObjectValue = {}) =>
  summaries((await host.plan(TYPE, { endpoint_id: story.endpoint, ...changes })).diagnostics);

it("warns that the current secret stops working, and asks once in a process", async () => {
  expect(await planned()).toEqual([ends]);
  const second = await host.plan(TYPE, { endpoint_id: story.endpoint });
  expect(located(second.diagnostics)).toEqual([
    `error at endpoint_id: Two resources rotate the secret of ${story.endpoint}`,
  ]);
  expect(operations(simulator)).toEqual(["getWebhookEndpoint"]);
  await story.configure({});
  expect(await planned()).toEqual([ends]);
  expect(operations(simulator)).toHaveLength(2);
});

it("has no end to warn of if a known secret is adopted, or one may turn out to be", async () => {
  const initial_secret = story.current();
  expect(await planned({ initial_secret })).toEqual([
    "warning: initial_secret is adopted without being checked",
  ]);
  await story.configure({});
  expect(await planned({ initial_secret: UNKNOWN })).toEqual([]);
});

it("asks nothing while the id or the provider's configuration is not known", async () => {
  expect(await planned({ endpoint_id: UNKNOWN })).toEqual([]);
  await host.configure({ api_key: UNKNOWN });
  expect(await planned()).toEqual([]);
  expect(simulator.requests).toEqual([]);
});

it("asks nothing of an endpoint that was made in the same run, which may not be found yet", async () => {
  const endpoint = new Story(host, "polyai_webhook_endpoint", ENDPOINT);
  await endpoint.apply();
  simulator.clearRequests();
  simulator.setFault({ kind: "status", status: 404, operation: "getWebhookEndpoint" });
  expect(await planned({ endpoint_id: endpoint.id })).toEqual([]);
  expect(simulator.requests).toEqual([]);
});

it("says nothing of the object that a replacement or a rename puts an end to", async () => {
  await story.apply();
  simulator.clearRequests();
  expect((await story.planReplacement({})).diagnostics).toEqual([]);
  await beginWalk(host, simulator);
  await story.read();
  const renamed = await host.plan(TYPE, { endpoint_id: story.endpoint }, NOTHING);
  expect(renamed.diagnostics).toEqual([]);
  expect(operations(simulator)).toEqual(["getWebhookEndpoint", "getWebhookEndpoint"]);
});

it("asks for the endpoint of a replacement that was not read, before anything is destroyed", async () => {
  await story.apply();
  await story.configure({ api_key: "k" });
  const { diagnostics } = await story.planReplacement({});
  expect(summaries(diagnostics)).toEqual([`${REFUSED} ${story.endpoint}`]);
});

it("refuses to plan a replacement if nobody answers, since core would leave the old object deposed", async () => {
  await story.apply();
  await story.configure({});
  const { id } = await simulator.createEndpoint();
  simulator.setFault({ kind: "status", status: 503 });
  for (const endpoint_id of [story.endpoint, id]) {
    const { diagnostics } = await story.planReplacement({ endpoint_id });
    expect(summaries(diagnostics)).toEqual([`${REFUSED} ${endpoint_id}`]);
  }
});

const NO_ANSWER = "warning: Could not check webhook endpoint";
const REFUSED = "error: Could not read webhook endpoint";
type Given = Fault | ((url: string) => ObjectValue);
it.each<[string, string, Given, string]>([
  ["a 404", REFUSED, { kind: "status", status: 404 }, "PolyAI does not know it at http://127"],
  ["a 401", REFUSED, () => ({ api_key: "k" }), "the API key from the provider block's api_key"],
  ["a 403", REFUSED, { kind: "status", status: 403 }, "status 403"],
  ["a web page", REFUSED, { kind: "html" }, "a web page"],
  ["a redirect", REFUSED, { kind: "redirect", location: "https://a.example" }, "a.example"],
  ["no such path", REFUSED, (url) => ({ base_url: `${url}/no` }), "PolyAI does not know it"],
  ["a 503", NO_ANSWER, { kind: "status", status: 503 }, "status 503"],
  ["a 429", NO_ANSWER, { kind: "status", status: 429 }, "asks for fewer requests"],
  ["a cut connection", NO_ANSWER, { kind: "cut" }, "PolyAI was asked at http://127"],
  ["nobody", NO_ANSWER, () => ({ base_url: "http://127.0.0.1:9" }), "ECONNREFUSED"],
  ["no TLS", NO_ANSWER, (url) => ({ base_url: url.replace("http", "https") }), "127.0.0.1"],
])("tells %s", async (_, told, given, words) => {
  if (typeof given !== "function") simulator.setFault(given);
  else await beginWalk(host, simulator, given(simulator.url));
  const { diagnostics } = await host.plan(TYPE, { endpoint_id: story.endpoint });
  const at = told.replace(":", " at endpoint_id:");
  expect(located(diagnostics)).toEqual([`${at} ${story.endpoint}`]);
  expect(diagnostics[0]?.detail).toContain(words);
});
