import { writeSync } from "node:fs";
import { redactText } from "./redaction.js";

/** The fields of a line beside its message. Bytes are never shown, only counted. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Writes lines that Terraform takes into its own log. Where the level is not asked for, nothing is
 * formatted.
 */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LEVELS)[number];

/** @param module what the line is about, as `@module` */
export const createLogger = (module: string): Logger => loggerTo(toStderr, levelOnce, module);

/**
 * A logger that writes elsewhere.
 *
 * @param write takes one line, with no line feed at its end
 * @param threshold the lowest level that is written; `undefined` for none at all
 */
export function loggerTo(
  write: (line: string) => void,
  threshold: () => LogLevel | undefined,
  module: string,
): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    const lowest = threshold();
    if (lowest === undefined || LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return;
    write(formatLine(level, module, message, fields ?? {}));
  };
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
}

/**
 * The level that Terraform was asked for: TF_LOG_PROVIDER before TF_LOG, in any case. `JSON` means
 * trace, and so does a word that is no level, as in Terraform itself. `undefined`: log nothing.
 */
export function levelFrom(environment: NodeJS.ProcessEnv): LogLevel | undefined {
  const asked = (environment["TF_LOG_PROVIDER"] || environment["TF_LOG"] || "off").toLowerCase();
  if (asked === "off") return undefined;
  return LEVELS.find((level) => level === asked) ?? "trace";
}

/** One line in hclog's JSON format, cleaned of every registered secret. */
export function formatLine(
  level: LogLevel,
  module: string,
  message: string,
  fields: LogFields,
): string {
  const line = {
    "@level": level,
    "@message": message,
    "@module": module,
    "@timestamp": timestamp(new Date()),
    ...fields,
  };
  const text = stringify(line);
  const cleaned = redactText(text);
  // A number may have been a secret, too.
  return cleaned === text || isJson(cleaned)
    ? cleaned
    : stringify({ "@level": level, "@message": "(sensitive)", "@module": module });
}

/** go-plugin reads times of six decimals, and takes a line with another for plain text. */
const timestamp = (date: Date): string => date.toISOString().replace("Z", "000Z");

const stringify = (line: LogFields): string => {
  try {
    return JSON.stringify(line, function (this: Record<string, unknown>, key) {
      // As it is in the holder: `toJSON` has already turned a Buffer into its bytes.
      return toPlain(this[key]);
    });
  } catch {
    // A circle, or a getter that throws.
    return stringify({ ...pick(line), "@note": "fields that cannot be shown" });
  }
};

const pick = (line: LogFields): LogFields =>
  Object.fromEntries(Object.entries(line).filter(([key]) => key.startsWith("@")));

const toPlain = (value: unknown): unknown => {
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (value instanceof Date) return Number.isNaN(+value) ? "(no date)" : value.toISOString();
  if (typeof value === "bigint") return value.toString();
  return value;
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

let level: { readonly value: LogLevel | undefined } | undefined;
const levelOnce = (): LogLevel | undefined => (level ??= { value: levelFrom(process.env) }).value;

/** Writes a line that is clean already. It never throws. */
export const toStderr = (line: string): void => writeLine(2, line);

/** The same, to any descriptor. */
export const writeLine = (descriptor: number, line: string): void => {
  let rest = Buffer.from(`${line}\n`);
  // A full pipe says EAGAIN. Whoever does not read for so long loses the line; the process goes on.
  for (let attempts = 0; rest.length > 0 && attempts < 100; attempts++) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      pause(5);
    }
  }
};

const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};
