import { UNKNOWN, isUnknown, type ObjectValue } from "../../../../src/plugin/cty/value.js";
import { mapOf, number, string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import type { Attributes } from "../../../../src/plugin/schema/values.js";
import { planChange } from "../../../../src/plugin/schema/planning.js";

const schema = defineSchema({
  description: "A thing.",
  attributes: {
    name: string.required({ description: "Name.", requiresReplace: true }),
    size: number.optional({ description: "Size.", recomputes: ["price"] }),
    labels: mapOf(string).optional({ description: "Labels.", recomputes: ["price"] }),
    mode: string.defaulted({ description: "Mode.", default: "calm" }),
    seed: string.optional({ description: "Seed.", writeOnly: true }),
    price: number.computed({ description: "Price." }),
    made_at: string.computed({ description: "When it was made." }),
  },
});

const config = (changes: ObjectValue = {}): ObjectValue => ({
  name: "a",
  size: 1,
  labels: null,
  mode: null,
  seed: null,
  price: null,
  made_at: null,
  ...changes,
});

const prior: ObjectValue = {
  name: "a",
  size: 1,
  labels: null,
  mode: "calm",
  seed: null,
  price: 10,
  made_at: "monday",
};

/** Core's own merge: computed attributes that are not configured carry their prior value. */
const propose = (configured: ObjectValue, priorState: ObjectValue | null): ObjectValue => ({
  ...configured,
  price: priorState?.["price"] ?? null,
  made_at: priorState?.["made_at"] ?? null,
  mode: configured["mode"] ?? priorState?.["mode"] ?? null,
});

const plan = (configured: ObjectValue, priorState: ObjectValue | null) =>
  planChange(schema, configured, priorState, propose(configured, priorState));

describe("planChange", () => {
  it("plans every computed attribute as unknown at creation", () => {
    const { plannedState } = plan(config(), null);
    expect(isUnknown(plannedState["price"])).toBe(true);
    expect(isUnknown(plannedState["made_at"])).toBe(true);
  });

  it("fills in the default where the config has null", () => {
    expect(plan(config(), null).plannedState["mode"]).toBe("calm");
    expect(plan(config({ mode: "wild" }), null).plannedState["mode"]).toBe("wild");
  });

  it("goes back to the default when the argument is removed", () => {
    const wild = { ...prior, mode: "wild" };
    expect(plan(config(), wild).plannedState["mode"]).toBe("calm");
  });

  it("plans nothing where nothing configured changes", () => {
    expect(plan(config(), prior)).toEqual({ plannedState: prior, requiresReplace: [] });
  });

  it("recomputes what a changed attribute names, and keeps the rest", () => {
    const { plannedState } = plan(config({ size: 2 }), prior);
    expect(isUnknown(plannedState["price"])).toBe(true);
    expect(plannedState["made_at"]).toBe("monday");
  });

  it.each([
    ["an unknown value", config({ size: UNKNOWN })],
    ["a map that holds an unknown value", config({ labels: new Map([["a", UNKNOWN]]) })],
    ["a removed value", config({ size: null })],
  ])("takes %s as a change", (_, configured) => {
    expect(isUnknown(plan(configured, prior).plannedState["price"])).toBe(true);
  });

  it("asks for replacement when what cannot change in place changes or may change", () => {
    expect(plan(config({ name: "b" }), prior).requiresReplace).toEqual(["name"]);
    expect(plan(config({ name: UNKNOWN }), prior).requiresReplace).toEqual(["name"]);
    expect(plan(config({ size: 2 }), prior).requiresReplace).toEqual([]);
  });

  it("keeps a write-only value out of the plan", () => {
    expect(plan(config({ seed: "s3cret" }), prior).plannedState["seed"]).toBeNull();
  });
});

describe("defineSchema", () => {
  const description = "";
  const recomputing = string.optional({ description, recomputes: ["b"] });
  const noComputed = "a recomputes b, which is no computed attribute";
  const writeOnly = "a is write-only, so it cannot have a value that is not configured";

  it.each<[string, Attributes, string]>([
    [
      "one that recomputes a configured one",
      { a: recomputing, b: string.optional({ description }) },
      noComputed,
    ],
    ["one that recomputes an absent one", { a: recomputing }, noComputed],
    [
      "a write-only one with a default",
      { a: string.defaulted({ description, writeOnly: true, default: "" }) },
      writeOnly,
    ],
    [
      "a name with a digit first",
      { "1a": string.optional({ description }) },
      '"1a" is no attribute name',
    ],
    [
      "a name with a capital",
      { aB: string.optional({ description }) },
      '"aB" is no attribute name',
    ],
  ])("refuses %s", (_, attributes, message) => {
    expect(() => defineSchema({ description, attributes })).toThrow(message);
  });

  it("accepts an attribute that must be given and is write-only", () => {
    const a = string.required({ description, writeOnly: true });
    expect(() => defineSchema({ description, attributes: { a } })).not.toThrow();
  });
});
