import * as fc from "fast-check";
import { classify } from "../../../src/polyai/classify.js";
import type { Operation } from "../../../src/polyai/operation.js";
import { nonEmptyString, object } from "../../../src/polyai/shape.js";
import type { Answer, NoAnswer } from "../../../src/polyai/transport.js";

const NOW = Date.UTC(2026, 0, 1);
const ROTATE: Operation<unknown> = {
  name: "rotate the secret",
  method: "POST",
  path: "/",
  id: "an id",
  repeat: "last_wins",
  read: object({ signingSecret: nonEmptyString }),
};

const redacted: string[] = [];
beforeEach(() => redacted.splice(0));

const outcomeOf = (answer: Answer | NoAnswer, operation = ROTATE) => {
  const baseUrl = new URL("https://api.test/v9");
  return classify(operation, answer, { baseUrl, redact: (each) => redacted.push(each) }, NOW);
};
const answered = (status: number, body: string | Buffer = "", headers: Answer["headers"] = {}) =>
  outcomeOf({ answered: true, status, headers, body: Buffer.from(body) });

it("takes an answer for the result", () => {
  expect(answered(200, '{"signing_secret":"whsec_1"}')).toStrictEqual({
    value: { signingSecret: "whsec_1" },
  });
  expect(redacted).toEqual(["whsec_1"]);
});

const UNUSABLE = "PolyAI's answer to the request to rotate the secret cannot be used: ";
const AT_WAY = "Check the base URL, and proxies and gateways on the way.";
const redirect = (to: string): string =>
  `PolyAI answered with a redirect (status 302) to ${to}, which is not followed: the API key must not travel there. Check the base URL.`;

it.each<[string, Parameters<typeof answered>, string, object]>([
  [
    "is JSON of another shape",
    [200, "{}"],
    `${UNUSABLE}signing_secret: expected a string.`,
    { kind: "invalid_response", status: 200 },
  ],
  [
    "is a web page",
    [200, "<!doctype html>"],
    `${UNUSABLE}it is a web page, not JSON.`,
    { kind: "invalid_response", status: 200 },
  ],
  [
    "has bytes that are no UTF-8",
    [200, Buffer.from('{"signing_secret":"whsec_\xff"}', "latin1")],
    `${UNUSABLE}it is not JSON.`,
    { kind: "invalid_response", status: 200 },
  ],
  ["is empty", [200], `${UNUSABLE}expected an object.`, { kind: "invalid_response", status: 200 }],
  [
    "is a redirect, of which only the host is told",
    [302, '{"message":"Moved"}', { location: "https://other.test:81/path?key=k" }],
    redirect("other.test:81"),
    { kind: "redirect", status: 302 },
  ],
  [
    "is a redirect within the host",
    [302, "", { location: "/elsewhere" }],
    redirect("api.test"),
    { kind: "redirect", status: 302 },
  ],
  [
    "has the first status that is no success",
    [300, '{"signing_secret":"whsec_1"}'],
    redirect("an unknown address").replace("302", "300"),
    { kind: "redirect", status: 300 },
  ],
  [
    "has a status with no name",
    [599, "", { "x-polyai-correlation-id": "" }],
    "PolyAI answered with status 599.",
    { kind: "server", status: 599 },
  ],
  [
    "is PolyAI's 404",
    [404, '{"message":"No such endpoint"}', { "x-polyai-correlation-id": "c\n1" }],
    "PolyAI answered with status 404 (Not Found).",
    {
      kind: "not_found",
      status: 404,
      serverMessage: "No such endpoint",
      correlationId: "c 1",
    },
  ],
  [
    "is another's 404",
    [404, "Not here"],
    `The answer to the request to rotate the secret has status 404 (Not Found) and does not come from PolyAI, or from another address of its. ${AT_WAY}`,
    { kind: "refused", status: 404, serverMessage: "Not here" },
  ],
  [
    "is an error whose JSON is not UTF-8 throughout",
    [400, Buffer.from('{"message":"Not \xff"}', "latin1")],
    "PolyAI answered with status 400 (Bad Request).",
    { kind: "validation", status: 400, serverMessage: "Not \ufffd" },
  ],
  [
    "is a long error, of which 64 KiB are read as JSON",
    [500, JSON.stringify({ filler: " ".repeat(64 * 1024), message: "Not read" })],
    "PolyAI answered with status 500 (Internal Server Error).",
    { kind: "server", status: 500, serverMessage: '{"filler":"…' },
  ],
])("tells of an answer that %s", (_name, args, message, details) => {
  const outcome = answered(...args);
  expect(outcome).toMatchObject({ failure: { message } });
  if ("failure" in outcome) expect(outcome.failure.details).toStrictEqual(details);
});

it.each([undefined, "https://", "data:,x"])("knows no host in the redirect to %s", (location) => {
  expect(answered(302, "", { location })).toMatchObject({
    failure: { message: redirect("an unknown address") },
  });
});

it("reads a long success to its end", () => {
  const signingSecret = `whsec_${"s".repeat(70_000)}`;
  const body = JSON.stringify({ signing_secret: signingSecret });
  expect(answered(200, body)).toEqual({ value: { signingSecret } });
});

it("tells of a request with no answer", () => {
  const failed = {
    answered: false,
    kind: "network",
    reason: "it was\ncut",
    transient: true,
  } as const;
  const message = "The request to api.test failed: it was cut.";
  const failure = { message, details: { kind: "network" }, mayHaveActed: true, transient: true };
  expect(outcomeOf({ ...failed, sent: true })).toStrictEqual({ failure });
  const status = 200;
  expect(outcomeOf({ ...failed, sent: false, status })).toStrictEqual({
    failure: { ...failure, details: { kind: "network", status }, mayHaveActed: false },
  });
});

it("throws what is no answer's fault", () => {
  const read = () => {
    throw new TypeError("a fault of ours");
  };
  const answer = { answered: true, status: 200, headers: {}, body: Buffer.from("{}") } as const;
  expect(() => outcomeOf(answer, { ...ROTATE, read })).toThrow(TypeError);
});

it("finds the secrets of an answer of any shape and size", () => {
  answered(500, '{"data":[{"signing_secret":"whsec_in"},{"signing_secret":7},null]}');
  answered(200, `{"all":[${"0,".repeat(400_000)}0],"signing_secret":"whsec_beside"}`);
  expect(redacted).toEqual(["whsec_in", "whsec_beside"]);
});

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const nearJson = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
const FIELDS = "message error error_message error_code error_id detail signing_secret".split(" ");
const envelope = fc
  .dictionary(fc.constantFrom(...FIELDS), fc.jsonValue())
  .map((value) => Buffer.from(JSON.stringify(value)));
const bodies = fc.oneof(bytes, nearJson, envelope);

it("makes of any answer a result, or a failure with its status and words fit to be quoted", () => {
  const name = fc.constantFrom("location", "retry-after");
  const headers = fc.dictionary(name, fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(bodies, fc.integer({ min: 200, max: 599 }), headers, (body, status, sent) => {
      const outcome = answered(status, body, sent);
      if ("value" in outcome) {
        expect(status).toBeLessThan(300);
        return;
      }
      const { message, details } = outcome.failure;
      expect(details.status).toBe(status);
      const { serverMessage = "", correlationId = "" } = details;
      for (const text of [message, serverMessage, correlationId]) {
        expect(Array.from(text).length).toBeLessThanOrEqual(500);
        expect(text).not.toMatch(/[\p{C}\n\r]/u);
      }
    }),
  );
});
