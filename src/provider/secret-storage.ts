/**
 * How a state keeps a secret: in plain text, or with `encrypt_to` as a ciphertext and nothing else.
 */
import { isUnknown, UNKNOWN, type Unknown } from "../plugin/cty/value.js";
import { error, DiagnosticError, type Diagnostic } from "../plugin/framework/diagnostic.js";
import { encryptorFor } from "./age.js";
import type { Attributes, State } from "./webhook-secret-schema.js";
import type { ConfigOf, PlannedOf } from "../plugin/schema/values.js";

type StoredSecret = Pick<
  State,
  "signing_secret" | "previous_signing_secret" | "encrypted_signing_secret"
>;

/** What a plan knows of a new secret, and of `previous`, the one that it takes the place of. */
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
 * @throws DiagnosticError where one of the recipients cannot be encrypted to
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

/** What is wrong with initial_secret and initial_secret_wo, of which the latter is in no plan. */
export function initialSecretProblems(
  config: Pick<
    ConfigOf<Attributes>,
    "encrypt_to" | "initial_secret" | "initial_secret_wo" | "initial_secret_wo_version"
  >,
): readonly Diagnostic[] {
  const { encrypt_to, initial_secret, initial_secret_wo, initial_secret_wo_version } = config;
  if (initial_secret !== null && !isUnknown(initial_secret)) {
    if (encrypt_to !== null) {
      return [
        error(
          "Invalid initial_secret",
          "It would be in the state in plain text, which encrypt_to is to prevent. Give the secret as initial_secret_wo.",
          "initial_secret",
        ),
      ];
    }
    if (initial_secret_wo !== null) {
      return [
        error(
          "Invalid initial_secret",
          "initial_secret and initial_secret_wo exclude each other.",
          "initial_secret",
        ),
      ];
    }
  }
  if (isUnknown(initial_secret_wo) || isUnknown(initial_secret_wo_version)) return [];
  if ((initial_secret_wo === null) !== (initial_secret_wo_version === null)) {
    return [
      error(
        "Invalid initial_secret_wo",
        "initial_secret_wo and initial_secret_wo_version belong together: set both, or neither.",
        initial_secret_wo === null ? "initial_secret_wo_version" : "initial_secret_wo",
      ),
    ];
  }
  if (initial_secret_wo !== null && encrypt_to === null) {
    return [
      error(
        "Invalid initial_secret_wo",
        "Without encrypt_to the state would hold the secret all the same, as signing_secret. Set encrypt_to too.",
        "initial_secret_wo",
      ),
    ];
  }
  return [];
}
