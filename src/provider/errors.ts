import { attributePath } from "../plugin/cty/path.js";
import { error, DiagnosticError, type Diagnostic } from "../plugin/framework/diagnostic.js";
import type { PolyaiError } from "../polyai/errors.js";

/** What was tried, for the sentences of a diagnostic. */
export interface Attempt {
  /** Completes "Could not …": `rotate the signing secret of whe_1`. */
  readonly action: string;
  /** The attribute that names the object, where the config has one. */
  readonly at?: string;
  /** Which attributes the API may complain of by name. */
  readonly attributes?: readonly string[];
}

/**
 * Makes of an API error what a practitioner can act on: what was tried, what the API said and
 * how to go on.
 */
export function diagnose(
  failure: PolyaiError,
  attempt: Attempt,
): readonly [Diagnostic, ...Diagnostic[]] {
  const summary = `Could not ${attempt.action}`;
  const fields = (failure.fieldErrors ?? []).flatMap(({ loc, msg }): readonly Diagnostic[] => {
    const name = attempt.attributes?.find((attribute) => loc.includes(attribute));
    return name === undefined
      ? []
      : [error(summary, sentences(`PolyAI says: ${msg}`, failure), name)];
  });
  const [first, ...others] = fields;
  if (first !== undefined) return [first, ...others];
  const name = attributeNamed(failure, attempt) ?? attempt.at;
  const at = name === undefined ? undefined : attributePath(name);
  return [error(summary, sentences(explanation(failure), failure), at)];
}

/** @throws DiagnosticError always */
export function fail(failure: PolyaiError, attempt: Attempt): never {
  throw new DiagnosticError(...diagnose(failure, attempt));
}

/** Where the API complains in words alone, they may name the one attribute at fault. */
function attributeNamed(
  { kind, serverMessage = "" }: PolyaiError,
  { attributes = [] }: Attempt,
): string | undefined {
  if (kind !== "validation") return undefined;
  const named = attributes.filter((name) => new RegExp(`\\b${name}\\b`).test(serverMessage));
  return named.length === 1 ? named[0] : undefined;
}

const sentences = (text: string, { attempts, correlationId }: PolyaiError): string =>
  [
    text,
    attempts > 1 ? `Tried ${String(attempts)} times.` : "",
    correlationId === undefined ? "" : `PolyAI's correlation id: ${correlationId}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");

function explanation(failure: PolyaiError): string {
  const { kind, region, apiKeySource, serverMessage } = failure;
  const said = serverMessage === undefined ? "" : ` PolyAI says: ${serverMessage}`;
  switch (kind) {
    case "unauthorized":
      return `PolyAI refused the API key from ${apiKeySource}, asked in region ${region}.${said} Check that the key is current and belongs to that region; another region is chosen with the provider's region argument or POLYAI_REGION.`;
    case "not_found":
      return `PolyAI does not know it in region ${region}.${said} Either it was deleted, or it belongs to another region or account: check the id, the provider's region argument (or POLYAI_REGION) and the API key.`;
    case "validation":
      return `PolyAI refused the request.${said}`;
    case "conflict":
      return `PolyAI has no room for it.${said} An account may have 10 webhook endpoints and 10 alert rules.`;
    case "rate_limited":
      return `PolyAI asks for fewer requests.${said} Apply again later, with a lower -parallelism, or raise the provider's max_retries.`;
    default:
      return `${failure.message}${said}`;
  }
}
