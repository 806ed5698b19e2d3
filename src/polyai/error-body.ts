import type { ErrorDetails, FieldError } from "./errors.js";
import { quote } from "./quote.js";

const MOST_FIELD_ERRORS = 20;
const FIELD_LIMIT = 200;
export const CORRELATION_ID_LIMIT = 128;
/** Of a page or plain text, in characters. */
const LOOKED_AT = 4096;

type ServerWords = Pick<ErrorDetails, "serverMessage" | "fieldErrors" | "correlationId">;

/**
 * The message in an error's body: `{ message }`, the envelope `{ error, error_id, error_message }`,
 * FastAPI's `{ detail: [{ loc, msg }] }`, plain text, or a web page's title. Never throws: a body
 * that says nothing gives nothing. `documented` is true for the first two, which are PolyAI's.
 *
 * @param parsed the JSON that the text is, if it is any
 */
export function readErrorBody(
  text: string,
  parsed: unknown,
): { readonly words: ServerWords; readonly documented: boolean } {
  const said = parsed === undefined ? plainText(text) : parsed;
  if (typeof said !== "object" || said === null) {
    return { words: message(say(said)), documented: false };
  }
  const fields = said as Readonly<Record<string, unknown>>;
  const { detail, error, error_message, error_id } = fields;
  const fieldErrors = Array.isArray(detail) ? readFieldErrors(detail) : [];
  const first =
    [error_message, error, fields["message"], detail]
      .map((value) => say(value))
      .find((value) => value !== "") ??
    quote(fieldErrors.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; "));
  const correlationId = say(error_id, CORRELATION_ID_LIMIT);
  return {
    words: {
      ...message(first),
      ...(correlationId === "" ? {} : { correlationId }),
      ...(fieldErrors.length === 0 ? {} : { fieldErrors }),
    },
    documented: [fields["message"], error_message, error_id].some(
      (value) => typeof value === "string",
    ),
  };
}

/** Empty for what is no text. */
const say = (value: unknown, limit?: number): string =>
  typeof value === "string" ? quote(value, limit) : "";

const message = (serverMessage: string): ServerWords =>
  serverMessage === "" ? {} : { serverMessage };

const readFieldErrors = (detail: readonly unknown[]): readonly FieldError[] =>
  detail.slice(0, MOST_FIELD_ERRORS).flatMap((entry) => {
    const { loc, msg } = (entry ?? {}) as { readonly loc?: unknown; readonly msg?: unknown };
    const path: readonly unknown[] = Array.isArray(loc) ? loc.slice(0, MOST_FIELD_ERRORS) : [];
    const steps = path.map((step) => (typeof step === "number" ? step : say(step, FIELD_LIMIT)));
    const text = say(msg);
    return text === "" ? [] : [{ loc: steps, msg: text }];
  });

/** Markup tells a person nothing; its title often does ("502 Bad Gateway"). */
function plainText(text: string): string {
  if (!isMarkup(text)) return text;
  const start = text.slice(0, LOOKED_AT);
  const title = start.toLowerCase().indexOf("<title");
  const words = start.indexOf(">", title) + 1;
  const end = start.indexOf("<", words);
  return title >= 0 && words > 0 && end >= 0 ? start.slice(words, end) : "";
}

export const isMarkup = (text: string): boolean =>
  /^<[!?a-z]/i.test(text.slice(0, LOOKED_AT).trimStart());
