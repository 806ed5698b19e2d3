/** age itself, beside the provider's use of it. */
import type * as Base from "@scure/base" with { "resolution-mode": "import" };
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type * as Age from "age-encryption" with { "resolution-mode": "import" };

export interface Key {
  /** The private half. */
  readonly identity: string;
  /** The public half. */
  readonly recipient: string;
}

export const age = require("age-encryption") as typeof Age;
const { bech32 } = require("@scure/base") as typeof Base;

/** A key of the classic kind, for one run. */
function classicKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const half = (key: KeyObject, field: "d" | "x") =>
    Buffer.from(key.export({ format: "jwk" })[field] ?? "", "base64url");
  return {
    identity: bech32.encodeFromBytes("age-secret-key-", half(privateKey, "d")).toUpperCase(),
    recipient: bech32.encodeFromBytes("age", half(publicKey, "x")),
  };
}
export const ALICE = classicKey();
export const BOB = classicKey();

export async function newKey(kind: "classic" | "post-quantum" = "classic"): Promise<Key> {
  const identity = await (kind === "classic"
    ? age.generateX25519Identity()
    : age.generateHybridIdentity());
  return { identity, recipient: await age.identityToRecipient(identity) };
}

/** Opens a ciphertext with the library alone, none of the provider's code between. */
export function open(armored: string, identity: string): Promise<string> {
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(age.armor.decode(armored), "text");
}

/** Encrypts with the library alone. */
export async function seal(plaintext: string, recipient: string): Promise<string> {
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(recipient);
  return age.armor.encode(await encrypter.encrypt(plaintext));
}

/** HCL that encrypts to these keys. */
export const encryptTo = (...keys: readonly Key[]): string =>
  `encrypt_to = ${JSON.stringify(keys.map(({ recipient }) => recipient))}`;
