/** age itself, beside the provider's use of it. */
import type * as Age from "age-encryption" with { "resolution-mode": "import" };

export interface Key {
  /** The private half. */
  readonly identity: string;
  /** The public half. */
  readonly recipient: string;
}

/** Keys for tests alone: they open nothing of anybody's. */
export const ALICE: Key = {
  identity: "AGE-SECRET-KEY-1RLCDDV9LP38W076WUQ8LY0YCERG5WXD9H7V2KNYQLEJ24P4HQVFSVXAKNF",
  recipient: "age10zehmdpw28vg33403fsy2j23hnrej4jgq0e2kpd98mcjnfnw73nspepgfa",
};
export const BOB: Key = {
  identity: "AGE-SECRET-KEY-18PC93RTU2GWU0GZ0ADGLT59XGD06TWU3MZTFWZVE6T7UEPETQJ2QPDXLGA",
  recipient: "age188nnzyparmdyqk6mqn3ncpuv8e5x6s32tplt08fv9nw77xhg7eeqafzvva",
};

type Library = typeof Age;

export const age = require("age-encryption") as Library;

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
