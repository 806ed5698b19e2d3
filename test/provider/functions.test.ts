import { createHmac } from "node:crypto";
import type { Value } from "../../src/plugin/cty/value.js";
import { newHost } from "../support/provider.js";

/** Calls a function as a host does, with a provider that is not configured. */
async function call(name: string, ...args: readonly Value[]) {
  const { error, result } = await (await newHost()).call(name, args);
  return error ?? result;
}

const SECRET = "whsec_test";
const OLD = "whsec_old";
const TIMESTAMP = "1760000000";
const BODY = '{"type":"alerts.triggered","name":"Ä"}';
const signature = (secret: string, body = BODY): string =>
  createHmac("sha256", secret).update(`${TIMESTAMP}.${body}`).digest("hex");

describe("sign", () => {
  it.each([BODY, ""])("signs the body %j as PolyAI does", async (body) => {
    expect(await call("sign", SECRET, TIMESTAMP, body)).toBe(signature(SECRET, body));
  });
});

describe("verify", () => {
  it.each<[string, readonly Value[], boolean]>([
    ["the second secret", [[SECRET, OLD], TIMESTAMP, BODY, signature(OLD)], true],
    ["a secret beside null", [[SECRET, null], TIMESTAMP, BODY, signature(SECRET)], true],
    ["another secret", [[SECRET], TIMESTAMP, BODY, signature(OLD)], false],
    ["a time that is none", [[SECRET], "now", BODY, signature(SECRET)], false],
  ])("with %s is %s", async (_, args, expected) => {
    expect(await call("verify", ...args)).toBe(expected);
  });
});

it.each<[string, string, readonly Value[], number]>([
  ["sign", "an empty secret", ["", TIMESTAMP, BODY], 0],
  ["sign", "a date", [SECRET, "2026-01-01T00:00:00Z", BODY], 1],
  ["sign", "half a second", [SECRET, "1760000000.5", BODY], 1],
  ["verify", "no secrets", [[], TIMESTAMP, BODY, ""], 0],
  ["verify", "null alone", [[null], TIMESTAMP, BODY, ""], 0],
  ["verify", "an empty secret", [["", SECRET], TIMESTAMP, BODY, ""], 0],
])("%s refuses %s, and does not show the secret", async (name, _, args, functionArgument) => {
  const error = await call(name, ...args);
  expect(error).toMatchObject({ functionArgument, text: expect.stringMatching(/[^.]$/) });
  expect(JSON.stringify(error)).not.toContain(SECRET);
});
