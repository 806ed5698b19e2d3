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
  if (parsed === undefined) {
    return { words: message(quote(plainText(text))), documented: false };
  }
  const say = (value: unknown, limit?: number): string =>
    typeof value === "string" ? quote(value, limit) : "";
  if (typeof parsed !== "object" || parsed === null) {
    return { words: message(say(parsed)), documented: false };
  }

  const fields = parsed as Readonly<Record<string, unknown>>;
  const fieldErrors = readFieldErrors(fields["detail"], say);
  const said = [fields["error_message"], fields["error"], fields["message"], fields["detail"]];
  const first =
    said.map((value) => say(value)).find((value) => value !== "") ??
    quote(fieldErrors.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; "));
  const correlationId = say(fields["error_id"], CORRELATION_ID_LIMIT);
  return {
    words: {
      ...message(first),
      ...(correlationId === "" ? {} : { correlationId }),
      ...(fieldErrors.length === 0 ? {} : { fieldErrors }),
    },
    documented: ["message", "error_message", "error_id"].some(
      (name) => typeof fields[name] === "string",
    ),
  };
}

const message = (serverMessage: string): ServerWords =>
  serverMessage === "" ? {} : { serverMessage };

function readFieldErrors(
  detail: unknown,
  say: (value: unknown, limit?: number) => string,
): readonly FieldError[] {
  if (!Array.isArray(detail)) return [];
  return detail.slice(0, MOST_FIELD_ERRORS).flatMap((entry: unknown): readonly FieldError[] => {
    if (typeof entry !== "object" || entry === null) return [];
    const { loc, msg } = entry as { readonly loc?: unknown; readonly msg?: unknown };
    const path: readonly unknown[] = Array.isArray(loc) ? loc.slice(0, MOST_FIELD_ERRORS) : [];
    const text = say(msg);
    if (text === "") return [];
    return [
      {
        loc: path.map((step) => (typeof step === "number" ? step : say(step, FIELD_LIMIT))),
        msg: text,
      },
    ];
  });
}

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
