import { tablesOf, type CliRow } from "./report.js";

export const pageOf = (rows: readonly CliRow[]): string => JSON.stringify(tablesOf(rows));
