import { diagnose, type Attempt } from "../../../src/provider/errors.js";
import { PolyaiError, type ErrorDetails } from "../../../src/polyai/errors.js";
import { placeOf, type Place } from "../../../src/polyai/regions.js";

const ATTEMPT: Attempt = {
  action: 'create alert rule "Slow"',
  attributes: ["name", "project_id", "threshold_value"],
};

const UK = placeOf({ value: "uk", source: "a test" }, undefined);
const failure = (details: ErrorDetails, place: Place): PolyaiError =>
  new PolyaiError("PolyAI refused the request.", {
    ...details,
    ambiguous: false,
    attempts: 1,
    place,
    apiKeySource: "the environment variable POLYAI_API_KEY",
  });

/** Attribute and detail of each diagnostic. */
const told = (details: ErrorDetails, place = UK) =>
  diagnose(failure(details, place), ATTEMPT).map(({ attribute, detail }) => [
    attribute?.map((step) => (step.kind === "attribute" ? step.name : "?")).join("."),
    detail,
  ]);

it("a refusal is told at each attribute that the API names", () => {
  const fieldErrors = [
    { loc: ["body", "threshold_value"], msg: "Input should be a valid integer" },
    { loc: ["body", "name"], msg: "Field required" },
  ];
  const first = /PolyAI says: Input should be a valid integer\.\n\n.*c-1/;
  expect(told({ kind: "validation", fieldErrors, correlationId: "c-1" })).toEqual([
    ["threshold_value", expect.stringMatching(first)],
    ["name", expect.stringContaining("Field required")],
  ]);
});

it.each<[string, ErrorDetails["kind"], string, string | undefined]>([
  ["the one that it names", "validation", "project_id: no such", "project_id"],
  ["none, if it names two", "validation", "name and project_id differ", undefined],
  ["a field's path", "validation", "body.name: Value error", "name"],
  ["a quoted name", "validation", "'name' is not right", "name"],
  ["none for an ordinary word", "validation", "The host name cannot be resolved", undefined],
  ["none for part of a word", "validation", "username is taken", undefined],
  ["none, for another reason", "conflict", "The name of the limit.", undefined],
])("a refusal in words is told at an attribute: %s", (_, kind, serverMessage, attribute) => {
  expect(told({ kind, serverMessage })).toEqual([[attribute, expect.anything()]]);
});

it.each([
  ["No such route", "No such route. Either"],
  ["Really?", "Really? Either"],
  ['Unknown "x"', 'Unknown "x". Either'],
])(
  "a refusal is told in sentences, whatever PolyAI's words %j end with",
  (serverMessage, joined) => {
    const detail: unknown = expect.stringContaining(joined);
    expect(told({ kind: "not_found", serverMessage })).toEqual([[undefined, detail]]);
  },
);

it.each([
  [placeOf(undefined, undefined), "region us (the default)"],
  [placeOf({ value: "uk", source: "S" }, undefined), "region uk (S)"],
  [placeOf(undefined, { value: "https://x.y/", source: "T" }), "https://x.y (T)"],
])("a failure is told with where PolyAI was asked, and who chose that: %#", (place, words) => {
  for (const kind of ["unauthorized", "not_found", "server", "network"] as const) {
    const [[, detail = ""] = []] = told({ kind }, place);
    expect(detail).toContain(words);
    expect(detail.includes("region u")).toBe(words.startsWith("region"));
  }
});
