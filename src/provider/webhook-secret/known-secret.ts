import { error, DiagnosticError } from "../../plugin/framework/diagnostic.js";

/** POLYAI_SIGNING_SECRET: a secret that the practitioner knows already, for one import. */
export class KnownSecret {
  #adoptedFor: string | undefined;

  constructor(private readonly secret: string | undefined) {}

  /**
   * The secret, if there is one, for the endpoint that is imported.
   *
   * @throws DiagnosticError where it was taken for another endpoint: it can be right for one only
   */
  adoptFor(endpointId: string): string | undefined {
    if (this.secret === undefined) return undefined;
    this.#adoptedFor ??= endpointId;
    if (this.#adoptedFor === endpointId) return this.secret;
    throw new DiagnosticError(
      error(
        `One known secret for two imports`,
        `POLYAI_SIGNING_SECRET was taken as the secret of ${this.#adoptedFor}, so it cannot be that of ${endpointId} too. Import one endpoint at a time while the variable is set.`,
      ),
    );
  }
}
