import { decodeMsgpack, encodeMsgpack } from "../../../../src/plugin/cty/msgpack.js";
import { object, STRING } from "../../../../src/plugin/cty/type.js";
import type { ObjectValue, Value } from "../../../../src/plugin/cty/value.js";
import { error, DiagnosticError } from "../../../../src/plugin/framework/diagnostic.js";
import { defineResource } from "../../../../src/plugin/framework/resource.js";
import { number, string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import type { ResourceIdentityData } from "../../../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { serverOf } from "./support.js";

const schema = defineSchema({
  description: "",
  attributes: {
    id: string.computed({ description: "" }),
    size: number.optional({ description: "" }),
  },
});

/** Of size 0 it cannot be made, of size 13 not be read, and t2 is gone. */
const thing = (typeName: string, identity?: "id" | "size") =>
  defineResource<object>()({
    typeName,
    schema,
    ...(identity === undefined ? {} : { identity }),
    create: async ({ plan }) => {
      if (plan.size === 0) throw new DiagnosticError(error("Refused", "No."));
      return { state: { ...plan, id: "t1" } };
    },
    read: async ({ state }) => {
      if (state.size === 13) throw new DiagnosticError(error("Unreadable", "No."));
      return { state: state.id === "t2" ? null : state };
    },
    update: async ({ plan, state }) => ({ state: { ...plan, id: state.id } }),
    delete: async () => ({}),
    importState: async ({ id }) => ({ state: { id, size: null } }),
  });

const server = serverOf({ resources: [thing("test_thing", "id"), thing("test_plain")] });
beforeAll(() => server.configureProvider({ terraformVersion: "1.12.0", config: {} }));

const IDENTITY = object({ id: STRING });
const encode = (value: ObjectValue | null) => ({ msgpack: encodeMsgpack(value, schema.type) });
const identityOf = (id: Value): ResourceIdentityData => ({
  identityData: { msgpack: encodeMsgpack(id === null ? null : { id }, IDENTITY) },
});
const decoded = (data: ResourceIdentityData | undefined): unknown =>
  data?.identityData?.msgpack && decodeMsgpack(data.identityData.msgpack, IDENTITY);
const T1 = { id: "t1", size: 1 };

/** The identities that are planned and then applied. */
async function change(prior: ObjectValue | null, next: ObjectValue | null, typeName: string) {
  const config = encode(next && { ...next, id: null });
  const known = prior && identityOf("t1");
  const request = { typeName, config, priorState: encode(prior) };
  const { plannedIdentity } = await server.planResourceChange({
    ...request,
    proposedNewState: encode(next),
    ...(known && { priorIdentity: known }),
  });
  const { newIdentity } = await server.applyResourceChange({
    ...request,
    plannedState: encode(next),
    ...(plannedIdentity && { plannedIdentity }),
  });
  return [decoded(plannedIdentity), decoded(newIdentity)];
}

it("a resource identity must be a string attribute", () => {
  expect(() => serverOf({ resources: [thing("test_thing", "size")] })).toThrow(
    "the identity of test_thing is no string attribute of it",
  );
});

it.each([
  ["creation", null, T1, [null, { id: "t1" }]],
  ["a creation that fails", null, { id: "t1", size: 0 }, [null, null]],
  ["an update", T1, { id: "t1", size: 2 }, [{ id: "t1" }, { id: "t1" }]],
  ["destruction", T1, null, [{ id: "t1" }, null]],
])("a resource identity follows the state through plan and apply of %s", async (...row) => {
  const [, prior, next, expected] = row;
  expect(await change(prior, next, "test_thing")).toEqual(expected);
  expect(await change(prior, next, "test_plain")).toEqual([undefined, undefined]);
});

it.each<[string, { id: string; size: number }, ResourceIdentityData | undefined]>([
  ["is there, with a state that an older version stored without one", T1, undefined],
  ["is gone", { id: "t2", size: 1 }, identityOf("t2")],
  ["cannot be read", { id: "t1", size: 13 }, identityOf("t1")],
])("a resource identity is told when an object %s", async (_, state, currentIdentity) => {
  const { newIdentity } = await server.readResource({
    typeName: "test_thing",
    currentState: encode(state),
    ...(currentIdentity && { currentIdentity }),
  });
  expect(decoded(newIdentity)).toEqual({ id: state.id });
});

// With a real CLI, other tests show that an import takes an id and an identity.
it.each([
  ["without its value", "test_thing", null],
  ["of a resource that has none", "test_plain", "t"],
])("no import takes an identity %s", async (_, typeName, id) => {
  const request = { typeName, id: "", identity: identityOf(id) };
  const { diagnostics } = await server.importResourceState(request);
  expect(diagnostics).toMatchObject([{ summary: "Import by identity not understood" }]);
});

it.each([
  ["of the current version is read as it is", 0, { id: "t1" }, []],
  ["of a newer version is refused", 1, undefined, ["Identity of another provider version"]],
])("a stored identity %s", async (_, version, identity, summaries) => {
  const { upgradedIdentity, diagnostics } = await server.upgradeResourceIdentity({
    typeName: "test_thing",
    version,
    rawIdentity: { json: Buffer.from('{"id":"t1"}') },
  });
  expect(decoded(upgradedIdentity)).toEqual(identity);
  expect(diagnostics?.map(({ summary }) => summary)).toEqual(summaries);
});
