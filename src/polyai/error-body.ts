import type { ErrorDetails, FieldError } from "./errors.js";
import type { Quote } from "./quote.js";

const MOST_FIELD_ERRORS = 20;
const FIELD_LIMIT = 200;
export const CORRELATION_ID_LIMIT = 128;

type ServerWords = Pick<ErrorDetails, "serverMessage" | "fieldErrors" | "correlationId">;

/**
 * The message in an error's body: `{ message }`, the envelope `{ error, error_id, error_message }`,
 * FastAPI's `{ detail: [{ loc, msg }] }`, plain text, or a web page's title. Never throws: a body
 * that says nothing gives nothing. `documented` is true for the first two, which are PolyAI's.
 *
 * @param parseJson throws for what is not JSON
 */
export function readErrorBody(
  text: string,
  quote: Quote,
  parseJson: (text: string) => unknown,
): { readonly words: ServerWords; readonly documented: boolean } {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch {
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
const plainText = (text: string): string =>
  isMarkup(text) ? (/<title[^>]*>([^<]{1,500})/i.exec(text.slice(0, 10_000))?.[1] ?? "") : text;

export const isMarkup = (text: string): boolean => /^\s*<(?:!doctype|html|\?xml|[a-z])/i.test(text);
