import { UNKNOWN, type ObjectValue, type Value } from "../../../../src/plugin/cty/value.js";
import { pathToString } from "../../../../src/plugin/cty/path.js";
import {
  listOf,
  mapOf,
  nullable,
  number,
  objectOf,
  setOf,
  string,
} from "../../../../src/plugin/schema/attribute.js";
import { defineSchema, type SchemaDefinition } from "../../../../src/plugin/schema/define.js";
import {
  configuredComputed,
  invalidValues,
  type InvalidValue,
} from "../../../../src/plugin/schema/validation.js";
import {
  atLeast,
  atMost,
  integer,
  lengthBetween,
  matches,
  notEmpty,
  oneOf,
} from "../../../../src/plugin/schema/validators.js";

const description = "";
const mode = oneOf("calm", "wild");
const word = matches(/./, "a word");
const name = matches(/^[a-z]+$/, "a name");

const schema = defineSchema({
  description,
  attributes: {
    code: string.optional({ description, validate: [matches(/^x/, "a word with x first")] }),
    days: number.optional({ description, validate: [integer, atLeast(1), atMost(9)] }),
    mode: string.optional({ description, validate: [mode] }),
    title: string.optional({ description, validate: [lengthBetween(1, 3)] }),
    labels: mapOf(string).optional({ description, validateKey: name, validateElement: word }),
    owners: listOf(objectOf({ name: string, team: nullable(string) })).optional({ description }),
    keys: mapOf(string).optional({ description, sensitive: true, validateKey: name }),
    notes: mapOf(nullable(string)).optional({ description }),
    parts: listOf(string).optional({ description }),
    modes: setOf(string).optional({ description, validate: [notEmpty], validateElement: mode }),
    made: listOf(string).computed({ description }),
  },
});
const required = defineSchema({
  description,
  attributes: {
    name: string.required({ description }),
    key: string.required({ description, writeOnly: true }),
    mode: string.defaulted({ description, default: "calm" }),
  },
});

const told = (problems: readonly InvalidValue[]): readonly string[] =>
  problems.map(({ attribute, message }) => `${pathToString(attribute)}: ${message}`).sort();

const NULL = "An element must not be null: leave it out instead.";
const MISSING =
  "It is required, and null here. Give it a value: the variable, try() or lookup() that it comes from may need another default.";
const BOTH_MISSING = [`key: ${MISSING}`, `name: ${MISSING}`];
const NAME = "It must be a name.";
const MODE = 'It must be one of "calm", "wild"';
const IN_ORDER = "The elements of a set count from 0, in alphabetical order.";
const map = (entries: Readonly<Record<string, Value>>) => new Map(Object.entries(entries));

it.each<[string, ObjectValue, SchemaDefinition?]>([
  ["nothing", {}],
  ["a match", { code: "xy" }],
  ["unknown values", { code: UNKNOWN, days: UNKNOWN, parts: UNKNOWN, labels: UNKNOWN }],
  ["the least", { days: 1, title: "a" }],
  ["the most, with emoji of one character each", { days: 9, title: "🌍🌍🌍" }],
  ["a set of words in the list", { modes: ["calm", "wild"] }],
  ["null where it may be", { notes: map({ a: null }) }],
  ["objects in a list", { owners: [{ name: "a", team: null }] }],
  ["objects known in part", { owners: [UNKNOWN, { name: UNKNOWN, team: null }] }],
  ["a computed attribute, which is not the practitioner's", { made: [null] }],
  ["what is required and is unknown", { name: UNKNOWN, key: UNKNOWN, mode: UNKNOWN }, required],
  ["what is required and is given", { name: "", key: "a", mode: "wild" }, required],
])("takes %s", (_, values, by = schema) => {
  expect(invalidValues(by, values)).toEqual([]);
});

it.each<[string, ObjectValue, readonly string[], SchemaDefinition?]>([
  ["no match", { code: "y" }, ["code: It must be a word with x first."]],
  ["an empty string", { code: "" }, ["code: It must be a word with x first."]],
  ["zero", { days: 0 }, ["days: It must be at least 1."]],
  ["too much", { days: 10 }, ["days: It must be at most 9."]],
  ["a fraction", { days: 1.5 }, ["days: It must be a whole number."]],
  ["a word not in the list", { mode: "odd" }, [`mode: ${MODE}, not "odd".`]],
  ["no word, which may be a secret", { mode: "whsec 1" }, [`mode: ${MODE}.`]],
  ["a long word, which may be a secret", { mode: "w".repeat(21) }, [`mode: ${MODE}.`]],
  ["too short", { title: "" }, ["title: It must have 1 to 3 characters; it has 0."]],
  ["too long", { title: "abcd" }, ["title: It must have 1 to 3 characters; it has 4."]],
  ["an empty set", { modes: [] }, ["modes: It must have at least one element."]],
  ["a set of a wrong word", { modes: ["odd"] }, [`modes[0]: ${MODE}, not "odd".`]],
  ["beside an unknown", { modes: [UNKNOWN, "odd"] }, [`modes[1]: ${MODE}, not "odd". ${IN_ORDER}`]],
  ["a null in a set", { modes: ["calm", null] }, [`modes[1]: ${NULL}`]],
  ["a null in a list", { parts: ["x", null] }, [`parts[1]: ${NULL}`]],
  ["a null in a map", { labels: map({ a: null }) }, [`labels["a"]: ${NULL}`]],
  [
    "a null in an object in a list",
    { owners: [{ name: "a", team: null }, { name: null, team: "b" }, null] },
    [`owners[1].name: ${MISSING}`, `owners[2]: ${NULL}`],
  ],
  ["a bad element", { labels: map({ a: "" }) }, ['labels["a"]: It must be a word.']],
  ["a bad key, its element unknown", { labels: map({ 1: UNKNOWN }) }, [`labels["1"]: ${NAME}`]],
  [
    "the bad key of a sensitive map, which may be a secret",
    { keys: map({ "a b": "x", 1: "y" }) },
    [`keys: ${NAME}`, `keys["1"]: ${NAME}`],
  ],
  ["null for what is required", { name: null, key: null, mode: null }, BOTH_MISSING, required],
  ["what is required and left out", {}, BOTH_MISSING, required],
])("refuses %s", (_, values, expected, by = schema) => {
  expect(told(invalidValues(by, values))).toEqual(expected);
});

it("finds what is configured and the provider alone sets", () => {
  expect(told(configuredComputed(schema, { code: "xy", made: null }))).toEqual([]);
  expect(told(configuredComputed(schema, { code: "xy", made: ["x"] }))).toEqual([
    "made: The provider alone sets it, so it cannot be configured. Remove it.",
  ]);
});
