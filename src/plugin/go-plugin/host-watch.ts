/** The time between two looks at the parent process, in milliseconds. */
const LOOK_EVERY = 500;
/** The time for a host that has hung up to come back. */
const RECONNECT = 1000;
/** The time for a host to connect at all: go-plugin itself gives up after this. */
const FIRST_CONNECTION = 60_000;

/**
 * Notices that the host is gone without a word, within two seconds: it has hung up, or it is no
 * longer this process's parent. Neither alone is enough: before the first call there is no
 * connection, and a wrapper script may stand between the two processes. (Windows tells the id of a
 * parent that is gone, too: there a host that never connected is waited for to the end.)
 *
 * Standard input says nothing here, since a host hands on its own.
 */
export class HostWatch {
  readonly #gone: (reason: string) => void;
  #hungUp: NodeJS.Timeout;

  /** @param gone called at most a few times, with a reason for the log */
  constructor(gone: (reason: string) => void, parent: () => number = () => process.ppid) {
    this.#gone = gone;
    const host = parent();
    setInterval(() => {
      if (parent() !== host) gone("the host's process has ended");
    }, LOOK_EVERY).unref();
    this.#hungUp = this.#after(FIRST_CONNECTION, "no host has connected");
  }

  /** Tells the watch how many connections the host has now. */
  connections(count: number): void {
    clearTimeout(this.#hungUp);
    if (count === 0) this.#hungUp = this.#after(RECONNECT, "the host has hung up");
  }

  #after(milliseconds: number, reason: string): NodeJS.Timeout {
    return setTimeout(() => this.#gone(reason), milliseconds).unref();
  }
}
