/** The longest that a server's Retry-After is obeyed, in milliseconds: a longer one counts as this. */
export const RETRY_AFTER_CAP_MS = 60_000;

/**
 * No attempt starts later than this after the first one did. With one attempt's own time limit
 * this bounds a call: it ends within five minutes and one request timeout.
 */
export const RETRY_WINDOW_MS = 300_000;

const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;

/**
 * Milliseconds to wait before retry number `retry`, from 1. Without Retry-After: anything from
 * nothing to a bound that doubles with each retry, which spreads a crowd that failed together (full
 * jitter). With it: that long at least, and up to half a second longer for the same reason.
 *
 * @param retryAfter milliseconds, as {@link parseRetryAfter} gives them
 * @param random as `Math.random`
 */
export const waitBefore = (
  retry: number,
  retryAfter: number | undefined,
  random: () => number,
): number =>
  retryAfter === undefined
    ? Math.floor(random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (retry - 1)))
    : Math.min(RETRY_AFTER_CAP_MS, retryAfter) + Math.floor(random() * BACKOFF_BASE_MS);

/** The three forms of RFC 9110, section 5.6.7, as far as Date.parse does not check them. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? [\w -]{6,11} \d{2}:\d{2}:\d{2} (?:GMT|\d{4})$/;

/**
 * Reads Retry-After (RFC 9110, section 10.2.3): whole seconds, or an HTTP date.
 *
 * @param now Unix time in milliseconds
 * @returns milliseconds from now, 0 for a date gone by, and `undefined` for what is neither
 */
export function parseRetryAfter(value: unknown, now: number): number | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  // The form of C's asctime names no time zone.
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
