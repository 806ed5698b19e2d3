import { decodeMsgpack, encodeMsgpack } from "../../../../src/plugin/cty/msgpack.js";
import { object, STRING } from "../../../../src/plugin/cty/type.js";
import { isUnknown, UNKNOWN, type ObjectValue } from "../../../../src/plugin/cty/value.js";
import { warning, type Diagnostic } from "../../../../src/plugin/framework/diagnostic.js";
import { defineEphemeralResource } from "../../../../src/plugin/framework/ephemeral-resource.js";
import { defineFunction } from "../../../../src/plugin/framework/function.js";
import { defineListResource } from "../../../../src/plugin/framework/list-resource.js";
import { defineProvider } from "../../../../src/plugin/framework/provider.js";
import { defineResource } from "../../../../src/plugin/framework/resource.js";
import { redact } from "../../../../src/plugin/logging/redaction.js";
import { bool, number, string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { createProviderServer } from "../../../../src/plugin/server/server.js";
import { diagnosticsFrom, Host, NOTHING, type Instance } from "../../../support/host.js";

const thing = defineResource<object>()({
  typeName: "test_thing",
  schema: defineSchema({
    version: 2,
    description: "A thing.",
    attributes: {
      name: string.required({ description: "Name." }),
      size: number.optional({ description: "Size.", recomputes: ["price"] }),
      fault: string.optional({ description: "What goes wrong." }),
      price: number.computed({ description: "Price." }),
    },
  }),
  create: ({ plan }) => {
    if (plan.fault === "throw") throw new Error("boom hunter2-secret");
    return Promise.resolve({
      state: { ...plan, price: (plan.size ?? 0) * 10 },
      privateState: { made: true },
    });
  },
  read: () => Promise.resolve({ state: null }),
  update: ({ plan }) => {
    if (plan.fault === "throw") throw new TypeError("boom");
    return Promise.resolve({
      state: { ...plan, price: isUnknown(plan.price) ? (plan.size ?? 0) * 10 : plan.price },
    });
  },
  delete: () => Promise.resolve({}),
  upgradeState: {
    0: ({ title, ...stored }) => ({ ...stored, name: title }),
    1: (stored) => stored,
  },
});

const server = () =>
  createProviderServer(
    defineProvider<object>()({
      schema: defineSchema({
        description: "Test.",
        attributes: { token: string.optional({ description: "Token." }) },
      }),
      configure: ({ config }) =>
        Promise.resolve({ client: isUnknown(config.token) ? undefined : {} }),
      resources: [thing],
      dataSources: [],
      ephemeralResources: [
        defineEphemeralResource<object>()({
          typeName: "test_pass",
          schema: defineSchema({
            description: "A pass.",
            attributes: {
              owner: string.required({ description: "Owner." }),
              pass: string.computed({ description: "Pass.", sensitive: true }),
            },
          }),
          open: ({ config }) =>
            Promise.resolve({
              result: { ...config, pass: `pass of ${config.owner}` },
              renewAt: 1_000,
              privateState: { owner: config.owner },
            }),
          close: ({ privateState }) =>
            Promise.resolve([warning("Closed", String(privateState["owner"]))]),
        }),
      ],
      listResources: [
        defineListResource<object>()({
          typeName: "test_thing",
          schema: defineSchema({ description: "Finds things.", attributes: {} }),
          async *list() {
            yield {
              displayName: "found",
              state: { name: "found", size: 1, fault: null, price: 10 },
            };
            throw new Error("boom");
          },
        }),
      ],
      functions: [
        defineFunction({
          name: "fails",
          summary: "Fails",
          description: "",
          parameters: [{ name: "text", type: string, description: "" }],
          returns: bool,
          call: () => {
            throw new Error("boom");
          },
        }),
      ],
    }),
  );

const configuredHost = async (): Promise<Host> => {
  const host = await Host.start(server());
  await host.configure({});
  return host;
};

const summaries = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`);

const applied = async (host: Host, config: ObjectValue | null, prior?: Instance) =>
  host.apply("test_thing", await host.plan("test_thing", config, prior));

describe("a handler that throws", () => {
  it("turns a thrown error into a diagnostic that holds no registered secret", async () => {
    redact("hunter2-secret");
    const host = await configuredHost();
    const failed = await applied(host, { name: "a", fault: "throw" });
    expect(summaries(failed.diagnostics)).toEqual(["error: Provider fault in ApplyResourceChange"]);
    expect(failed.diagnostics[0]?.detail).toContain("Error: boom (sensitive)");
    expect(failed.diagnostics[0]?.detail).toContain("a fault in the provider");
    expect((await applied(host, { name: "b" })).state).not.toBeNull();
  });

  it("keeps the prior state when an update throws", async () => {
    const host = await configuredHost();
    const created = await applied(host, { name: "a", size: 1 });
    const failed = await applied(host, { name: "a", size: 2, fault: "throw" }, created);
    expect(failed.state).toEqual(created.state);
  });
});

it("a config that is unknown as a whole is no wrong one", async () => {
  const config = { msgpack: encodeMsgpack(UNKNOWN, thing.schema.type) };
  const response = await server().validateResourceConfig({ typeName: "test_thing", config });
  expect(response.diagnostics).toEqual([]);
});

describe("configuration", () => {
  it("plans and keeps the state, but does not apply, while it is unknown", async () => {
    const host = await Host.start(server());
    expect(await host.configure({ token: UNKNOWN })).toEqual([]);
    const plan = await host.plan("test_thing", { name: "a" });
    expect(plan.diagnostics).toEqual([]);
    const stored = { ...NOTHING, state: plan.planned };
    expect((await host.read("test_thing", stored)).state).toEqual(stored.state);
    expect(summaries((await host.apply("test_thing", plan)).diagnostics)).toEqual([
      "error: Provider configuration not known yet",
    ]);
  });
});

it("gives each configuration after a stop a signal that is not aborted yet", async () => {
  const signals: AbortSignal[] = [];
  const served = createProviderServer(
    defineProvider<object>()({
      schema: defineSchema({ description: "Test.", attributes: {} }),
      configure: ({ stop }) => {
        signals.push(stop);
        return Promise.resolve({ client: {} });
      },
      resources: [],
      dataSources: [],
      ephemeralResources: [],
      listResources: [],
      functions: [],
    }),
  );
  const request = { config: { msgpack: encodeMsgpack({}, object({})) } };
  for (let command = 0; command < 2; command++) {
    await served.configureProvider(request);
    await served.configureProvider(request);
    expect(signals.map(({ aborted }) => aborted)).toEqual([
      ...Array<boolean>(2 * command).fill(true),
      ...[false, false],
    ]);
    await served.stopProvider({});
  }
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

describe("a stored state", () => {
  const upgrade = async (version: number, json: unknown) => {
    const host = await Host.start(server());
    const { upgradedState, diagnostics } = await host.server.upgradeResourceState({
      typeName: "test_thing",
      version,
      rawState: { json: Buffer.from(JSON.stringify(json)) },
    });
    return {
      state: upgradedState?.msgpack && decodeMsgpack(upgradedState.msgpack, thing.schema.type),
      summaries: summaries(diagnosticsFrom(diagnostics)),
    };
  };

  it("of the current version is taken, with new attributes null and lost ones dropped", async () => {
    expect(await upgrade(2, { name: "a", size: 1, lost: true })).toEqual({
      state: { name: "a", size: 1, fault: null, price: null },
      summaries: [],
    });
  });

  it("of an older version is upgraded", async () => {
    expect((await upgrade(0, { title: "a", size: 1 })).state).toMatchObject({ name: "a", size: 1 });
  });

  it.each([
    [9, "written by a newer provider"],
    [-1, "of a version that was never written"],
  ])("of version %d, %s, is refused", async (version) => {
    expect(await upgrade(version, { name: "a" })).toEqual({
      state: undefined,
      summaries: ["error: State of another provider version"],
    });
  });

  it("that is a flat map is refused", async () => {
    const { diagnostics } = await server().upgradeResourceState({
      typeName: "test_thing",
      version: 0,
      rawState: { flatmap: { name: "a" } },
    });
    expect(summaries(diagnosticsFrom(diagnostics))).toEqual([
      "error: State written by Terraform 0.11 or earlier",
    ]);
  });

  it("that does not fit the schema is refused with a path and without its values", async () => {
    const { summaries: found } = await upgrade(2, { name: ["hunter2"] });
    expect(found).toEqual(["error: Value not understood"]);
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });
});

describe("what is not there", () => {
  it("is named in the diagnostic", async () => {
    const host = await Host.start(server());
    const { diagnostics } = await host.server.validateResourceConfig({
      typeName: "test_nothing",
      config: {},
    });
    expect(summaries(diagnosticsFrom(diagnostics))).toEqual(['error: No resource "test_nothing"']);
  });

  it("cannot be moved or have its identity upgraded", async () => {
    const provider = server();
    const moved = await provider.moveResourceState({
      sourceProviderAddress: "x",
      sourceTypeName: "null_resource",
      sourceSchemaVersion: 0,
      targetTypeName: "test_thing",
      sourcePrivate: new Uint8Array(),
      sourceIdentitySchemaVersion: 0,
    });
    expect(summaries(diagnosticsFrom(moved.diagnostics))).toEqual(["error: Move not supported"]);
    const identity = await provider.upgradeResourceIdentity({ typeName: "test_thing", version: 0 });
    expect(summaries(diagnosticsFrom(identity.diagnostics))).toEqual([
      "error: No resource identity",
    ]);
    expect((await provider.getResourceIdentitySchemas({})).identitySchemas).toEqual({});
  });

  it("bytes that are no value cost that call alone", async () => {
    const host = await configuredHost();
    const { diagnostics } = await host.server.planResourceChange({
      typeName: "test_thing",
      priorState: { msgpack: Uint8Array.of(0xc1) },
      proposedNewState: {},
      config: {},
      priorPrivate: Uint8Array.of(0xff),
    });
    expect(summaries(diagnosticsFrom(diagnostics))).toEqual(["error: Value not understood"]);
    expect((await host.plan("test_thing", { name: "a" }, NOTHING)).diagnostics).toEqual([]);
  });
});

describe("ephemeral resources and functions", () => {
  const pass = (value: string | null) => ({
    msgpack: encodeMsgpack({ owner: "me", pass: value }, object({ owner: STRING, pass: STRING })),
  });

  it("opens and closes an ephemeral resource", async () => {
    const host = await configuredHost();
    const opened = await host.server.openEphemeralResource({
      typeName: "test_pass",
      config: pass(null),
    });
    expect(opened.renewAt).toEqual(new Date(1_000));
    expect(opened.result).toEqual(pass("pass of me"));
    const closed = await host.server.closeEphemeralResource({
      typeName: "test_pass",
      private: opened.private ?? new Uint8Array(),
    });
    expect(diagnosticsFrom(closed.diagnostics)).toEqual([warning("Closed", "me")]);
  });

  it("answers for a function that throws or is not there", async () => {
    const call = async (name: string) =>
      (
        await server().callFunction({
          name,
          arguments: [{ msgpack: encodeMsgpack("a", STRING) }],
        })
      ).error?.text;
    expect(await call("fails")).toContain("Provider fault in CallFunction: Error: boom");
    expect(await call("nothing")).toContain('no function "nothing"');
  });

  it("answers for an argument that is null, and does not know what comes of one that is unknown", async () => {
    const host = await configuredHost();
    const { error: problem } = await host.call("fails", [null]);
    expect(problem).toMatchObject({
      text: expect.stringMatching(/^Missing text: /),
      functionArgument: 0,
    });
    expect((await host.call("fails", [UNKNOWN])).result).toBe(UNKNOWN);
  });

  it("gives what a list found before it failed, and the fault at the end", async () => {
    const { server } = await configuredHost();
    const events = [];
    for await (const event of server.listResource({ typeName: "test_thing", limit: 5 })) {
      events.push(event);
    }
    expect(events[0]).toMatchObject({ displayName: "found" });
    expect(summaries(diagnosticsFrom(events[1]?.diagnostic))).toEqual([
      "error: Provider fault in ListResource",
    ]);
    expect(events).toHaveLength(2);
  });

  it("lists all in schema and metadata", async () => {
    const provider = server();
    const schema = await provider.getProviderSchema({});
    expect(Object.keys(schema.resourceSchemas ?? {})).toEqual(["test_thing"]);
    expect(Object.keys(schema.functions ?? {})).toEqual(["fails"]);
    expect((await provider.getFunctions({})).functions).toEqual(schema.functions);
    expect(await provider.getMetadata({})).toMatchObject({
      resources: [{ typeName: "test_thing" }],
      ephemeralResources: [{ typeName: "test_pass" }],
      functions: [{ name: "fails" }],
    });
  });
});
