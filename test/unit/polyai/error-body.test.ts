import * as fc from "fast-check";
import { readErrorBody } from "../../../src/polyai/error-body.js";
import { classify } from "../../../src/polyai/classify.js";
import type { Operation } from "../../../src/polyai/operation.js";
import { nonEmptyString, object } from "../../../src/polyai/shape.js";

const numRuns = Number(process.env["FUZZ_CASES"] ?? 200);

const read = (body: unknown) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readErrorBody(text, parsed(text)).words;
};
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

it.each([
  ["a message", { message: "Resource not found." }, { serverMessage: "Resource not found." }],
  [
    "the envelope",
    {
      success: false,
      error: "Not found",
      error_id: "corr-7",
      error_code: "NOT_FOUND",
      error_message: "Resource not found.",
      data: null,
    },
    { serverMessage: "Resource not found.", correlationId: "corr-7" },
  ],
  ["an envelope with only `error`", { error: "Nope" }, { serverMessage: "Nope" }],
  [
    "FastAPI's details",
    {
      detail: [
        { loc: ["body", "threshold_value"], msg: "must be 0 or more", type: "x" },
        { loc: ["body", "items", 0], msg: "is wrong", type: "x" },
      ],
    },
    {
      serverMessage: "body.threshold_value: must be 0 or more; body.items.0: is wrong",
      fieldErrors: [
        { loc: ["body", "threshold_value"], msg: "must be 0 or more" },
        { loc: ["body", "items", 0], msg: "is wrong" },
      ],
    },
  ],
  [
    "a detail that is text",
    { detail: "Not authenticated" },
    { serverMessage: "Not authenticated" },
  ],
  ["details of another shape", { detail: [1, null, {}, { msg: 7 }] }, {}],
  ["JSON text", '"just text"', { serverMessage: "just text" }],
  ["plain text", "upstream connect error\n", { serverMessage: "upstream connect error" }],
  [
    "a web page",
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>x</body></html>",
    { serverMessage: "502 Bad Gateway" },
  ],
  ["a web page with no title", "<html><body>x</body></html>", {}],
  ["nothing", "", {}],
  ["null", "null", {}],
  ["a number", "7", {}],
  ["a list", "[]", {}],
  ["fields of other types", { message: 7, error: {}, error_code: [], error_id: 1 }, {}],
  ["empty fields", { message: "", error_message: " ", error: "said" }, { serverMessage: "said" }],
])("reads %s", (_name, body, expected) => {
  expect(read(body)).toEqual(expected);
});

it("keeps 20 field errors of however many", () => {
  const detail = Array.from({ length: 1000 }, () => ({ loc: ["a"], msg: "b" }));
  expect(read({ detail }).fieldErrors).toHaveLength(20);
});

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const nearJson = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
const envelope = fc
  .record(
    {
      message: fc.jsonValue(),
      error: fc.jsonValue(),
      error_message: fc.jsonValue(),
      error_code: fc.jsonValue(),
      error_id: fc.jsonValue(),
      detail: fc.jsonValue(),
      signing_secret: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((value) => Buffer.from(JSON.stringify(value)));
const bodies = fc.oneof(bytes, nearJson, envelope);

it("makes of any body words that are short, one line, and text", () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const { serverMessage = "", correlationId = "" } = read(body.toString());
      for (const text of [serverMessage, correlationId]) {
        expect(Array.from(text).length).toBeLessThanOrEqual(500);
        expect(text).not.toMatch(/[\p{C}\n\r]/u);
      }
    }),
    { numRuns },
  );
});

it("reads a megabyte of deep nesting, or of words, in linear time", () => {
  read("[".repeat(500_000) + "]".repeat(500_000));
  read(`{"message":"${"word ".repeat(200_000)}"}`);
  read(`<${"a".repeat(1_000_000)}`);
  read("signing_secret".repeat(70_000));
});

it("classifies any answer: a result, or a failure with its status", () => {
  const operation: Operation<unknown> = {
    name: "rotate",
    method: "POST",
    path: "/",
    repeat: "last_wins",
    read: object({ signingSecret: nonEmptyString }),
  };
  const context = { baseUrl: new URL("http://127.0.0.1"), redact: () => undefined };
  const header = fc.option(fc.string({ unit: "binary" }), { nil: undefined });
  fc.assert(
    fc.property(
      bodies,
      fc.integer({ min: 200, max: 599 }),
      header,
      header,
      (body, status, location, retryAfter) => {
        const headers = {
          ...(location === undefined ? {} : { location }),
          ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
        };
        const verdict = classify(operation, { answered: true, status, headers, body }, context, 0);
        if ("value" in verdict) expect(status).toBeLessThan(300);
        else expect(verdict.failure.details.status).toBe(status);
      },
    ),
    { numRuns },
  );
});
