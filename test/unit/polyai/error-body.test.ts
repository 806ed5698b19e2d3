import * as fc from "fast-check";
import { readErrorBody } from "../../../src/polyai/error-body.js";
import { classify } from "../../../src/polyai/classify.js";
import type { Operation } from "../../../src/polyai/operation.js";
import { nonEmptyString, object } from "../../../src/polyai/shape.js";

const numRuns = Number(process.env["FUZZ_CASES"] ?? 200);

const read = (body: unknown) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // It is no JSON.
  }
  return readErrorBody(text, parsed).words;
};

it.each([
  ["a message", { message: "Resource not found." }, { serverMessage: "Resource not found." }],
  [
    "the envelope",
    { error: "Not found", error_id: "corr-7", error_message: "It is gone." },
    { serverMessage: "It is gone.", correlationId: "corr-7" },
  ],
  [
    "FastAPI's details",
    {
      detail: [
        { loc: ["body", "size"], msg: "must be more", type: "x" },
        { loc: ["body", "items", 0], msg: "is wrong", type: "x" },
      ],
    },
    {
      serverMessage: "body.size: must be more; body.items.0: is wrong",
      fieldErrors: [
        { loc: ["body", "size"], msg: "must be more" },
        { loc: ["body", "items", 0], msg: "is wrong" },
      ],
    },
  ],
  ["a detail that is text", { detail: "No key" }, { serverMessage: "No key" }],
  ["details of another shape", { detail: [1, null, {}, { msg: 7 }] }, {}],
  ["JSON text", '"just text"', { serverMessage: "just text" }],
  ["plain text", "upstream connect error\n", { serverMessage: "upstream connect error" }],
  ["a web page", "<!DOCTYPE html><title>502 Bad</title><p>x", { serverMessage: "502 Bad" }],
  ["a web page with no title", "<html><body>x</body></html>", {}],
  ["nothing", "", {}],
  ["a number", "7", {}],
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
const FIELDS = "message error error_message error_code error_id detail signing_secret".split(" ");
const envelope = fc
  .dictionary(fc.constantFrom(...FIELDS), fc.jsonValue())
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

it("classifies any answer: a result, or a failure with its status", () => {
  const operation: Operation<unknown> = {
    name: "rotate",
    method: "POST",
    path: "/",
    repeat: "last_wins",
    read: object({ signingSecret: nonEmptyString }),
  };
  const context = { baseUrl: new URL("http://127.0.0.1"), redact: () => undefined };
  const name = fc.constantFrom("location", "retry-after");
  const headers = fc.dictionary(name, fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(bodies, fc.integer({ min: 200, max: 599 }), headers, (body, status, sent) => {
      const answer = { answered: true as const, status, headers: sent, body };
      const verdict = classify(operation, answer, context, 0);
      if ("value" in verdict) expect(status).toBeLessThan(300);
      else expect(verdict.failure.details.status).toBe(status);
    }),
    { numRuns },
  );
});
