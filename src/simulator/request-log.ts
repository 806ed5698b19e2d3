import type { RequestLogEntry } from "./options.js";

/** An entry while its call runs. */
export type OpenEntry = { -readonly [Field in keyof RequestLogEntry]: RequestLogEntry[Field] };

const MAX_ENTRIES = 100_000;
const MAX_PATH_LENGTH = 512;

/** Calls of the API in the order in which they came; the oldest are dropped past 100,000. */
export class RequestLog {
  private entries: OpenEntry[] = [];

  open(start: Pick<RequestLogEntry, "correlationId" | "method" | "path">): OpenEntry {
    const entry: OpenEntry = {
      ...start,
      path: start.path.slice(0, MAX_PATH_LENGTH),
      operation: null,
      resourceId: null,
      account: null,
      status: null,
      acted: false,
      fault: null,
      startedAt: Date.now(),
      endedAt: null,
    };
    this.entries.push(entry);
    if (this.entries.length > MAX_ENTRIES) this.entries.splice(0, MAX_ENTRIES / 10);
    return entry;
  }

  /** A copy: later calls do not change it. */
  list(): RequestLogEntry[] {
    return this.entries.map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.entries = [];
  }
}
