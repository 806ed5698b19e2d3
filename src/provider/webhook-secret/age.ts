/**
 * age (https://age-encryption.org/v1), through the library of its author. It is loaded by whoever
 * needs it first: a provider that encrypts nothing starts without it.
 */
import type * as Age from "age-encryption" with { "resolution-mode": "import" };
import type { Validator } from "../../plugin/schema/attribute.js";

type Library = typeof Age;

let library: Library | undefined;

const age = (): Library =>
  // import() would be left to the host of the tests, which runs CommonJS.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  (library ??= require("age-encryption") as Library);

/** Holds a text against what {@link encryptorFor} takes. */
export const ageRecipient: Validator<string> = (value) => {
  try {
    new (age().Encrypter)().addRecipient(value);
    return undefined;
  } catch {
    return `It must be an age recipient, such as age-keygen prints it: age1… (X25519) or age1pq1… (post-quantum).${hintFor(value)}`;
  }
};

function hintFor(value: string): string {
  if (/age-secret-key-/i.test(value)) {
    return " This is an identity, the private half, which must stay with whoever decrypts: give its recipient, as `age-keygen -y` prints it.";
  }
  if (/^(ssh-|ecdsa-)/.test(value)) {
    return " SSH keys are not supported: make an age key with `age-keygen`.";
  }
  return /^age1/.test(value) ? " A character of it is wrong or missing." : "";
}

/**
 * Refuses what age itself refuses: one classic recipient would undo the protection that the post-quantum
 * recipients have.
 */
export const noMixedRecipients: Validator<readonly string[]> = (recipients) => {
  const postQuantum = recipients.filter((recipient) => /^age1(tag)?pq1/.test(recipient));
  return postQuantum.length === 0 || postQuantum.length === recipients.length
    ? undefined
    : "It must not mix post-quantum recipients (age1pq1…) with others: a file is as safe as the weakest of them.";
};

/** Gives a plaintext's ciphertext, ASCII-armored. */
export type Encryptor = (plaintext: string) => Promise<string>;

/**
 * An encryptor to these recipients, any of whom can decrypt. It has been tried: a key that is well
 * formed and yet useless, such as a point of low order, is found now.
 *
 * @throws Error if one of them cannot be encrypted to
 */
export async function encryptorFor(recipients: readonly string[]): Promise<Encryptor> {
  const { Encrypter, armor } = age();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const encrypt: Encryptor = async (plaintext) => armor.encode(await encrypter.encrypt(plaintext));
  await encrypt("");
  return encrypt;
}

/** Why something was not decrypted. No text of the input is in it. */
export class DecryptionError extends Error {
  constructor(
    readonly reason: "identity malformed" | "not armored" | "passphrase" | "no match" | "damaged",
  ) {
    super(reason);
  }
}

/**
 * The identities in an age identity file: one on a line, comments and empty lines between them.
 *
 * @throws DecryptionError if a line is not an identity, or if there is none
 */
export function parseIdentities(file: string): readonly string[] {
  const identities = file
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const decrypter = new (age().Decrypter)();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
  } catch {
    throw new DecryptionError("identity malformed");
  }
  if (identities.length === 0) throw new DecryptionError("identity malformed");
  return identities;
}

const MAGIC = Buffer.from("age-encryption.org/");

/**
 * The bytes of an ASCII-armored age file.
 *
 * @throws DecryptionError if it is none
 */
export function parseArmor(armored: string): Uint8Array {
  try {
    const file = age().armor.decode(armored);
    if (Buffer.from(file).subarray(0, MAGIC.length).equals(MAGIC)) return file;
    throw new Error("another kind of file");
  } catch {
    throw new DecryptionError(/^\s*-----BEGIN AGE/.test(armored) ? "damaged" : "not armored");
  }
}

/**
 * The plaintext of an ASCII-armored age file.
 *
 * @throws DecryptionError
 */
export async function decrypt(armored: string, identities: readonly string[]): Promise<string> {
  const { Decrypter } = age();
  const file = parseArmor(armored);
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(file, "text");
  } catch (thrown) {
    throw new DecryptionError(reasonOf(thrown, file));
  }
}

function reasonOf(thrown: unknown, file: Uint8Array): DecryptionError["reason"] {
  // A passphrase is always alone, in the first stanza of the header.
  const [, firstStanza] = Buffer.from(file.subarray(0, 200)).toString("latin1").split("\n");
  if (firstStanza?.startsWith("-> scrypt ")) return "passphrase";
  return thrown instanceof Error && thrown.message.startsWith("no identity matched")
    ? "no match"
    : "damaged";
}
