import type { WriteStream } from "node:tty";

type Paint = (text: string) => string;

/**
 * Colours for what is written to a stream: none where it is no terminal, or NO_COLOR is set.
 *
 * util.styleText would do, but Node has had it since 20.12 only.
 */
export function paint(
  stream: Pick<WriteStream, "isTTY">,
): Record<"bold" | "dim" | "green" | "red" | "yellow", Paint> {
  const on =
    stream.isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
  const with_ =
    (start: number, end: number): Paint =>
    (text) =>
      on ? `\x1b[${start}m${text}\x1b[${end}m` : text;
  return {
    bold: with_(1, 22),
    dim: with_(2, 22),
    green: with_(32, 39),
    red: with_(31, 39),
    yellow: with_(33, 39),
  };
}

/** Text, or texts in a row, two spaces to the right. */
export const indented = (text: string | readonly string[]): string =>
  (typeof text === "string" ? text : text.join("")).replace(/^(?=.)/gm, "  ");
