import { error, type Diagnostic } from "../plugin/framework/diagnostic.js";
import type { PolyaiError } from "../polyai/errors.js";
import { sentences } from "../polyai/quote.js";

/** Describes what was tried, for the sentences of a diagnostic. */
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
    return name === undefined ? [] : [{ text: sentences(`PolyAI says: ${msg}`), name }];
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

/**
 * If the API complains in words alone, they may name the one attribute at fault: by its path, in
 * quotes or before a colon, since most names are ordinary words.
 */
function attributeNamed(
  { kind, serverMessage = "" }: PolyaiError,
  attributes: readonly string[],
): string | undefined {
  if (kind !== "validation") return undefined;
  const named = attributes.filter((name) =>
    new RegExp(`(\\bbody\\.|["'\`])${name}\\b|\\b${name}:`).test(serverMessage),
  );
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
  const { kind, place, apiKeySource, serverMessage, message } = failure;
  const said = serverMessage === undefined ? "" : `PolyAI says: ${serverMessage}`;
  switch (kind) {
    case "unauthorized":
      return sentences(
        `PolyAI refused the API key from ${apiKeySource}, asked ${place.words}.`,
        said,
        `Check that the key is current, and check ${place.setting}: a key is good for one region only.`,
      );
    case "not_found":
      return sentences(
        `PolyAI does not know it ${place.words}.`,
        said,
        `Either it was deleted, or it belongs to another region or account: check the id, the API key and ${place.setting}.`,
      );
    case "validation":
      return sentences("PolyAI refused the request.", said);
    case "conflict":
      return sentences(
        "PolyAI does not make another one.",
        said,
        "An account may have 10 webhook endpoints and 10 alert rules. If this run deletes one, too, apply again.",
      );
    case "rate_limited":
      return sentences(
        "PolyAI asks for fewer requests.",
        said,
        "Apply again later, with a lower -parallelism, or raise the provider's max_retries.",
      );
    default:
      return sentences(message, said, `PolyAI was asked ${place.words}.`);
  }
}
