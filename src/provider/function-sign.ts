import { defineFunction, FunctionArgumentError } from "../plugin/framework/function.js";
import { string } from "../plugin/schema/attribute.js";
import { assertSecret } from "../webhooks/secrets.js";
import { TIMESTAMP, signWebhook } from "../webhooks/sign.js";

export const sign = defineFunction({
  name: "sign",
  summary: "Signs a webhook delivery as PolyAI does",
  description:
    "The value of `X-PolyAI-Signature` for a delivery: HMAC-SHA256 of `{timestamp}.{body}` in 64 lowercase hex digits. For tests of a receiver.",
  parameters: [
    {
      name: "secret",
      type: string,
      description: "The endpoint's signing secret, used as UTF-8 text.",
    },
    {
      name: "timestamp",
      type: string,
      description:
        "Unix time in whole seconds, as `X-PolyAI-Timestamp` has it. A number is taken as its digits.",
    },
    { name: "body", type: string, description: "The raw body." },
  ],
  returns: string,
  call(secret, timestamp, body) {
    checkSecret(secret, 0);
    if (!TIMESTAMP.test(timestamp)) {
      throw new FunctionArgumentError("It must be a Unix time in whole seconds.", 1);
    }
    return signWebhook({ secret, timestamp, payload: body });
  },
});

/** @throws FunctionArgumentError if nothing can be signed with the secret */
export function checkSecret(secret: string, argument: number): void {
  try {
    assertSecret(secret);
  } catch (problem) {
    throw new FunctionArgumentError(`${(problem as TypeError).message}.`, argument);
  }
}
