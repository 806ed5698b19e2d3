import type { ObjectValue } from "../../../../src/plugin/cty/value.js";
import { UNKNOWN } from "../../../../src/plugin/cty/value.js";
import { defineProvider } from "../../../../src/plugin/framework/provider.js";
import { defineResource } from "../../../../src/plugin/framework/resource.js";
import { string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { matches } from "../../../../src/plugin/schema/validators.js";
import { createProviderServer } from "../../../../src/plugin/server/server.js";
import { Host } from "../../../support/host.js";

const SECRET = "hunter2";

/** The write-only values that the handlers got, in order. */
let got: (string | null)[];
beforeEach(() => {
  got = [];
});

type Config = Readonly<Record<"secret_wo", unknown>>;
const take = ({ secret_wo }: Config): null => {
  got.push(typeof secret_wo === "string" ? secret_wo : null);
  // As a careless handler would put it into the state.
  return secret_wo as null;
};

const box = defineResource<object>()({
  typeName: "test_box",
  schema: defineSchema({
    description: "A box.",
    attributes: {
      name: string.required({ description: "Name." }),
      secret_wo: string.optional({
        description: "What is in it.",
        writeOnly: true,
        validate: [matches(/^[a-z0-9]+$/, "lower case")],
      }),
    },
  }),
  plan: ({ config }) => ({ plannedState: { secret_wo: take(config) } }),
  create: async ({ config, plan }) => ({ state: { ...plan, secret_wo: take(config) } }),
  read: async ({ state }) => ({ state: { ...state, secret_wo: SECRET } }),
  update: async ({ config, plan }) => ({ state: { ...plan, secret_wo: take(config) } }),
  delete: async () => ({}),
  importState: async ({ id }) => ({ state: { name: id, secret_wo: SECRET } }),
});

const start = async (): Promise<Host> => {
  const server = createProviderServer(
    defineProvider<object>()({
      schema: defineSchema({ description: "Tests.", attributes: {} }),
      configure: async () => ({ client: {} }),
      resources: [box],
      dataSources: [],
      ephemeralResources: [],
      listResources: [],
      functions: [],
    }),
  );
  const host = await Host.start(server);
  await host.configure({});
  return host;
};

const CONFIG: ObjectValue = { name: "a", secret_wo: SECRET };

describe("a write-only value", () => {
  it("reaches the handlers and no plan or state, whatever they answer", async () => {
    const host = await start();
    const plan = await host.plan("test_box", CONFIG);
    expect(plan.planned).toEqual({ name: "a", secret_wo: null });
    const created = await host.apply("test_box", plan);
    expect(created.state).toEqual({ name: "a", secret_wo: null });

    const changed = await host.plan("test_box", { ...CONFIG, name: "b" }, created);
    expect(changed.planned).toEqual({ name: "b", secret_wo: null });
    const updated = await host.apply("test_box", changed);
    expect(updated.state).toEqual({ name: "b", secret_wo: null });
    expect((await host.read("test_box", updated)).state).toEqual({ name: "b", secret_wo: null });
    expect((await host.importState("test_box", "c")).state).toEqual({ name: "c", secret_wo: null });
    expect(got).toEqual([SECRET, SECRET, SECRET, SECRET]);
  });

  it("plans no change by itself", async () => {
    const host = await start();
    const created = await host.apply("test_box", await host.plan("test_box", CONFIG));
    const plan = await host.plan("test_box", { ...CONFIG, secret_wo: "other" }, created);
    expect(plan.planned).toEqual(created.state);
    expect(plan.requiresReplace).toEqual([]);
  });

  it("is validated like any other, and not quoted", async () => {
    const host = await start();
    const [problem, ...others] = await host.validate("test_box", { name: "a", secret_wo: "NO!" });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "error", summary: "Invalid secret_wo" });
    expect(JSON.stringify(problem)).not.toContain("NO!");
  });

  it.each([[{}], [{ writeOnlyAttributesAllowed: false }]])(
    "is refused if the host would store it: %j",
    async (capabilities) => {
      const host = await start();
      for (const secret_wo of [SECRET, UNKNOWN]) {
        const diagnostics = await host.validate("test_box", { name: "a", secret_wo }, capabilities);
        expect(diagnostics).toMatchObject([
          {
            severity: "error",
            summary: "Write-only secret_wo not supported",
            attribute: [{ kind: "attribute", name: "secret_wo" }],
          },
        ]);
        expect(JSON.stringify(diagnostics)).not.toContain(SECRET);
      }
      expect(await host.validate("test_box", { name: "a" }, capabilities)).toEqual([]);
    },
  );
});
