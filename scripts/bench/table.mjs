/**
 * A table in Markdown that reads well as plain text, too. The first column is aligned left, the
 * others right.
 *
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column])].map((cell) => cell.length)),
  );
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** A time in milliseconds, with as many digits as it deserves. */
export function duration(milliseconds) {
  if (milliseconds === undefined) return "–";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

export const fixed = (number, digits) => (number === undefined ? "–" : number.toFixed(digits));

export const mebibytes = (kibibytes) =>
  kibibytes === undefined ? "–" : `${Math.round(kibibytes / 1024)} MiB`;

/** 1000 as "1,000". */
export const count = (number) => number.toLocaleString("en-US");
