const REMEMBERED = 10_000;

/** Lets each event through once, also if two attempts of its delivery arrive together. */
export class RecentEvents {
  readonly #taken = new Set<string>();
  readonly #running = new Map<string, Promise<unknown>>();

  /**
   * @param keys the event's id, and what a replay under another id would repeat
   * @throws whatever `take` throws: the event may then come again
   */
  async once(keys: readonly string[], take: () => unknown): Promise<void> {
    if (keys.some((key) => this.#taken.has(key))) return;
    const same = keys.find((key) => this.#running.has(key));
    if (same !== undefined) {
      await this.#running.get(same);
      return;
    }
    const running = (async () => take())();
    for (const key of keys) this.#running.set(key, running);
    try {
      await running;
      for (const key of keys) this.#remember(key);
    } finally {
      for (const key of keys) this.#running.delete(key);
    }
  }

  #remember(key: string): void {
    this.#taken.add(key);
    const [oldest] = this.#taken;
    if (this.#taken.size > REMEMBERED && oldest !== undefined) this.#taken.delete(oldest);
  }
}
