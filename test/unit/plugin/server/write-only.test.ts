import { UNKNOWN } from "../../../../src/plugin/cty/value.js";
import { defineResource } from "../../../../src/plugin/framework/resource.js";
import { string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { matches } from "../../../../src/plugin/schema/validators.js";
import { Host } from "../../../support/host.js";
import { serverOf } from "./support.js";

const SECRET = "hunter2";
const description = "";
const isLowerCase = matches(/^[a-z0-9]+$/, "lower case");

/** The write-only values that the handlers got, in order. */
const got: unknown[] = [];
const take = ({ secret_wo }: { readonly secret_wo: unknown }): null => {
  got.push(secret_wo);
  // As a careless handler would put it into the state.
  return secret_wo as null;
};

const box = defineResource<object>()({
  typeName: "test_box",
  schema: defineSchema({
    description,
    attributes: {
      name: string.required({ description }),
      secret_wo: string.optional({ description, writeOnly: true, validate: [isLowerCase] }),
    },
  }),
  plan: ({ config }) => ({ plannedState: { secret_wo: take(config) } }),
  create: async ({ config, plan }) => ({ state: { ...plan, secret_wo: take(config) } }),
  read: async ({ state }) => ({ state: { ...state, secret_wo: SECRET } }),
  update: async ({ config, plan }) => ({ state: { ...plan, secret_wo: take(config) } }),
  delete: async () => ({}),
  importState: async ({ id }) => ({ state: { name: id, secret_wo: SECRET } }),
});

let host: Host;
beforeAll(async () => {
  host = await Host.start(serverOf({ resources: [box] }));
  await host.configure({});
});

it("a write-only value reaches the handlers and no plan or state, whatever they answer", async () => {
  const plan = await host.plan("test_box", { name: "a", secret_wo: SECRET });
  const created = await host.apply("test_box", plan);
  const changed = await host.plan("test_box", { name: "b", secret_wo: SECRET }, created);
  const updated = await host.apply("test_box", changed);
  const read = await host.read("test_box", updated);
  const imported = await host.importState("test_box", "c");
  const states = [plan.planned, created.state, changed.planned, updated.state, read.state];
  expect([...states, imported.state]).toEqual(
    ["a", "a", "b", "b", "b", "c"].map((name) => ({ name, secret_wo: null })),
  );
  expect(got).toEqual([SECRET, SECRET, SECRET, SECRET]);
});

const REFUSED = "Write-only secret_wo not supported";

it.each([
  ["like any other", "NO!", undefined, "Invalid secret_wo"],
  ["a host that would store it", SECRET, {}, REFUSED],
  ["a host that says so", SECRET, { writeOnlyAttributesAllowed: false }, REFUSED],
  ["such a host, unknown", UNKNOWN, {}, REFUSED],
])("a write-only value is validated, and not quoted: %s", async (_, secret_wo, host_, summary) => {
  const diagnostics = await host.validate("test_box", { name: "a", secret_wo }, host_);
  const attribute = [{ kind: "attribute", name: "secret_wo" }];
  expect(diagnostics).toMatchObject([{ severity: "error", summary, attribute }]);
  expect(JSON.stringify(diagnostics)).not.toMatch(/NO!|hunter2/);
  expect(await host.validate("test_box", { name: "a" }, host_)).toEqual([]);
});
