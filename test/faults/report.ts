import type { Cli } from "../support/cli.js";
import { FAULTS, type Operation, type Span } from "./faults.js";
import type { Row } from "./run-case.js";

export interface CliRow {
  readonly cli: Cli;
  readonly row: Row;
}

const WIDTHS = { cli: 9, operation: 7, fault: 32, span: 7, api: 20, state: 5 };

/** One line of the table that a run prints. */
export function lineOf({ cli, row }: CliRow): string {
  const { operation, fault, span } = row.case;
  const cells = [
    row.problems.length === 0 ? "ok  " : "FAIL",
    cli.product.padEnd(WIDTHS.cli),
    operation.padEnd(WIDTHS.operation),
    fault.name.padEnd(WIDTHS.fault),
    span.padEnd(WIDTHS.span),
    apiOf(row).padEnd(WIDTHS.api),
    row.state.padEnd(WIDTHS.state),
    row.told ? "told" : "    ",
    row.healed ? "healed" : "DEAD  ",
    seenOf(row),
  ];
  return [cells.join("  "), ...row.problems.map((problem) => `      ${problem}`)].join("\n");
}

export const HEADING = [
  "    ",
  "CLI".padEnd(WIDTHS.cli),
  "does".padEnd(WIDTHS.operation),
  "fault".padEnd(WIDTHS.fault),
  "span".padEnd(WIDTHS.span),
  "API".padEnd(WIDTHS.api),
  "state",
  "    ",
  "next  ",
  "the person saw",
].join("  ");

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

const apiOf = ({ calls, rotations }: Row): string =>
  `${count(calls, "call")}, ${count(rotations, "rotation")}`;

/** Summary and first paragraph, without what differs from run to run. */
function seenOf({ saw, exitCode, told }: Row): string {
  if (saw === undefined) return exitCode === 0 ? "nothing wrong" : "nothing";
  const [cause = ""] = saw.detail.split("\n\n");
  const words = [
    `${saw.severity === "warning" ? "warning: " : ""}${saw.summary}.`,
    cause,
    ...(told ? ["The secret may have changed …"] : []),
  ];
  return words
    .join(" ")
    .replace(/whe_[A-Za-z0-9]+/g, "whe_…")
    .replace(/127\.0\.0\.1:\d+|localhost:\d+/g, "HOST");
}

/** The tables of docs/reliability.md: one for each operation. */
export function tablesOf(rows: readonly CliRow[]): Readonly<Record<Operation, string>> {
  return {
    create: tableOf(rows, "create"),
    rotate: tableOf(rows, "rotate"),
    refresh: tableOf(rows, "refresh"),
  };
}

function tableOf(rows: readonly CliRow[], operation: Operation): string {
  const rotates = operation === "rotate";
  const columns = [
    "Fault",
    "For",
    "What the person saw",
    "What the API did",
    "State",
    "Next apply",
    ...(rotates ? ["Trigger put back"] : []),
  ];
  const lines = FAULTS.flatMap(({ name }) =>
    (["once", "lasting"] as const).flatMap((span) => {
      const same = rows.filter(
        ({ row: { case: it } }) =>
          it.operation === operation && it.fault.name === name && it.span === span,
      );
      const texts = same.map(({ row }) => cellsOf(row, name, span, rotates));
      const distinct = [...new Set(texts)];
      return distinct.map((text) =>
        distinct.length === 1
          ? text
          : text.replace("|", `| ${same[texts.indexOf(text)]?.cli.product ?? ""}:`),
      );
    }),
  );
  return [`| ${columns.join(" | ")} |`, `|${" --- |".repeat(columns.length)}`, ...lines].join("\n");
}

function cellsOf(row: Row, name: string, span: Span, rotates: boolean): string {
  const cells = [
    name,
    span === "once" ? "one request" : "every request",
    seenOf(row),
    apiOf(row),
    stateOf(row),
    row.healed ? (row.exitCode === 0 && row.state === "true" ? "nothing to do" : "heals") : "fails",
    ...(rotates ? [row.putBack ?? "–"] : []),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function stateOf({ state, told, rotations, case: { operation } }: Row): string {
  switch (state) {
    case "true":
      return told ? "true, and the error says that it may not be" : "true";
    case "false":
      return told ? "old secret, and the error says so" : "OLD SECRET, AND NOTHING SAYS SO";
    case "empty":
      if (operation === "refresh") return "removed, and the warning says so";
      if (told) return "empty, and the error says what that may mean";
      return rotations === 0 ? "empty, as before" : "EMPTY, AND NOTHING SAYS SO";
  }
}
