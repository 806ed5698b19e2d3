import { decodeMsgpack, encodeMsgpack } from "../../../../src/plugin/cty/msgpack.js";
import { object, STRING } from "../../../../src/plugin/cty/type.js";
import type { ObjectValue, Value } from "../../../../src/plugin/cty/value.js";
import { error, DiagnosticError } from "../../../../src/plugin/framework/diagnostic.js";
import { defineProvider } from "../../../../src/plugin/framework/provider.js";
import { defineResource } from "../../../../src/plugin/framework/resource.js";
import { number, string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { createProviderServer } from "../../../../src/plugin/server/server.js";
import type { ProviderServer } from "../../../../src/plugin/tfplugin6/service.js";
import type { ResourceIdentityData } from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";

const schema = defineSchema({
  description: "A thing.",
  attributes: {
    id: string.computed({ description: "Id of the thing." }),
    size: number.optional({ description: "Size." }),
  },
});

/** The things that exist; one of size 0 cannot be changed. */
type Things = Map<string, number>;

const thing = (typeName: string, identity?: "id" | "size") =>
  defineResource<Things>()({
    typeName,
    schema,
    ...(identity === undefined ? {} : { identity }),
    create: ({ plan, client }) => {
      if (plan.size === 0) throw new DiagnosticError(error("Refused", "No."));
      client.set("t1", plan.size ?? 1);
      return Promise.resolve({ state: { ...plan, id: "t1" } });
    },
    read: ({ state, client }) => {
      if (state.size === 13) throw new DiagnosticError(error("Unreadable", "No."));
      return Promise.resolve({ state: client.has(state.id ?? "") ? state : null });
    },
    update: ({ plan, state }) => Promise.resolve({ state: { ...plan, id: state.id } }),
    delete: () => Promise.resolve({}),
    importState: ({ id }) => Promise.resolve({ state: { id, size: null } }),
  });

const serve = (...resources: readonly ReturnType<typeof thing>[]): ProviderServer =>
  createProviderServer(
    defineProvider<Things>()({
      schema: defineSchema({ description: "Test.", attributes: {} }),
      configure: () => Promise.resolve({ client: new Map() }),
      resources,
      dataSources: [],
      ephemeralResources: [],
      listResources: [],
      functions: [],
    }),
  );

const configured = async (): Promise<ProviderServer> => {
  const server = serve(thing("test_thing", "id"), thing("test_plain"));
  await server.configureProvider({ terraformVersion: "1.12.0", config: {} });
  return server;
};

const IDENTITY = object({ id: STRING });
const encode = (value: ObjectValue | null) => ({ msgpack: encodeMsgpack(value, schema.type) });
const identityOf = (id: Value): ResourceIdentityData => ({
  identityData: { msgpack: encodeMsgpack(id === null ? null : { id }, IDENTITY) },
});
const decoded = (data: ResourceIdentityData | undefined): unknown =>
  data?.identityData?.msgpack === undefined
    ? "none sent"
    : decodeMsgpack(data.identityData.msgpack, IDENTITY);

const NO_PRIVATE = new Uint8Array();
const T1 = { id: "t1", size: 1 };

const apply = (
  server: ProviderServer,
  prior: ObjectValue | null,
  planned: ObjectValue | null,
  plannedIdentity?: ResourceIdentityData,
  typeName = "test_thing",
) =>
  server.applyResourceChange({
    typeName,
    priorState: encode(prior),
    plannedState: encode(planned),
    config: encode(planned && { ...planned, id: null }),
    plannedPrivate: NO_PRIVATE,
    ...(plannedIdentity && { plannedIdentity }),
  });

describe("resource identity", () => {
  it("must be a string attribute", () => {
    expect(() => serve(thing("test_thing", "size"))).toThrow(
      "the identity of test_thing is no string attribute of it",
    );
  });

  it.each([
    ["creation", null, T1, null],
    ["an update", T1, { id: "t1", size: 2 }, { id: "t1" }],
    ["destruction", T1, null, { id: "t1" }],
  ])("is planned for %s", async (_, prior, proposed, expected) => {
    const server = await configured();
    const plan = await server.planResourceChange({
      typeName: "test_thing",
      priorState: encode(prior),
      proposedNewState: encode(proposed),
      config: encode(proposed && { ...proposed, id: null }),
      priorPrivate: NO_PRIVATE,
      ...(prior && { priorIdentity: identityOf("t1") }),
    });
    expect(plan.diagnostics).toEqual([]);
    expect(decoded(plan.plannedIdentity)).toEqual(expected);
  });

  it("follows the state through apply", async () => {
    const server = await configured();
    const created = await apply(server, null, T1, identityOf(null));
    expect(decoded(created.newIdentity)).toEqual({ id: "t1" });
    const updated = await apply(server, T1, { id: "t1", size: 2 }, identityOf("t1"));
    expect(decoded(updated.newIdentity)).toEqual({ id: "t1" });
    const deleted = await apply(server, T1, null, identityOf("t1"));
    expect(decoded(deleted.newIdentity)).toBeNull();
  });

  it("stays none when creation fails", async () => {
    const created = await apply(await configured(), null, { id: "t1", size: 0 }, identityOf(null));
    expect([created.diagnostics?.length, decoded(created.newIdentity)]).toEqual([1, null]);
  });

  it.each<[string, { id: string; size: number }, ResourceIdentityData | undefined]>([
    ["is there", T1, identityOf("t1")],
    ["is there, with a state that an older version stored without one", T1, undefined],
    ["is gone", { id: "t2", size: 1 }, identityOf("t2")],
    ["cannot be read", { id: "t1", size: 13 }, identityOf("t1")],
  ])("is told when an object %s", async (_, state, currentIdentity) => {
    const server = await configured();
    await apply(server, null, T1);
    const read = await server.readResource({
      typeName: "test_thing",
      currentState: encode(state),
      private: NO_PRIVATE,
      ...(currentIdentity && { currentIdentity }),
    });
    expect(decoded(read.newIdentity)).toEqual({ id: state.id });
  });

  it("is sent for no resource that has none", async () => {
    const server = await configured();
    const { newIdentity } = await apply(server, null, T1, undefined, "test_plain");
    expect(newIdentity).toBeUndefined();
  });
});

describe("import", () => {
  const imported = async (typeName: string, request: { id: string } | ResourceIdentityData) => {
    const server = await configured();
    const response = await server.importResourceState({
      typeName,
      ...("id" in request ? request : { id: "", identity: request }),
    });
    const [resource] = response.importedResources ?? [];
    return {
      summaries: response.diagnostics?.map(({ summary }) => summary),
      state: resource?.state?.msgpack && decodeMsgpack(resource.state.msgpack, schema.type),
      identity: decoded(resource?.identity),
    };
  };

  it.each([
    ["by id", { id: "t9" }],
    ["by identity", identityOf("t9")],
  ])("%s gives the state and the identity", async (_, request) => {
    expect(await imported("test_thing", request)).toEqual({
      summaries: [],
      state: { id: "t9", size: null },
      identity: { id: "t9" },
    });
  });

  it.each([
    ["without its value", "test_thing", null],
    ["for a resource that has none", "test_plain", "t9"],
  ])("by an identity %s is refused", async (_, typeName, id) => {
    const { summaries } = await imported(typeName, identityOf(id));
    expect(summaries).toEqual(["Import by identity not understood"]);
  });
});

describe("the upgrade of a stored identity", () => {
  it.each([
    ["reads one of the current version as it is", 0, { id: "t1" }, []],
    ["refuses one of a newer version", 1, "none sent", ["Identity of another provider version"]],
  ])("%s", async (_, version, identity, summaries) => {
    const server = await configured();
    const { upgradedIdentity, diagnostics } = await server.upgradeResourceIdentity({
      typeName: "test_thing",
      version,
      rawIdentity: { json: Buffer.from('{"id":"t1"}') },
    });
    expect(decoded(upgradedIdentity)).toEqual(identity);
    expect(diagnostics?.map(({ summary }) => summary)).toEqual(summaries);
  });
});
