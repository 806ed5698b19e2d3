interface Task {
  /** Milliseconds, as `now` has them. */
  readonly due: number;
  readonly run: () => unknown;
}

/** The longest that `setTimeout` takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The simulator's time, and the tasks that wait for it. It runs as the system's clock does and can
 * be moved on. With a clock of the caller's there are no timers: only `advance` runs tasks.
 */
export class Clock {
  #movedMs = 0;
  #tasks: Task[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(private readonly given?: () => Date) {}

  now(): Date {
    return new Date((this.given?.() ?? new Date()).getTime() + this.#movedMs);
  }

  /** Runs a task once this clock has run for so long. */
  after(milliseconds: number, run: () => unknown): void {
    if (this.#stopped) return;
    const due = this.now().getTime() + milliseconds;
    this.#tasks = [...this.#tasks, { due, run }].sort((a, b) => a.due - b.due);
    this.#setTimer();
  }

  /** Moves on, and runs each task that is due meanwhile at its time, one after another. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.now().getTime() + milliseconds;
    for (let [next] = this.#tasks; next && next.due <= end; [next] = this.#tasks) {
      this.#tasks.shift();
      this.#moveTo(next.due);
      await next.run();
    }
    this.#moveTo(end);
    this.#setTimer();
  }

  /** Drops every task. */
  stop(): void {
    this.#stopped = true;
    this.#tasks = [];
    clearTimeout(this.#timer);
  }

  #moveTo(time: number): void {
    this.#movedMs += Math.max(0, time - this.now().getTime());
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const [next] = this.#tasks;
    if (next === undefined || this.given !== undefined) return;
    const left = Math.max(0, next.due - this.now().getTime());
    this.#timer = setTimeout(() => void this.advance(0), Math.min(left, LONGEST_TIMER_MS)).unref();
  }
}
