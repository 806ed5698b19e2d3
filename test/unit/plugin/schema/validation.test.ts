import { UNKNOWN, type ObjectValue } from "../../../../src/plugin/cty/value.js";
import { pathToString } from "../../../../src/plugin/cty/path.js";
import { listOf, mapOf, number, setOf, string } from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { configuredComputed, invalidValues } from "../../../../src/plugin/schema/validation.js";
import {
  atLeast,
  atMost,
  everyElement,
  integer,
  lengthBetween,
  matches,
  notEmpty,
  oneOf,
} from "../../../../src/plugin/schema/validators.js";

const schema = defineSchema({
  description: "",
  attributes: {
    code: string.optional({ description: "", validate: [matches(/^x/, "a word with x first")] }),
    days: number.optional({ description: "", validate: [integer, atLeast(1), atMost(9)] }),
    mode: string.optional({ description: "", validate: [oneOf("calm", "wild")] }),
    title: string.optional({ description: "", validate: [lengthBetween(1, 3)] }),
    labels: mapOf(string).optional({
      description: "",
      validate: [
        (labels) =>
          labels.has("bad") ? { message: "No.", at: [{ kind: "key", key: "bad" }] } : undefined,
      ],
    }),
    parts: listOf(string).optional({ description: "" }),
    tags: setOf(string).optional({ description: "" }),
    modes: setOf(string).optional({
      description: "",
      validate: [notEmpty, everyElement(oneOf("calm", "wild"))],
    }),
    made: listOf(string).computed({ description: "" }),
  },
});

const problems = (values: ObjectValue): readonly string[] =>
  invalidValues(schema, values).map(
    ({ attribute, message }) => `${pathToString(attribute)}: ${message}`,
  );

describe("invalidValues", () => {
  it.each<[string, ObjectValue, readonly string[]]>([
    ["nothing given", {}, []],
    ["a match", { code: "xy" }, []],
    ["no match", { code: "y" }, ["code: It must be a word with x first."]],
    ["an empty string", { code: "" }, ["code: It must be a word with x first."]],
    ["an unknown value", { code: UNKNOWN, days: UNKNOWN }, []],
    ["zero", { days: 0 }, ["days: It must be at least 1."]],
    ["too much", { days: 10 }, ["days: It must be at most 9."]],
    ["a fraction", { days: 1.5 }, ["days: It must be a whole number."]],
    ["a word not in the list", { mode: "odd" }, ['mode: It must be one of "calm", "wild".']],
    ["the least and the most", { days: 1, title: "a" }, []],
    ["the most days", { days: 9 }, []],
    ["too short", { title: "" }, ["title: It must have 1 to 3 characters; it has 0."]],
    ["a set of words in the list", { modes: ["calm", "wild"] }, []],
    ["an empty set", { modes: [] }, ["modes: It must have at least one element."]],
    [
      "a set with a word not in the list",
      { modes: ["calm", "odd"] },
      ['modes[...]: It must be one of "calm", "wild".'],
    ],
    [
      "a null in a set",
      { tags: ["x", null] },
      ["tags[...]: An element must not be null: leave it out instead."],
    ],
    ["an unknown list", { parts: UNKNOWN, labels: UNKNOWN }, []],
    ["too long", { title: "abcd" }, ["title: It must have 1 to 3 characters; it has 4."]],
    ["emoji, one character each", { title: "🌍🌍🌍" }, []],
    ["a problem inside", { labels: new Map([["bad", "1"]]) }, ['labels["bad"]: No.']],
    ["a map partly unknown", { labels: new Map<string, never>([["bad", UNKNOWN as never]]) }, []],
    [
      "a null element",
      { labels: new Map([["a", null]]), parts: ["x", null] },
      [
        'labels["a"]: An element must not be null: leave it out instead.',
        "parts[1]: An element must not be null: leave it out instead.",
      ],
    ],
    ["a computed attribute, which is not the practitioner's", { made: [null] }, []],
  ])("%s", (_, values, expected) => {
    expect([...problems(values)].sort()).toEqual([...expected].sort());
  });
});

describe("configuredComputed", () => {
  it.each<[string, ObjectValue, readonly unknown[]]>([
    ["nothing given", {}, []],
    ["another attribute", { code: "xy", made: null }, []],
    [
      "a computed attribute",
      { code: "xy", made: ["x"] },
      ["made: The provider alone sets it, so it cannot be configured. Remove it."],
    ],
  ])("%s", (_, config, expected) => {
    const found = configuredComputed(schema, config);
    expect(found.map((each) => `${pathToString(each.attribute)}: ${each.message}`)).toEqual(
      expected,
    );
  });
});
