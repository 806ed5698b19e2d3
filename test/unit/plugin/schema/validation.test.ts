import { UNKNOWN, type ObjectValue, type Value } from "../../../../src/plugin/cty/value.js";
import { attributePath, pathToString } from "../../../../src/plugin/cty/path.js";
import {
  listOf,
  mapOf,
  nullable,
  number,
  objectOf,
  setOf,
  string,
} from "../../../../src/plugin/schema/attribute.js";
import { defineSchema } from "../../../../src/plugin/schema/define.js";
import { configuredComputed, invalidValues } from "../../../../src/plugin/schema/validation.js";
import {
  atLeast,
  atMost,
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
      validateKey: matches(/^[a-z]/, "a name"),
      validateElement: matches(/./, "a word"),
    }),
    owners: listOf(objectOf({ name: string, team: nullable(string) })).optional({
      description: "",
    }),
    keys: mapOf(string).optional({
      description: "",
      sensitive: true,
      validateKey: matches(/^[a-z]+$/, "a name"),
    }),
    notes: mapOf(nullable(string)).optional({ description: "" }),
    parts: listOf(string).optional({ description: "" }),
    tags: setOf(string).optional({ description: "" }),
    modes: setOf(string).optional({
      description: "",
      validate: [notEmpty],
      validateElement: oneOf("calm", "wild"),
    }),
    made: listOf(string).computed({ description: "" }),
  },
});

const problems = (values: ObjectValue): readonly string[] =>
  invalidValues(schema, values).map(
    ({ attribute, message }) => `${pathToString(attribute)}: ${message}`,
  );

const required = defineSchema({
  description: "",
  attributes: {
    name: string.required({ description: "" }),
    key: string.required({ description: "", writeOnly: true }),
    mode: string.defaulted({ description: "", default: "calm" }),
  },
});
const ELEMENT = "An element must not be null: leave it out instead.";
const MISSING =
  "It is required, and null here. Give it a value: the variable, try() or lookup() that it comes from may need another default.";
const IN_ORDER = "The elements of a set count from 0, in alphabetical order.";

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
    [
      "a word not in the list",
      { mode: "odd" },
      ['mode: It must be one of "calm", "wild", not "odd".'],
    ],
    [
      "a text that is no word, which may be a secret",
      { mode: "whsec 1" },
      ['mode: It must be one of "calm", "wild".'],
    ],
    [
      "a long word, which may be a secret",
      { mode: "w".repeat(21) },
      ['mode: It must be one of "calm", "wild".'],
    ],
    ["the least and the most", { days: 1, title: "a" }, []],
    ["the most days", { days: 9 }, []],
    ["too short", { title: "" }, ["title: It must have 1 to 3 characters; it has 0."]],
    ["a set of words in the list", { modes: ["calm", "wild"] }, []],
    ["an empty set", { modes: [] }, ["modes: It must have at least one element."]],
    [
      "a set with a word not in the list",
      { modes: ["calm", "odd"] },
      [`modes[1]: It must be one of "calm", "wild", not "odd". ${IN_ORDER}`],
    ],
    [
      "a set of one word that is not in the list",
      { modes: ["odd"] },
      ['modes[0]: It must be one of "calm", "wild", not "odd".'],
    ],
    [
      "a word not in the list beside an unknown one",
      { modes: [UNKNOWN, "odd"] },
      [`modes[1]: It must be one of "calm", "wild", not "odd". ${IN_ORDER}`],
    ],
    ["a null in a set", { tags: ["x", null] }, [`tags[1]: ${ELEMENT}`]],
    [
      "the bad key of a sensitive map, which may be a secret",
      {
        keys: new Map([
          ["a b", "x"],
          ["1", "y"],
        ]),
      },
      ['keys["1"]: It must be a name.', "keys: It must be a name."],
    ],
    ["null where it may be", { notes: new Map([["a", null]]) }, []],
    ["objects in a list", { owners: [{ name: "a", team: null }] }, []],
    [
      "a null in an object in a list",
      { owners: [{ name: "a", team: null }, { name: null, team: "b" }, null] },
      [`owners[1].name: ${MISSING}`, `owners[2]: ${ELEMENT}`],
    ],
    ["objects known in part", { owners: [UNKNOWN, { name: UNKNOWN, team: null }] }, []],
    ["an unknown list", { parts: UNKNOWN, labels: UNKNOWN }, []],
    ["too long", { title: "abcd" }, ["title: It must have 1 to 3 characters; it has 4."]],
    ["emoji, one character each", { title: "🌍🌍🌍" }, []],
    [
      "a bad key and a bad element",
      {
        labels: new Map([
          ["1", "x"],
          ["a", ""],
        ]),
      },
      ['labels["1"]: It must be a name.', 'labels["a"]: It must be a word.'],
    ],
    [
      "the bad key of an unknown element",
      { labels: new Map<string, Value>([["1", UNKNOWN]]) },
      ['labels["1"]: It must be a name.'],
    ],
    [
      "a null element",
      { labels: new Map([["a", null]]), parts: ["x", null] },
      [`labels["a"]: ${ELEMENT}`, `parts[1]: ${ELEMENT}`],
    ],
    ["a computed attribute, which is not the practitioner's", { made: [null] }, []],
  ])("%s", (_, values, expected) => {
    expect([...problems(values)].sort()).toEqual([...expected].sort());
  });
});

it.each<[string, ObjectValue, readonly string[]]>([
  ["null", { name: null, key: null, mode: null }, ["name", "key"]],
  ["left out", {}, ["name", "key"]],
  ["unknown", { name: UNKNOWN, key: UNKNOWN, mode: UNKNOWN }, []],
  ["given", { name: "", key: "a", mode: "wild" }, []],
])("what is required and is %s", (_, values, names) => {
  expect(invalidValues(required, values)).toEqual(
    names.map((name) => ({ attribute: attributePath(name), fault: "Missing", message: MISSING })),
  );
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
