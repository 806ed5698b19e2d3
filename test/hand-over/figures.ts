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
  /** The longest time in which every attempt failed, in seconds. */
  readonly refusal: number;
  /** The longest time from a delivery's first attempt to the one that was taken, in seconds. */
  readonly wait: number;
  readonly doubled: number;
  readonly lost: number;
}

export const isTaken = ({ status }: Attempt): boolean => status === 204;

/**
 * @param attempts in their order
 * @param taken ids of the events as the receiver took them, in its own words
 */
export function figures(attempts: readonly Attempt[], taken: readonly string[]): Figures {
  const first = new Map<string, Attempt>();
  let [refusal, wait] = [0, 0];
  let failing: number | undefined;
  for (const attempt of attempts) {
    const { at, id } = attempt;
    const begin = first.get(id) ?? attempt;
    first.set(id, begin);
    if (isTaken(attempt)) {
      wait = Math.max(wait, at - begin.at);
      failing = undefined;
    } else {
      failing ??= at;
      refusal = Math.max(refusal, at - failing);
    }
  }
  const known = new Set(taken);
  return {
    deliveries: first.size,
    late: [...first.values()].filter((attempt) => !isTaken(attempt)).length,
    refusal: refusal / 1000,
    wait: wait / 1000,
    doubled: taken.length - known.size,
    lost: [...first.keys()].filter((id) => !known.has(id)).length,
  };
}

export const sum = (all: readonly Figures[]): Figures => ({
  deliveries: total(all, "deliveries"),
  late: total(all, "late"),
  refusal: Math.max(...all.map(({ refusal }) => refusal)),
  wait: Math.max(...all.map(({ wait }) => wait)),
  doubled: total(all, "doubled"),
  lost: total(all, "lost"),
});

const total = (all: readonly Figures[], field: keyof Figures): number =>
  all.reduce((so, each) => so + each[field], 0);
