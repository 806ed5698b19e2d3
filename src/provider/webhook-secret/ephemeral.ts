import { error, DiagnosticError } from "../../plugin/framework/diagnostic.js";
import { defineEphemeralResource } from "../../plugin/framework/ephemeral-resource.js";
import { redact } from "../../plugin/logging/redaction.js";
import { string, type Validator } from "../../plugin/schema/attribute.js";
import { defineSchema } from "../../plugin/schema/define.js";
import { decrypt, DecryptionError, parseArmor, parseIdentities } from "./age.js";

const VARIABLE = "POLYAI_AGE_IDENTITY";

const schema = defineSchema({
  description:
    "Opens the `encrypted_signing_secret` of a `polyai_webhook_secret`, for write-only arguments and provider configurations (Terraform 1.10, OpenTofu 1.11). It decrypts and does nothing else: it never rotates, and never asks PolyAI. The secret is in no plan and no state.",
  attributes: {
    encrypted_signing_secret: string.required({
      description: "An ASCII-armored age file: the resource's attribute of the same name.",
      validate: [faultOf(parseArmor)],
    }),
    identity: string.optional({
      description: `Identity of one of the recipients in the resource's \`encrypt_to\`: \`AGE-SECRET-KEY-…\`, or the text of an age identity file, of which each identity is tried. Give it from an ephemeral variable. Defaults to \`${VARIABLE}\` from the environment.`,
      sensitive: true,
      validate: [faultOf(parseIdentities)],
    }),
    signing_secret: string.computed({
      description: "The current secret.",
      sensitive: true,
    }),
  },
});

export const ephemeralWebhookSecret = defineEphemeralResource({
  typeName: "polyai_webhook_secret",
  schema,

  async open({ config }) {
    const { encrypted_signing_secret, identity } = config;
    const file = identity ?? process.env[VARIABLE] ?? "";
    redact(file);
    const fromEnvironment = identity === null;
    if (fromEnvironment && file === "") throw new DiagnosticError(MISSING_IDENTITY);
    try {
      const identities = parseIdentities(file);
      const signing_secret = await decrypt(encrypted_signing_secret, identities);
      return { result: { encrypted_signing_secret, identity, signing_secret } };
    } catch (failure) {
      if (!(failure instanceof DecryptionError)) throw failure;
      const [summary, detail, at] = FAULTS[failure.reason];
      const source = fromEnvironment && at === "identity" ? `It comes from ${VARIABLE}. ` : "";
      throw new DiagnosticError(error(summary, `${source}${detail}`, at));
    }
  },
});

/** @param parse throws DecryptionError if it cannot read the text */
function faultOf(parse: (text: string) => unknown): Validator<string> {
  return (text) => {
    try {
      parse(text);
      return undefined;
    } catch (failure) {
      if (!(failure instanceof DecryptionError)) throw failure;
      return FAULTS[failure.reason][1];
    }
  };
}

const MISSING_IDENTITY = error(
  "Missing age identity",
  `Set the argument identity, from an ephemeral variable, or the environment variable ${VARIABLE}: the identity of one of the recipients in encrypt_to.`,
  "identity",
);

/** The argument at fault and what is wrong with it. No text quotes the identity or the ciphertext. */
const FAULTS: Readonly<
  Record<DecryptionError["reason"], readonly [summary: string, detail: string, at: string]>
> = {
  "identity malformed": [
    "Invalid identity",
    "It must be an age identity, as age-keygen makes it: AGE-SECRET-KEY-1… or AGE-SECRET-KEY-PQ-1…, or an identity file with nothing but such lines and comments. An identity file that is itself encrypted must be decrypted first; plugins and SSH keys are not supported.",
    "identity",
  ],
  "no match": [
    "Wrong age identity",
    "None of the identities belongs to a recipient that the secret was encrypted to. Give the identity of one of the recipients that encrypt_to had when the secret was last rotated.",
    "identity",
  ],
  "not armored": [
    "Invalid encrypted_signing_secret",
    "It is no ASCII-armored age file, which begins with the line -----BEGIN AGE ENCRYPTED FILE-----. Give the encrypted_signing_secret of a polyai_webhook_secret that has encrypt_to.",
    "encrypted_signing_secret",
  ],
  passphrase: [
    "Invalid encrypted_signing_secret",
    "It is encrypted with a passphrase, not to recipients: it does not come from a polyai_webhook_secret.",
    "encrypted_signing_secret",
  ],
  damaged: [
    "Invalid encrypted_signing_secret",
    "It is damaged: cut, or changed since it was encrypted. Take it from the resource as it is, every line of it.",
    "encrypted_signing_secret",
  ],
};
