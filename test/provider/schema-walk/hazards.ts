/** Values that no schema expects, and that practitioners nevertheless give. */
import type { Type } from "../../../src/plugin/cty/type.js";
import { UNKNOWN, type Value } from "../../../src/plugin/cty/value.js";

export interface Hazard {
  readonly name: string;
  readonly value: Value;
  /** Undefined if it depends on the attribute. */
  readonly must?: "be accepted" | "be refused";
}

const LONG = 10_000;

/** @param good a value of the type that the attribute accepts */
export const hazards = (type: Type, good: Value, required: boolean): readonly Hazard[] => [
  { name: "null", value: null, must: required ? "be refused" : "be accepted" },
  { name: "unknown", value: UNKNOWN, must: "be accepted" },
  ...hazardsOf(type, good).filter(({ value }) => value !== good),
];

function hazardsOf(type: Type, good: Value): readonly Hazard[] {
  switch (type.kind) {
    case "string":
      return strings(typeof good === "string" ? good : "a");
    case "number":
      return NUMBERS;
    case "bool":
      return [];
    case "list":
    case "set": {
      const [first = null] = Array.isArray(good) ? (good as readonly Value[]) : [];
      return [
        { name: "no elements", value: [] },
        ...elements(type.element, first).map(({ name, value }) => ({ name, value: [value] })),
      ];
    }
    case "map": {
      const [[key, element] = ["a", null]] =
        good instanceof Map ? (good as Map<string, Value>) : [];
      return [
        { name: "no elements", value: new Map() },
        ...elements(type.element, element).map(({ name, value }) => ({
          name,
          value: new Map([[key, value]]),
        })),
        ...strings(key).map(({ name, value }) => ({
          name: `key ${name}`,
          value: new Map([[value as string, element]]),
        })),
      ];
    }
    case "object":
      throw new Error("no argument is an object so far");
  }
}

const elements = (type: Type, good: Value): readonly Hazard[] => [
  { name: "null element", value: null },
  { name: "unknown element", value: UNKNOWN },
  ...hazardsOf(type, good),
];

const strings = (good: string): readonly Hazard[] =>
  Object.entries({
    empty: "",
    blank: " ",
    "spaces around": ` ${good} `,
    "line feed": `${good}\n`,
    NUL: `${good}\u0000`,
    // A host writes UTF-8, which has no half of a surrogate pair.
    "lone surrogate": `${good}\ufffd`,
    NFD: `${good}e\u0301`,
    bidi: `${good}\u202e`,
    "zero width": `${good}\u200b`,
    "other word": "nonsense",
    "other case": good === good.toUpperCase() ? good.toLowerCase() : good.toUpperCase(),
    long: good + "a".repeat(LONG),
  }).map(([name, value]) => ({ name, value }));

const NUMBERS: readonly Hazard[] = [0, -0, -1, 0.5, 1e9, 2 ** 53 - 1, 2 ** 53, 1e300, 1e-300].map(
  (value) => ({ name: Object.is(value, -0) ? "-0" : String(value), value }),
);
