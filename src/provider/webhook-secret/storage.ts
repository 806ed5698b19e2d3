/**
 * A state keeps a secret in plain text, or with `encrypt_to` as a ciphertext and nothing else.
 */
import { isUnknown, UNKNOWN, type Unknown } from "../../plugin/cty/value.js";
import { error, DiagnosticError } from "../../plugin/framework/diagnostic.js";
import { encryptorFor } from "./age.js";
import type { Attributes, State } from "./schema.js";
import type { PlannedOf } from "../../plugin/schema/values.js";

type StoredSecret = Pick<
  State,
  "signing_secret" | "previous_signing_secret" | "encrypted_signing_secret"
>;

/** The planned values of a new secret and of `previous`, the one that it replaces. */
export function plannedStorage(
  encryptTo: PlannedOf<Attributes>["encrypt_to"],
  previous: string | null | Unknown,
) {
  if (encryptTo === null) {
    return {
      signing_secret: UNKNOWN,
      previous_signing_secret: previous,
      encrypted_signing_secret: null,
    };
  }
  // An unknown encrypt_to may turn out to be null.
  const ifPlain = isUnknown(encryptTo) ? UNKNOWN : null;
  return {
    signing_secret: ifPlain,
    previous_signing_secret: previous === null ? null : ifPlain,
    encrypted_signing_secret: UNKNOWN,
  };
}

/** Gives what a state holds of a secret, and of the one before. */
export type Store = (secret: string, previous: string | null) => Promise<StoredSecret>;

/**
 * Makes ready to store a secret. Whatever can be wrong with the recipients is found here, before
 * anything rotates.
 *
 * @throws DiagnosticError if one of the recipients cannot be encrypted to
 */
export async function storageFor(recipients: State["encrypt_to"]): Promise<Store> {
  if (recipients === null) {
    return (signing_secret, previous_signing_secret) =>
      Promise.resolve({ signing_secret, previous_signing_secret, encrypted_signing_secret: null });
  }
  try {
    const encrypt = await encryptorFor(recipients);
    return async (secret) => ({
      signing_secret: null,
      previous_signing_secret: null,
      encrypted_signing_secret: await encrypt(secret),
    });
  } catch {
    throw new DiagnosticError(
      error(
        "Invalid encrypt_to",
        "One of the recipients is well formed but is no key that anybody could decrypt with. Nothing was rotated. Make the recipients anew with age-keygen.",
        "encrypt_to",
      ),
    );
  }
}
