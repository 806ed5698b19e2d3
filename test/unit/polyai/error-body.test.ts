import { readErrorBody } from "../../../src/polyai/error-body.js";

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
