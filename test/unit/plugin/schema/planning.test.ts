import { UNKNOWN, type ObjectValue, type Value } from "../../../../src/plugin/cty/value.js";
import { mapOf, number, string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import type { Attributes } from "../../../../src/plugin/schema/values.js";
import { planChange } from "../../../../src/plugin/schema/planning.js";

const description = "";

const schema = defineSchema({
  description,
  attributes: {
    name: string.required({ description, requiresReplace: true }),
    size: number.optional({ description, recomputes: ["price"] }),
    labels: mapOf(string).optional({ description, recomputes: ["price"] }),
    mode: string.defaulted({ description, default: "calm" }),
    seed: string.optional({ description, writeOnly: true }),
    price: number.computed({ description }),
    made_at: string.computed({ description }),
  },
});

const CONFIG = { name: "a", size: 1, labels: null, mode: null, seed: null };
const PRIOR = { ...CONFIG, mode: "calm", price: 10, made_at: "monday" };
const ALL_NEW = { price: UNKNOWN, made_at: UNKNOWN };
const HALF_KNOWN = new Map([["a", UNKNOWN]]);

describe("planChange", () => {
  it.each<[string, ObjectValue, ObjectValue | null, ObjectValue, readonly string[]]>([
    ["the default and what is unknown, at creation", {}, null, ALL_NEW, []],
    ["a configured value, at creation", { mode: "wild" }, null, { mode: "wild", ...ALL_NEW }, []],
    ["the default again, for a removed argument", {}, { ...PRIOR, mode: "wild" }, {}, []],
    ["nothing if nothing configured changes", {}, PRIOR, {}, []],
    ["what a changed value recomputes", { size: 2 }, PRIOR, { size: 2, price: UNKNOWN }, []],
    ["a removed value", { size: null }, PRIOR, { size: null, price: UNKNOWN }, []],
    ["an unknown value", { size: UNKNOWN }, PRIOR, { size: UNKNOWN, price: UNKNOWN }, []],
    ["one in a map", { labels: HALF_KNOWN }, PRIOR, { labels: HALF_KNOWN, price: UNKNOWN }, []],
    ["replacement", { name: "b" }, PRIOR, { name: "b" }, ["name"]],
    ["replacement that may be", { name: UNKNOWN }, PRIOR, { name: UNKNOWN }, ["name"]],
    ["no write-only value", { seed: "s3cret" }, PRIOR, {}, []],
  ])("plans %s", (_, changes, prior, expected, requiresReplace) => {
    const config: ObjectValue = { ...CONFIG, price: null, made_at: null, ...changes };
    // Core's own merge: computed attributes that are not configured carry their prior value.
    const proposed: Record<string, Value> = { ...config };
    for (const name of ["price", "made_at", "mode"]) proposed[name] ??= prior?.[name] ?? null;
    const plannedState = { ...PRIOR, ...expected };
    const planned = planChange(schema, config, prior, proposed);
    expect(planned).toEqual({ plannedState, requiresReplace });
  });
});

describe("defineSchema", () => {
  const a = string.optional({ description, recomputes: ["b"] });
  const optional = string.optional({ description });
  const noComputed = "a recomputes b, which is no computed attribute";

  it.each<[string, Attributes, string]>([
    ["one that recomputes a configured one", { a, b: optional }, noComputed],
    ["one that recomputes an absent one", { a }, noComputed],
    [
      "a write-only one with a default",
      { a: string.defaulted({ description, writeOnly: true, default: "" }) },
      "a is write-only, so it cannot have a value that is not configured",
    ],
    ["a name with a digit first", { "1a": optional }, '"1a" is no attribute name'],
    ["a name with a capital", { aB: optional }, '"aB" is no attribute name'],
  ])("refuses %s", (_, attributes, message) => {
    expect(() => defineSchema({ description, attributes })).toThrow(message);
  });

  it("accepts an attribute that must be given and is write-only", () => {
    const given = string.required({ description, writeOnly: true });
    expect(() => defineSchema({ description, attributes: { given } })).not.toThrow();
  });
});
