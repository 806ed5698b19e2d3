import { decodeMsgpack, encodeMsgpack } from "../../../../src/plugin/cty/msgpack.js";
import { object, STRING } from "../../../../src/plugin/cty/type.js";
import type { Path } from "../../../../src/plugin/cty/path.js";
import { UNKNOWN, type Value } from "../../../../src/plugin/cty/value.js";
import { defineEphemeralResource } from "../../../../src/plugin/framework/ephemeral-resource.js";
import { defineFunction } from "../../../../src/plugin/framework/function.js";
import { defineListResource } from "../../../../src/plugin/framework/list-resource.js";
import { defineResource } from "../../../../src/plugin/framework/resource.js";
import { redact } from "../../../../src/plugin/logging/redaction.js";
import { bool, listOf, mapOf, setOf, string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { oneOf } from "../../../../src/plugin/schema/validators.js";
import { diagnosticsFrom, Host } from "../../../support/host.js";
import { summaries } from "../../../support/provider.js";
import { serverOf } from "./support.js";

const description = "";

const thing = defineResource<object>()({
  typeName: "test_thing",
  schema: defineSchema({
    version: 2,
    description,
    attributes: {
      name: string.required({ description }),
      fault: string.optional({ description }),
      tags: setOf(string).optional({ description, validateElement: oneOf("a") }),
      parts: listOf(string).optional({ description, validateElement: oneOf("a") }),
      labels: mapOf(string).optional({ description, validateElement: oneOf("a") }),
    },
  }),
  create: async ({ plan }) => {
    if (plan.fault !== null) throw new Error(plan.fault);
    return { state: plan, privateState: { made: true } };
  },
  read: async () => ({ state: null }),
  update: async () => {
    throw new TypeError("boom");
  },
  delete: async () => ({}),
  upgradeState: {
    0: ({ title, ...stored }) => ({ ...stored, name: title }),
    1: (stored) => stored,
  },
});

const pass = defineEphemeralResource({
  typeName: "test_pass",
  schema: defineSchema({
    description,
    attributes: {
      owner: string.required({ description }),
      pass: string.computed({ description, sensitive: true }),
    },
  }),
  open: async ({ config }) => ({
    result: { ...config, pass: `pass of ${config.owner}` },
  }),
});

const thingList = defineListResource<object>()({
  typeName: "test_thing",
  schema: defineSchema({ description, attributes: {} }),
  async *list() {
    yield { displayName: "found", state: { name: "found", fault: null } };
    throw new Error("boom");
  },
});

const fails = defineFunction({
  name: "fails",
  summary: "Fails",
  description,
  parameters: [{ name: "text", type: string, description }],
  returns: bool,
  call: () => {
    throw new Error("boom");
  },
});

/** None while the configuration is not known. */
let client: object | undefined;
const server = serverOf<object>({
  configure: async () => ({ client }),
  resources: [thing],
  ephemeralResources: [pass],
  listResources: [thingList],
  functions: [fails],
});

let host: Host;
beforeEach(async () => {
  client = {};
  host = await Host.start(server);
  await host.configure({});
});

describe("a handler that throws", () => {
  it("turns a thrown error into a diagnostic that holds no registered secret", async () => {
    redact("hunter2-secret");
    const plan = await host.plan("test_thing", { name: "a", fault: "boom hunter2-secret" });
    const [problem, ...more] = (await host.apply("test_thing", plan)).diagnostics;
    expect([problem?.summary, more]).toEqual(["Provider fault in ApplyResourceChange", []]);
    expect(problem?.detail).toMatch(/Error: boom \(sensitive\)[^]*a fault in the provider/);
  });

  it("keeps the prior state when an update throws", async () => {
    const created = await host.apply("test_thing", await host.plan("test_thing", { name: "a" }));
    const change = await host.plan("test_thing", { name: "b" }, created);
    expect((await host.apply("test_thing", change)).state).toEqual(created.state);
    expect(created.state).not.toBeNull();
  });

  it("answers for a function", async () => {
    const text = { msgpack: encodeMsgpack("a", STRING) };
    const call = async (name: string) =>
      (await server.callFunction({ name, arguments: [text] })).error?.text;
    expect(await call("fails")).toContain("Provider fault in CallFunction: Error: boom");
    expect(await call("nothing")).toContain('no function "nothing"');
  });
});

it("a function's argument that is null is missing, and one that is unknown gives what is unknown", async () => {
  const missing = { text: expect.stringMatching(/^Missing text: /), functionArgument: 0 };
  expect((await host.call("fails", [null])).error).toMatchObject(missing);
  expect((await host.call("fails", [UNKNOWN])).result).toBe(UNKNOWN);
});

it("a config that is unknown as a whole is no wrong one", async () => {
  const config = { msgpack: encodeMsgpack(UNKNOWN, thing.schema.type) };
  const response = await server.validateResourceConfig({ typeName: "test_thing", config });
  expect(response.diagnostics).toEqual([]);
});

it.each<[string, Value, Path]>([
  ["parts", ["b"], [{ kind: "index", index: 0 }]],
  ["labels", new Map([["", "b"]]), [{ kind: "key", key: "" }]],
  // The protocol has no step for an element of a set.
  ["tags", ["a", "b"], []],
])("tells which element of %s is wrong", async (name, value, path) => {
  const [problem, ...more] = await host.validate("test_thing", { name: "a", [name]: value });
  expect(more).toEqual([]);
  expect(problem?.attribute).toEqual([{ kind: "attribute", name }, ...path]);
});

it("plans and keeps the state, but does not apply, while the configuration is unknown", async () => {
  client = undefined;
  expect(await host.configure({})).toEqual([]);
  const plan = await host.plan("test_thing", { name: "a" });
  expect(plan.diagnostics).toEqual([]);
  const stored = { state: plan.planned, private: new Uint8Array() };
  expect((await host.read("test_thing", stored)).state).toEqual(stored.state);
  expect(summaries((await host.apply("test_thing", plan)).diagnostics)).toEqual([
    "error: Provider configuration not known yet",
  ]);
});

it("gives each configuration after a stop a signal that is not aborted yet", async () => {
  const signals: AbortSignal[] = [];
  const stopped = serverOf({
    configure: async ({ stop }) => {
      signals.push(stop);
      return { client: {} };
    },
  });
  const request = { config: { msgpack: encodeMsgpack({}, object({})) } };
  for (const expected of [[false], [true, false]]) {
    await stopped.configureProvider(request);
    expect(signals.map(({ aborted }) => aborted)).toEqual(expected);
    await stopped.stopProvider({});
  }
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

const ANOTHER = "error: State of another provider version";
const OLD = "error: State written by Terraform 0.11 or earlier";
const NO_MORE = { fault: null, tags: null, parts: null, labels: null };
const text = (stored: string, encoding?: "latin1") => ({ json: Buffer.from(stored, encoding) });
const json = (state: object) => text(JSON.stringify(state));
const NOT_UNDERSTOOD = "error: Value not understood";

it.each([
  [
    "of the current version is taken, with new attributes null and lost ones dropped",
    ...[2, json({ name: "a", lost: true }), { ...NO_MORE, name: "a" }],
  ],
  ["of an older version is upgraded", ...[0, json({ title: "a" }), { ...NO_MORE, name: "a" }]],
  ["of a newer version is refused", 9, json({ name: "a" }), ANOTHER],
  ["of a version that was never written is refused", -1, json({ name: "a" }), ANOTHER],
  ["that is a flat map is refused", 0, { flatmap: { name: "a" } }, OLD],
  ["of another form is refused", 2, json({ name: ["hunter2"] }), NOT_UNDERSTOOD],
  ["of an older version and no JSON is refused", 1, text('{"name":hunter2}'), NOT_UNDERSTOOD],
  ["of an older version and no object is refused", 1, text("null"), NOT_UNDERSTOOD],
  [
    "of an older version in other bytes than UTF-8 is refused",
    ...[1, text('{"name":"hunter2\xff"}', "latin1"), NOT_UNDERSTOOD],
  ],
] as const)("a stored state %s", async (_, version, rawState, expected) => {
  const response = await server.upgradeResourceState({ typeName: "test_thing", version, rawState });
  const { upgradedState: { msgpack } = {}, diagnostics } = response;
  const problems = diagnosticsFrom(diagnostics);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
  expect(msgpack ? decodeMsgpack(msgpack, thing.schema.type) : summaries(problems)).toEqual(
    typeof expected === "string" ? [expected] : expected,
  );
});

const typeName = "test_thing";

it.each([
  ["no such resource", 'No resource "x"', () => server.validateResourceConfig({ typeName: "x" })],
  ["a move", "Move not supported", () => server.moveResourceState({ targetTypeName: typeName })],
  ["no identity", "No resource identity", () => server.upgradeResourceIdentity({ typeName })],
  [
    "bytes that are no value",
    "Value not understood",
    () => server.planResourceChange({ typeName, priorState: { msgpack: Uint8Array.of(0xc1) } }),
  ],
])("%s is an error, and costs that call alone", async (_, summary, call) => {
  const { diagnostics } = await call();
  expect(summaries(diagnosticsFrom(diagnostics))).toEqual([`error: ${summary}`]);
  expect((await host.plan("test_thing", { name: "a" })).diagnostics).toEqual([]);
});

it("opens and closes an ephemeral resource", async () => {
  const typeName = "test_pass";
  const { type } = pass.schema;
  const config = { msgpack: encodeMsgpack({ owner: "me", pass: null }, type) };
  const opened = await server.openEphemeralResource({ typeName, config });
  const result = { owner: "me", pass: "pass of me" };
  expect(decodeMsgpack(opened.result!.msgpack!, type)).toEqual(result);
  expect(await server.closeEphemeralResource({ typeName })).toEqual({});
});

it("gives what a list found before it failed, and the fault at the end", async () => {
  const events = [];
  for await (const event of server.listResource({ typeName, limit: 5 })) events.push(event);
  const [found, failed, ...more] = events;
  expect([found?.displayName, more]).toEqual(["found", []]);
  const fault = ["error: Provider fault in ListResource"];
  expect(summaries(diagnosticsFrom(failed?.diagnostic))).toEqual(fault);
});

it("lists all in metadata", async () => {
  expect(await server.getMetadata({})).toMatchObject({
    resources: [{ typeName }],
    ephemeralResources: [{ typeName: "test_pass" }],
    listResources: [{ typeName }],
    functions: [{ name: "fails" }],
  });
});
