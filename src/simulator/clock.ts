interface Wait {
  /** Milliseconds, as `now` has them. */
  readonly due: number;
  readonly end: () => void;
  timer: NodeJS.Timeout;
}

/** A clock that runs as the one under it does, and that can be moved on. */
export class Clock {
  #movedMs = 0;
  readonly #waits = new Set<Wait>();

  constructor(private readonly base: () => Date = () => new Date()) {}

  now(): Date {
    return new Date(this.base().getTime() + this.#movedMs);
  }

  /** Settles once this clock has run for so long, or is stopped. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(wait.timer);
        this.#waits.delete(wait);
        resolve();
      };
      const due = this.now().getTime() + milliseconds;
      const wait: Wait = { due, end, timer: setTimeout(end, milliseconds) };
      this.#waits.add(wait);
    });
  }

  /** Milliseconds until the next wait ends. */
  untilNext(): number | undefined {
    if (this.#waits.size === 0) return undefined;
    return Math.max(0, Math.min(...[...this.#waits].map(({ due }) => due)) - this.now().getTime());
  }

  /** Moves on, and ends what is due by then. */
  move(milliseconds: number): void {
    this.#movedMs += milliseconds;
    for (const wait of [...this.#waits].sort((a, b) => a.due - b.due)) {
      const left = wait.due - this.now().getTime();
      if (left <= 0) wait.end();
      else {
        clearTimeout(wait.timer);
        wait.timer = setTimeout(wait.end, left);
      }
    }
  }

  /** Ends every wait. */
  stop(): void {
    for (const wait of this.#waits) wait.end();
  }
}
