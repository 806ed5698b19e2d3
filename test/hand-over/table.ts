/** The bench's figures, as it prints them and as docs/guides/hand-over.md shows them. */
import { sum, type Figures } from "./figures.js";
import { FAULTS, REFUSED_FOR_GOOD, WAYS, type HandOverFault, type Way } from "./ways.js";

export interface Result {
  readonly way: Way;
  readonly fault: HandOverFault;
  readonly figures: Figures;
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

const count = (number: number): string => number.toLocaleString("en");

/** A line for each way, with the longest refusal under each fault. */
export function pageTable(results: readonly Result[]): readonly string[] {
  const header = ["way", ...FAULTS.map(({ title }) => title), "late", "doubled", "lost"];
  const lines = [...WAYS, REFUSED_FOR_GOOD].map((way) => {
    const ofWay = results.filter((each) => each.way === way);
    const refusals = FAULTS.map((fault) => {
      const met = ofWay.filter((each) => each.fault === fault);
      return met.length === 0 ? "–" : `${Math.ceil(all(met).refusal)} s`;
    });
    const { deliveries, late, doubled, lost } = all(ofWay);
    return row([
      way.title,
      ...refusals,
      `${count(late)} of ${count(deliveries)}`,
      doubled,
      count(lost),
    ]);
  });
  return [row(header), row(header.map(() => "---")), ...lines];
}

/** A line for each way and fault. */
export function printed(results: readonly Result[]) {
  return [...WAYS, REFUSED_FOR_GOOD].flatMap((way) =>
    FAULTS.flatMap((fault) => {
      const met = results.filter((each) => each.way === way && each.fault === fault);
      if (met.length === 0) return [];
      return [{ way: way.title, fault: fault.title, rotations: met.length, ...all(met) }];
    }),
  );
}

const all = (results: readonly Result[]): Figures => sum(results.map(({ figures }) => figures));

/** A page with other lines for its table. */
export const withTable = (page: string, lines: readonly string[]): string =>
  page.replace(/^\| way .*\n(?:\|.*\n)*/m, () => `${lines.join("\n")}\n`);
