import { inspect } from "node:util";
import { redactText } from "../../../src/plugin/logging/redaction.js";
import { quote } from "../../../src/polyai/quote.js";
import {
  API_KEY,
  closeAll,
  connect,
  connected,
  cut,
  failureOf,
  json,
  rotated,
  serve,
  type Handler,
} from "./server.js";

afterEach(closeAll);

const SECRET = "canary-signing-secret-1a2b3c";
const DATA = { signing_secret: SECRET };

/** Everything that a log, a crash or a careless caller could show of a value. */
const everythingOf = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    value instanceof Error ? `${value.message}${value.stack ?? ""}${inspect(value.cause)}` : "",
  ].join("\n");

/** An API that echoes the key and a secret; the protocol's tests echo them in every other way. */
const LEAKY: readonly (readonly [string, Handler])[] = [
  [
    "in the envelope",
    json(
      422,
      { error: API_KEY, error_id: API_KEY, error_message: `${API_KEY} ${SECRET}`, data: DATA },
      { "x-polyai-correlation-id": `id-${API_KEY}` },
    ),
  ],
  ["URL-encoded", json(401, { message: `Bad query key=${encodeURIComponent(API_KEY)}` })],
  ["in plain text", json(500, `oops ${API_KEY} {"signing_secret":"${SECRET}`)],
  ["in a redirect's host", json(302, "", { location: `https://${API_KEY}.example/` })],
  ["in a redirect's path", json(302, "", { location: `https://e.example/${API_KEY}` })],
  ["in a success that is cut", json(200, `{"signing_secret":"${SECRET}`)],
  ["in a success of another shape", json(200, { secret: SECRET, signing_secret: [SECRET] })],
  ["nowhere, with a cut connection", cut],
];

it.each(LEAKY)("shows no key and no secret that the API echoes %s", async (_where, handler) => {
  const { api, rotate, logs } = await connected(handler, { maxRetries: 1 });
  const error = await failureOf(rotate());
  const shown = redactText(everythingOf(error) + everythingOf(logs)).toLowerCase();
  expect(api.seen[0]?.headers["x-api-key"]).toBe(API_KEY);
  for (const leak of [API_KEY, SECRET]) expect(shown).not.toContain(leak.toLowerCase());
  expect(error.cause).toBeUndefined();
  expect(error.name).toBe("PolyaiError");
});

it("shows no key in the client itself, also while a request is in flight, and none in a log", async () => {
  const shown: string[] = [];
  const api = await serve((response, index, seen) => {
    shown.push(everythingOf(client));
    rotated(SECRET)(response, index, seen);
  });
  const { client, rotate, logs } = connect(api.url);
  await rotate();
  shown.push(everythingOf(client), everythingOf(logs));
  expect(shown).toHaveLength(3);
  expect(shown.join("\n")).not.toContain(API_KEY);
  expect(shown.join("\n")).not.toContain(SECRET);
  expect(logs).toHaveLength(1);
});

describe("a quotation", () => {
  it("is one line of at most 500 characters, without control or direction characters", () => {
    expect(quote("a\r\n\u0000\u001b[31mb\u202ec\u2028d \ud800 e")).toBe("a [31mb c d e");
    expect(quote("Ordinary words, (10).")).toBe("Ordinary words, (10).");
    expect(quote("é".repeat(501))).toBe(`${"é".repeat(499)}…`);
    expect(Array.from(quote("😀".repeat(10_000)))).toHaveLength(500);
  });

  it.each([
    ['{"signing_secret": "abc"}', "abc"],
    ["signing_secret=abc", "abc"],
    ["Signing secret: abc", "abc"],
    ["the signing-secret is abc", "abc"],
    ['{\\"signing_secret\\":\\"abc\\"}', "abc"],
    ["see whsec_abc+/=", "abc"],
  ])("tells no secret in %s", (text, secret) => {
    expect(quote(text)).not.toContain(secret);
  });
});
