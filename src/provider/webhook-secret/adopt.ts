/**
 * initial_secret and initial_secret_wo: a secret that is known already and is adopted instead of
 * rotating. PolyAI cannot be asked whether a secret is valid; one that is known to be dead is
 * refused.
 */
import { isUnknown } from "../../plugin/cty/value.js";
import {
  error,
  warning,
  DiagnosticError,
  type Diagnostic,
} from "../../plugin/framework/diagnostic.js";
import type { ConfigOf } from "../../plugin/schema/values.js";
import { fingerprintOf } from "../fingerprint.js";
import { compareTriggers, type RotationInputs } from "./decide.js";
import type { Kept } from "./endpoint.js";
import { notAdopted } from "./messages.js";
import { knownSecretProblem, type Attributes, type State } from "./schema.js";

type Config = ConfigOf<Attributes>;

/**
 * Problems of initial_secret and initial_secret_wo, of which the latter is in no plan.
 *
 * @param prior the state that an update begins with
 */
export function initialSecretProblems(
  { encrypt_to, initial_secret, initial_secret_wo, initial_secret_wo_version }: Config,
  prior?: State,
): readonly Diagnostic[] {
  if (initial_secret !== null && !isUnknown(initial_secret)) {
    if (encrypt_to !== null && !isUnknown(encrypt_to)) {
      return invalid(
        "initial_secret",
        "It would be in the state in plain text, which encrypt_to is to prevent. Give the secret as initial_secret_wo.",
      );
    }
    if (initial_secret_wo !== null) {
      return invalid("initial_secret", "initial_secret and initial_secret_wo exclude each other.");
    }
  }
  if (isUnknown(initial_secret_wo) || isUnknown(initial_secret_wo_version)) return [];
  // With ignore_changes, core gives the prior values, and a write-only one is always null there.
  const ignored = initial_secret_wo_version === prior?.initial_secret_wo_version;
  if (initial_secret_wo === null && ignored) return [];
  if ((initial_secret_wo === null) !== (initial_secret_wo_version === null)) {
    return invalid(
      "initial_secret_wo",
      "initial_secret_wo and initial_secret_wo_version belong together: set both, or neither.",
      initial_secret_wo === null ? "initial_secret_wo_version" : "initial_secret_wo",
    );
  }
  if (initial_secret_wo !== null && encrypt_to === null) {
    return invalid(
      "initial_secret_wo",
      "Without encrypt_to the state would hold the secret all the same, as signing_secret. Set encrypt_to too.",
    );
  }
  return [];
}

const invalid = (argument: string, detail: string, at = argument): readonly Diagnostic[] => [
  error(`Invalid ${argument}`, detail, at),
];

/**
 * The secret that is adopted, now that everything is known; null if there is none.
 *
 * @throws DiagnosticError if it must not be given
 */
export function initialSecret(config: Config, prior?: State): string | null {
  const [problem, ...others] = initialSecretProblems(config, prior);
  if (problem !== undefined) throw new DiagnosticError(problem, ...others);
  return given(config) ?? null;
}

/** Undefined if there is none, or if it is not known yet. */
function given({ initial_secret, initial_secret_wo }: Config): string | undefined {
  const secret = initial_secret_wo ?? initial_secret;
  return secret === null || isUnknown(secret) ? undefined : secret;
}

/**
 * The endpoint for which a replacement of this instance must not adopt the configured secret: it
 * is the one that was adopted at first, and was rotated since; or any secret, if the end of this
 * instance rotates.
 */
export function initialSecretDeadFor(config: Config, prior: State): string | undefined {
  const secret = given(config);
  if (secret === undefined) return undefined;
  const sameAsBefore =
    config.initial_secret_wo === null
      ? secret === prior.initial_secret
      : config.initial_secret_wo_version === prior.initial_secret_wo_version;
  const rotated = sameAsBefore && fingerprintOf(secret) !== prior.fingerprint;
  return rotated || prior.on_destroy === "invalidate" ? prior.endpoint_id : undefined;
}

/** The known secret that is adopted; undefined if there is none so far. */
export function adopted(config: Config): Kept["adopts"] {
  const secret = given(config);
  return secret === undefined
    ? undefined
    : { fingerprint: fingerprintOf(secret), ifDead: deadSecret(config) };
}

/**
 * Diagnostics of a planned adoption.
 *
 * @param deadFor as {@link initialSecretDeadFor} gave it
 * @param valid the fingerprint of the endpoint's secret, if it is known
 */
export function adoptionNotes(
  config: Config,
  deadFor: string | undefined,
  valid: string | null | undefined,
): readonly Diagnostic[] {
  const adopts = adopted(config);
  if (adopts === undefined) return [];
  const { endpoint_id } = config;
  // Core forgets what is dead until the apply, when an endpoint that is not known yet will be.
  if (deadFor !== undefined && (isUnknown(endpoint_id) || deadFor === endpoint_id)) {
    return [adopts.ifDead];
  }
  if (isUnknown(endpoint_id)) return [];
  // Core plans again during apply, when the secret of an endpoint that was just made is known.
  if (valid === adopts.fingerprint) return [];
  const argument = argumentOf(config);
  const wayOut = `leave ${argument} out then and change rotation_trigger, and applying rotates.`;
  return [unchecked(argument, wayOut, argument)];
}

/** Warns that an import or a move takes a secret for the valid one. */
export const takenOver = (source: string): Diagnostic =>
  unchecked(
    source,
    "change rotation_trigger then, in an apply after this one, and it rotates. A POLYAI_SIGNING_SECRET that is left set is taken for the next endpoint, too: unset it.",
  );

const unchecked = (source: string, wayOut: string, at?: string): Diagnostic =>
  warning(
    `${source} is adopted without being checked`,
    `PolyAI cannot be asked whether a secret is valid. If this one was rotated since it was made, receivers that use it refuse every delivery: ${wayOut}`,
    at,
  );

/** Says that a changed trigger rotates nothing, if the state's own secret is adopted again. */
export function sameSecretNotes(
  adopts: NonNullable<Kept["adopts"]>,
  prior: State,
  planned: RotationInputs,
): readonly Diagnostic[] {
  if (adopts.fingerprint !== prior.fingerprint) return [];
  if (compareTriggers(prior, planned) === "same") return [];
  return [
    warning(
      `The changed trigger does not rotate the secret of ${prior.endpoint_id}`,
      "initial_secret_wo_version changes with it, so initial_secret_wo is adopted, which is the secret that the state has already. To rotate, leave initial_secret_wo_version as it was.",
      "initial_secret_wo_version",
    ),
  ];
}

/** Says that initial_secret does nothing at an update, unless it is the secret in the state. */
export function lateSecretNotes(
  { initial_secret: given }: Config,
  prior: State,
): readonly Diagnostic[] {
  if (given === null || isUnknown(given) || given === prior.initial_secret) return [];
  return fingerprintOf(given) === prior.fingerprint ? [] : [notAdopted(prior.endpoint_id)];
}

const argumentOf = ({ initial_secret_wo }: Config): "initial_secret" | "initial_secret_wo" =>
  initial_secret_wo === null ? "initial_secret" : "initial_secret_wo";

export const deadSecret = (config: Config): Diagnostic =>
  error(
    `${argumentOf(config)} is not valid any more`,
    `The endpoint's secret was rotated since, or may have been, or will be when an object that is destroyed goes, so deliveries would not verify with it. To rotate in place, change rotation_trigger. To replace the resource, or to rename it without a moved block, leave ${argumentOf(config)} out: the new one rotates.`,
    argumentOf(config),
  );

/** POLYAI_SIGNING_SECRET: a secret that the practitioner knows already, for one import. */
export class KnownSecret {
  #adoptedFor: string | undefined;

  constructor(private readonly secret: string | undefined) {}

  /**
   * The secret, if there is one, for the endpoint that is imported.
   *
   * @throws DiagnosticError if it was taken for another endpoint, since it can be right for one
   *   only, or if it can be no secret
   */
  adoptFor(endpointId: string): string | undefined {
    if (this.secret === undefined) return undefined;
    const problem = knownSecretProblem(this.secret);
    if (problem !== undefined) {
      throw new DiagnosticError(
        error(
          "Invalid POLYAI_SIGNING_SECRET",
          `${problem} Import or move without the variable: the next apply rotates.`,
        ),
      );
    }
    this.#adoptedFor ??= endpointId;
    if (this.#adoptedFor === endpointId) return this.secret;
    throw new DiagnosticError(
      error(
        "One known secret for two imports",
        `POLYAI_SIGNING_SECRET was taken as the secret of ${this.#adoptedFor}, so it cannot be that of ${endpointId} too. Import one endpoint at a time while the variable is set.`,
      ),
    );
  }
}
