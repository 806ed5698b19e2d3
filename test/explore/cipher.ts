/**
 * Puts an encoding in the place of encryption, which takes real time and a thread of its own.
 * The provider's way from a secret to an armored file stays as it is.
 */
import type * as Age from "age-encryption" with { "resolution-mode": "import" };
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { UNENCRYPTED } from "./secret-names.js";

const { armor, Encrypter } = require("age-encryption") as typeof Age;

Object.assign(Encrypter.prototype, {
  addRecipient: () => undefined,
  encrypt: (plaintext: string) =>
    plaintext.startsWith(UNENCRYPTED)
      ? Promise.reject(new Error("encryption fails"))
      : Promise.resolve(Buffer.from(plaintext)),
});

/** The secret that a state holds, in plain text or encrypted; null if it holds none. */
export function secretIn({ signing_secret, encrypted_signing_secret }: ObjectValue): string | null {
  return typeof encrypted_signing_secret === "string"
    ? Buffer.from(armor.decode(encrypted_signing_secret)).toString()
    : (signing_secret as string | null);
}
