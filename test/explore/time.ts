/** Virtual time: nothing sleeps, and the next event is always at hand. */

interface Event {
  readonly at: number;
  readonly run: () => void;
}

const START = Date.UTC(2026, 0, 1);

export class Time {
  #now = START;
  #events: Event[] = [];

  get now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): void {
    const at = this.#now + milliseconds;
    const later = this.#events.findIndex((event) => event.at > at);
    this.#events.splice(later === -1 ? this.#events.length : later, 0, { at, run });
  }

  /** As the client's clock sleeps: it rejects as soon as the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.after(milliseconds, resolve);
      signal?.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
    });
  }

  /** Time goes by with nobody at work; a request that is still on its way acts meanwhile. */
  pass(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (let next = this.#events[0]; next && next.at <= until; next = this.#events[0]) this.#next();
    this.#now = until;
  }

  /**
   * Lets events happen, the earliest first, until `work` has settled.
   *
   * @param each is called after each event
   */
  async settle<T>(work: Promise<T>, each: () => void = () => undefined): Promise<T> {
    const progress = { settled: false };
    const done = work.finally(() => (progress.settled = true));
    done.catch(() => undefined);
    for (;;) {
      // Every promise that can go on has done so before the next turn of the event loop.
      await new Promise(setImmediate);
      if (progress.settled) return done;
      if (this.#events.length === 0) throw new Error("the provider waits for what never comes");
      this.#next();
      each();
    }
  }

  #next(): void {
    const event = this.#events.shift();
    if (event === undefined) return;
    this.#now = event.at;
    event.run();
  }
}

const RealDate = Date;

/** Puts `Date` on virtual time, for the code that asks it rather than the client's clock. */
export function followDate(time: () => number): void {
  globalThis.Date = class extends RealDate {
    constructor(...given: [] | [number | string]) {
      super(given[0] ?? time());
    }
    static override now = (): number => time();
  } as DateConstructor;
}
