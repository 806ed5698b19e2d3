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
const told = (details: ErrorDetails, attempt = ATTEMPT, place = UK) =>
  diagnose(failure(details, place), attempt).map(({ attribute, detail }) => [
    attribute?.map((step) => (step.kind === "attribute" ? step.name : "?")).join("."),
    detail,
  ]);

describe("a refused request", () => {
  it("is told at each attribute that the API names", () => {
    const fieldErrors = [
      { loc: ["body", "threshold_value"], msg: "Input should be a valid integer" },
      { loc: ["body", "name"], msg: "Field required" },
    ];
    expect(told({ kind: "validation", fieldErrors, correlationId: "c-1" })).toEqual([
      [
        "threshold_value",
        expect.stringMatching(/PolyAI says: Input should be a valid integer\.\n\n.*c-1/),
      ],
      ["name", expect.stringContaining("Field required")],
    ]);
  });

  it("is told at the one attribute that the API's words name", () => {
    const serverMessage = "project_id: no such project";
    expect(told({ kind: "validation", serverMessage })).toEqual([
      ["project_id", expect.stringContaining(serverMessage)],
    ]);
  });

  it.each([
    ["more than one attribute", "name and project_id do not fit"],
    ["none", "not today"],
    ["part of another word", "username is taken"],
  ])("is told of the whole where they name %s", (_, serverMessage) => {
    expect(told({ kind: "validation", serverMessage })).toEqual([
      [undefined, expect.stringContaining(serverMessage)],
    ]);
  });

  it.each([
    ["No such route", "No such route. Either"],
    ["No such route.", "No such route. Either"],
    ["Really?", "Really? Either"],
    ['Unknown "x"', 'Unknown "x". Either'],
  ])("is told in sentences, whatever PolyAI's words %j end with", (serverMessage, joined) => {
    expect(told({ kind: "not_found", serverMessage })).toEqual([
      [undefined, expect.stringContaining(joined)],
    ]);
  });

  it.each([
    [placeOf(undefined, undefined), "region us (the default)"],
    [placeOf({ value: "uk", source: "S" }, undefined), "region uk (S)"],
    [
      placeOf({ value: "uk", source: "S" }, { value: "https://x.y/", source: "T" }),
      "https://x.y (T)",
    ],
  ])("is told with where PolyAI was asked, and who chose that: %#", (place, words) => {
    for (const kind of ["unauthorized", "not_found", "server", "network"] as const) {
      const [[, detail = ""] = []] = told({ kind }, ATTEMPT, place);
      expect(detail).toContain(words);
      expect(detail.includes("region u")).toBe(words.startsWith("region"));
    }
  });

  it("for another reason is not laid on an attribute that its words happen to name", () => {
    expect(told({ kind: "conflict", serverMessage: "The name of the limit." })).toEqual([
      [undefined, expect.stringContaining("10 alert rules")],
    ]);
  });
});
