import { defineFunction, FunctionArgumentError } from "../plugin/framework/function.js";
import { bool, listOf, nullable, string } from "../plugin/schema/attribute.js";
import { checkSecret } from "./function-sign.js";
import { verifyWebhook } from "../webhooks/verify.js";

export const verify = defineFunction({
  name: "verify",
  summary: "Tells whether a webhook delivery was signed with one of the secrets",
  description:
    "Whether `signature` is that of the delivery with one of `secrets`. A timestamp or a signature that is malformed is `false`, never an error. Unlike a receiver, it does not look at the clock: a function of Terraform must always answer the same, so an old delivery verifies too.",
  parameters: [
    {
      name: "secrets",
      type: listOf(nullable(string)),
      description:
        "The secrets that may have signed: `[current, previous]` while a rotation rolls out. Null elements are passed over, but one secret there must be.",
    },
    { name: "timestamp", type: string, description: "The value of `X-PolyAI-Timestamp`." },
    { name: "body", type: string, description: "The raw body." },
    { name: "signature", type: string, description: "The value of `X-PolyAI-Signature`." },
  ],
  returns: bool,
  call(secrets, timestamp, body, signature) {
    const given = secrets.filter((secret) => secret !== null);
    if (given.length === 0) throw new FunctionArgumentError("It must hold a signing secret.", 0);
    for (const secret of given) checkSecret(secret, 0);
    const { valid } = verifyWebhook({
      payload: body,
      secrets: given,
      timestamp,
      signature,
      toleranceSeconds: Infinity,
    });
    return valid;
  },
});
