/** Moves from what people rotated with before. Their states are written after their published schemas. */
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { kept, Story, summaries, unknownNames } from "../support/provider.js";
import { host, setEnvironment, simulator, story, TYPE } from "./secret-story.js";

type Json = Readonly<Record<string, unknown>>;

const RESTAPI = "registry.terraform.io/mastercard/restapi restapi_object";
const RESTFUL = "registry.opentofu.org/magodo/restful restful_operation";
const DATA = "terraform.io/builtin/terraform terraform_data";
const NULL = "registry.terraform.io/hashicorp/null null_resource";

const answer = (signing_secret: string) => JSON.stringify({ signing_secret });
/** A value of a dynamic type, as core stores it. */
const dynamic = (value: unknown) => ({ value, type: "dynamic" });
const pathOf = (id: string) => `/v1/webhook-endpoints/${id}/rotate-secret`;
const restapi = (id: string, secret: string, more: Json = {}): Json => ({
  path: "/v1/webhook-endpoints",
  create_path: pathOf(id),
  create_method: "POST",
  update_path: null,
  id_attribute: "id",
  object_id: id,
  data: "{}",
  force_new: ["2026-Q4"],
  create_response: answer(secret),
  api_response: JSON.stringify({ id, name: "Alerts", url: "https://example.com/hook" }),
  api_data: { id, name: "Alerts" },
  id,
  ...more,
});
const restful = (id: string, secret: string, more: Json = {}): Json => ({
  id: pathOf(id),
  path: pathOf(id),
  method: "POST",
  body: dynamic({ quarter: "2026-Q4" }),
  output: dynamic({ signing_secret: secret }),
  output_attrs: null,
  ...more,
});
const data = (id: string, secret: string, more: Json = {}): Json => ({
  id: "6d0f1f0c-3f1e-4c9e-9a0e-0f6f0b6f8b1e",
  triggers_replace: dynamic([id, "2026-Q4"]),
  input: dynamic({ signing_secret: secret }),
  output: dynamic({ signing_secret: secret }),
  ...more,
});
const nothing = (id: string, _secret: string, more: Json = {}): Json => ({
  id: "5577006791947779410",
  triggers: { endpoint: id, quarter: "2026-Q4" },
  ...more,
});

async function move(from: string, state: Json | string) {
  const json = Buffer.from(typeof state === "string" ? state : JSON.stringify(state));
  const moved = await host.move(from, TYPE, json);
  story.instance = moved;
  return moved.diagnostics;
}

const TEXT: ObjectValue = { rotation_trigger: "2026-Q4" };
const KEYS: ObjectValue = { rotation_triggers: new Map([["quarter", "2026-Q4"]]) };

it.each<[string, string, typeof restapi, ObjectValue]>([
  ["restapi_object", RESTAPI, restapi, TEXT],
  ["restful_operation", RESTFUL, restful, KEYS],
  ["terraform_data", DATA, data, TEXT],
])("%s: takes id, trigger and secret, and plans nothing", async (type, from, stateOf, trigger) => {
  expect(summaries(await move(from, stateOf(story.endpoint, story.current())))).toEqual([
    `warning: The secret of ${type} is adopted without being checked`,
  ]);
  expect(story.state).toMatchObject({
    ...trigger,
    id: story.endpoint,
    endpoint_id: story.endpoint,
    signing_secret: story.current(),
    rotation_reason: `moved from ${type}`,
  });
  expect((await story.read()).diagnostics).toEqual([]);
  const same = await story.plan(trigger);
  expect([same.diagnostics, same.planned]).toEqual([[], story.state]);
  const other = await story.plan({ rotation_trigger: "2027-Q1" });
  expect(other.planned?.["rotation_reason"]).toMatch(/^trigger changed/);
  expect(story.rotations()).toBe(0);
  await story.applyPlan(other);
  expect(story.rotations()).toBe(1);
});

it("null_resource: an empty POLYAI_SIGNING_SECRET is none, and one is of one endpoint", async () => {
  setEnvironment({ POLYAI_SIGNING_SECRET: "" });
  expect(summaries(await move(NULL, nothing(story.endpoint, "")))).toEqual([
    `warning: The state of null_resource holds no valid secret of ${story.endpoint}`,
  ]);
  setEnvironment({ POLYAI_SIGNING_SECRET: story.current() });
  await move(NULL, nothing(story.endpoint, ""));
  const problem = ["error: One known secret for two imports"];
  expect(summaries(await move(NULL, nothing("whe_another", "")))).toEqual(problem);
});

it.each<[string, string, typeof restapi, (id: string) => Json]>([
  ["no trigger", RESTAPI, restapi, () => ({ force_new: null })],
  ["several in a list", RESTAPI, restapi, () => ({ force_new: ["1", "2"] })],
  ["one that is no text", RESTFUL, restful, () => ({ body: dynamic({ a: { b: 1 }, c: "1" }) })],
  [
    "a number that has another text in a configuration",
    DATA,
    data,
    (id) => ({ triggers_replace: dynamic([id, 1e21]) }),
  ],
  ["nothing but the endpoint", DATA, data, (id) => ({ triggers_replace: dynamic([id]) })],
  ["the endpoint alone", DATA, data, (id) => ({ triggers_replace: dynamic(id) })],
  ["an empty text", DATA, data, (id) => ({ triggers_replace: dynamic([id, ""]) })],
  [
    "an empty text alone",
    DATA,
    data,
    (id) => ({ triggers_replace: dynamic(""), input: dynamic(pathOf(id)) }),
  ],
])(
  "with %s, the first apply records the triggers and rotates nothing",
  async (_, from, stateOf, more) => {
    await move(from, stateOf(story.endpoint, story.current(), more(story.endpoint)));
    // An apply without a trigger ends the adoption, too.
    expect((await story.plan({})).planned).not.toEqual(story.state);
    expect(await story.apply(TEXT)).toMatchObject({ ...TEXT, rotation_count: 0 });
    expect((await story.plan(TEXT)).planned).toEqual(story.state);
    await story.apply({ rotation_trigger: "2027-Q1" });
    expect(story.rotations()).toBe(1);
  },
);

it.each<[string, unknown, ObjectValue]>([
  ["a number", 7, { rotation_trigger: "7" }],
  ["a truth value", false, { rotation_trigger: "false" }],
  [
    "a map with an empty element",
    { quarter: "2026-Q4", image: "", none: null, signing_secret: "whsec_old" },
    { rotation_triggers: new Map([["quarter", "2026-Q4"] as const, ["image", ""] as const]) },
  ],
])("with %s as the trigger, plans nothing", async (_, value, trigger) => {
  const more = { triggers_replace: dynamic(value), input: pathOf(story.endpoint) };
  await move(DATA, data(story.endpoint, story.current(), more));
  expect((await story.plan(trigger)).planned).toEqual(story.state);
});

it.each([
  [" whsec_1", /no spaces/],
  ["whsec_1\n", /no spaces/],
  ["", /no spaces/],
  ["whsec_e\u0301", /normalizes text to NFC/],
  ["whsec_\ud800", /normalizes text to NFC/],
])(
  "takes %j for no secret, neither from a state nor from POLYAI_SIGNING_SECRET",
  async (secret, reason) => {
    expect(summaries(await move(RESTAPI, restapi(story.endpoint, secret)))).toEqual([
      `warning: The state of restapi_object holds no valid secret of ${story.endpoint}`,
    ]);
    setEnvironment({ POLYAI_SIGNING_SECRET: secret || " " });
    const refused = ["error: Invalid POLYAI_SIGNING_SECRET"];
    const told = await move(NULL, nothing(story.endpoint, ""));
    expect([summaries(told), told[0]?.detail]).toEqual([refused, expect.stringMatching(reason)]);
    await story.configure({});
    expect(summaries((await story.import(story.endpoint)).diagnostics)).toEqual(refused);
  },
);

it("takes a secret that is JSON, too", async () => {
  await move(RESTAPI, restapi(story.endpoint, "20261124"));
  expect(story.state).toMatchObject({ signing_secret: "20261124" });
});

it("names each attribute that might have held a secret", async () => {
  const none = { input: dynamic(null), output: dynamic(null) };
  const [{ detail } = { detail: "" }] = await move(DATA, data(story.endpoint, "", none));
  expect(detail).toMatch(/^There is no signing_secret in output, input\. To keep/);
});

it("takes no secret from restapi_object whose update may have rotated since", async () => {
  const state = restapi(story.endpoint, story.current(), { update_path: pathOf(story.endpoint) });
  const [{ detail } = { detail: "" }] = await move(RESTAPI, state);
  expect(detail).toContain("update_path");
  expect(story.state).toMatchObject({ signing_secret: null, fingerprint: null });
});

it.each<[string, string, Json | string, string]>([
  [
    "without an endpoint's id",
    RESTAPI,
    restapi("whe-1", "s3cret"),
    "Could not move restapi_object: There is no webhook endpoint's id (whe_…) in object_id, create_path, path, id of its state. ",
  ],
  ["without its attributes", NULL, {}, "There is no webhook endpoint's id (whe_…) in triggers of"],
  [
    "of two endpoints",
    NULL,
    { triggers: { a: "whe_1", b: "whe_2" } },
    "Could not move null_resource: There is more than one webhook endpoint's id in triggers of",
  ],
  [
    "with two secrets",
    DATA,
    data("whe_1", "s3cret", {
      output: dynamic([{ signing_secret: "a" }, { signing_secret: "b" }]),
    }),
    "Could not move terraform_data: There is more than one signing_secret in output of",
  ],
  [
    "of another type",
    `${DATA}_x`,
    {},
    "Move not supported: A polyai_webhook_secret can be moved from restapi_object of mastercard/restapi, restful_operation of",
  ],
  ["of a fork", NULL.replace("hashicorp", "s3lf"), {}, "null_resource of hashicorp/null"],
  ["that is no JSON", NULL, "s3cret", "JSON in UTF-8 is required"],
  ["that is no object", NULL, "null", "an object is required"],
])("refuses a state %s", async (_, from, state, told) => {
  const diagnostics = await move(from, state);
  expect(diagnostics).toMatchObject([{ severity: "error" }]);
  expect(diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join()).toContain(told);
  expect(JSON.stringify(diagnostics)).not.toContain("s3cret");
  expect(story.instance.state).toBeNull();
});

it("another object's rotation is older than a secret from POLYAI_SIGNING_SECRET", async () => {
  const other = new Story(host, TYPE, { endpoint_id: story.endpoint });
  await other.apply();
  setEnvironment({ POLYAI_SIGNING_SECRET: story.current() });
  await move(NULL, nothing(story.endpoint, ""));
  await story.configure({});
  other.instance = await other.read();
  await story.read();
  expect((await story.plan(KEYS)).planned).toMatchObject({
    rotation_reason: "moved from null_resource",
  });
});

describe("of a moved object, whose secret may be older than the move,", () => {
  beforeEach(() => move(RESTAPI, restapi(story.endpoint, story.current())));

  it("private state has no secret, and no settings: a 404 removes nothing", async () => {
    expect(kept({ ...story.instance, state: null })).not.toContain(story.current());
    await simulator.deleteEndpoint(story.endpoint);
    const { state, diagnostics } = await story.read();
    expect(state).not.toBeNull();
    expect(diagnostics[0]?.detail).toContain("no answer that showed it is remembered");
  });

  it("the age counts from the move", async () => {
    const plan = await story.plan({ ...TEXT, rotate_after_days: 30 });
    expect([plan.diagnostics, unknownNames(plan)]).toEqual([[], []]);
    expect(Date.parse(plan.planned?.["next_rotation_at"] as string)).toBeGreaterThan(Date.now());
  });

  it.each([
    ["at once", {}],
    ["also after an update that rotated nothing", { on_destroy: "invalidate" }],
  ])("another object's rotation is taken for the later one, %s", async (_, changes) => {
    const other = new Story(host, TYPE, { endpoint_id: story.endpoint });
    await other.apply();
    await move(RESTAPI, restapi(story.endpoint, "s3cret"));
    await story.apply({ ...TEXT, ...changes });
    await story.configure({});
    other.instance = await other.read();
    await story.read();
    expect((await story.plan({ ...TEXT, ...changes })).planned).toMatchObject({
      rotation_reason: "rotation not confirmed",
    });
  });
});
