import { FAULTS, REFUSED_FOR_GOOD, WAYS, type HandOverFault, type Way } from "./ways.js";

/** An attempt to deliver. */
export interface Attempt {
  /** Milliseconds of the simulator's clock. */
  readonly at: number;
  readonly id: string;
  /** The receiver's status; null if none came. */
  readonly status: number | null;
}

export interface Figures {
  readonly deliveries: number;
  /** Not taken at the first attempt. */
  readonly late: number;
  /** Taken more than once. */
  readonly doubled: number;
  readonly lost: number;
  /** The longest time in which every attempt failed, in seconds. */
  readonly refusal: number;
}

export const isTaken = ({ status }: Attempt): boolean => status === 204;

/**
 * @param attempts in their order
 * @param taken ids of the events as the receiver noted them
 */
export function figures(attempts: readonly Attempt[], taken: readonly string[]): Figures {
  const first = new Map<string, Attempt>();
  let refusal = 0;
  let failing: number | undefined;
  for (const attempt of attempts) {
    if (!first.has(attempt.id)) first.set(attempt.id, attempt);
    failing = isTaken(attempt) ? undefined : (failing ?? attempt.at);
    refusal = Math.max(refusal, attempt.at - (failing ?? attempt.at));
  }
  const known = new Set(taken);
  return {
    deliveries: first.size,
    late: [...first.values()].filter((attempt) => !isTaken(attempt)).length,
    doubled: taken.length - known.size,
    lost: [...first.keys()].filter((id) => !known.has(id)).length,
    refusal: refusal / 1000,
  };
}

export interface Result extends Figures {
  readonly way: Way;
  readonly fault: HandOverFault;
}

/** The table of docs/guides/hand-over.md: a line for each way, with the longest refusal by fault. */
export function table(results: readonly Result[]): string {
  const titles = ["way", ...FAULTS.map(({ title }) => title), "late", "doubled", "lost"];
  const lines = [...WAYS, REFUSED_FOR_GOOD].map((way) => {
    const ofWay = results.filter((each) => each.way === way);
    const refusals = FAULTS.map((fault) => {
      const met = ofWay.filter((each) => each.fault === fault);
      return met.length === 0
        ? "–"
        : `${Math.ceil(Math.max(...met.map((each) => each.refusal)))} s`;
    });
    const sum = (field: "deliveries" | "late" | "doubled" | "lost"): string =>
      ofWay.reduce((so, each) => so + each[field], 0).toLocaleString("en");
    const late = `${sum("late")} of ${sum("deliveries")}`;
    return [way.title, ...refusals, late, sum("doubled"), sum("lost")];
  });
  return [titles, titles.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}
