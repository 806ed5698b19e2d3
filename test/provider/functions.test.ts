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
