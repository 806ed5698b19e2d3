import { error, type Diagnostic } from "../plugin/framework/diagnostic.js";
import type { PolyaiError } from "../polyai/errors.js";

/** What was tried, for the sentences of a diagnostic. */
export interface Attempt {
  /** Completes "Could not …": `rotate the signing secret of whe_1`. */
  readonly action: string;
  /** The attribute that names the object, if the config has one. */
  readonly at?: string;
  /** The attributes that the API may complain of by name. */
  readonly attributes?: readonly string[];
  /** Ends the detail if the call may have acted all the same. */
  readonly ifAmbiguous?: string;
}

type Diagnostics = readonly [Diagnostic, ...Diagnostic[]];

/** Makes an API error actionable: what was tried, what the API said and how to go on. */
export function diagnose(failure: PolyaiError, attempt: Attempt): Diagnostics {
  const { action, at, attributes = [], ifAmbiguous = "" } = attempt;
  const complaints = (failure.fieldErrors ?? []).flatMap(({ loc, msg }) => {
    const name = attributes.find((attribute) => loc.includes(attribute));
    return name === undefined ? [] : [{ text: `PolyAI says: ${msg}`, name }];
  });
  const whole = { text: explanation(failure), name: attributeNamed(failure, attributes) ?? at };
  const [first = whole, ...others] = complaints;
  const report = ({ text, name }: typeof first, more = "") =>
    error(`Could not ${action}`, paragraphs(text, failure, more), name);
  return [
    report(first, failure.ambiguous ? ifAmbiguous : ""),
    ...others.map((each) => report(each)),
  ];
}

/** If the API complains in words alone, they may name the one attribute at fault. */
function attributeNamed(
  { kind, serverMessage = "" }: PolyaiError,
  attributes: readonly string[],
): string | undefined {
  if (kind !== "validation") return undefined;
  const named = attributes.filter((name) => new RegExp(`\\b${name}\\b`).test(serverMessage));
  return named.length === 1 ? named[0] : undefined;
}

const paragraphs = (text: string, { attempts, correlationId }: PolyaiError, more: string): string =>
  [
    text,
    attempts > 1 ? `Tried ${String(attempts)} times.` : "",
    correlationId === undefined ? "" : `PolyAI's correlation id: ${correlationId}`,
    more,
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
