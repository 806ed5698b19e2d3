const CODES = { bold: 1, green: 32, red: 31, yellow: 33 } as const;

/** A text in a style, on a terminal. util.styleText would do, but not every Node 20 has it. */
export function styled(
  style: keyof typeof CODES,
  text: string,
  { isTTY }: { readonly isTTY: boolean } = process.stdout,
) {
  const { NO_COLOR = "", TERM } = process.env;
  return isTTY && NO_COLOR === "" && TERM !== "dumb" ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text;
}

/** Lines that hold something, two spaces to the right. */
export const indented = (text: string): string => text.replace(/^(?=.)/gm, "  ");
