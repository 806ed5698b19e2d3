/** The longest that a server's Retry-After is obeyed, in milliseconds: a longer one counts as this. */
export const RETRY_AFTER_CAP_MS = 60_000;

/**
 * No attempt starts later than this after the first one did. With one attempt's own time limit
 * this bounds a call: it ends within five minutes and one request timeout.
 */
export const RETRY_WINDOW_MS = 300_000;

const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;

/** The longest wait before retry number `retry`, from 1, where the server names none. */
export const backoffBound = (retry: number): number =>
  Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.max(0, retry - 1));

/**
 * Milliseconds to wait before retry number `retry`, from 1. Without Retry-After: anything from
 * nothing to {@link backoffBound}, which spreads a crowd that failed together (full jitter). With
 * it: that long at least, and up to half a second longer for the same reason.
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
    ? Math.floor(random() * backoffBound(retry))
    : Math.min(RETRY_AFTER_CAP_MS, retryAfter) + Math.floor(random() * BACKOFF_BASE_MS);

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The three forms of RFC 9110, section 5.6.7. */
const IMF_FIXDATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;
const RFC850_DATE = /^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2}) GMT$/;
const ASCTIME_DATE = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/;

/**
 * Reads Retry-After (RFC 9110, section 10.2.3): whole seconds, or an HTTP date.
 *
 * @param now Unix time in milliseconds
 * @returns milliseconds from now, 0 for a date gone by, and `undefined` for what is neither
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const time = parseHttpDate(text, now);
  return time === undefined ? undefined : Math.max(0, time - now);
}

function parseHttpDate(text: string, now: number): number | undefined {
  const imf = IMF_FIXDATE.exec(text);
  if (imf) return unixTime(Number(imf[3]), imf[2], imf[1], imf[4]);
  const rfc850 = RFC850_DATE.exec(text);
  if (rfc850) return unixTime(fullYear(Number(rfc850[3]), now), rfc850[2], rfc850[1], rfc850[4]);
  const asctime = ASCTIME_DATE.exec(text);
  if (asctime) return unixTime(Number(asctime[4]), asctime[1], asctime[2], asctime[3]);
  return undefined;
}

/** RFC 9110: two digits that seem more than 50 years ahead mean the century before. */
const fullYear = (twoDigits: number, now: number): number => {
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
};

function unixTime(
  year: number,
  month: string | undefined,
  day: string | undefined,
  time: string | undefined,
): number | undefined {
  const index = MONTHS.indexOf(month ?? "");
  const [hour, minute, second] = (time ?? "").split(":").map(Number);
  if (index < 0 || hour === undefined || minute === undefined || second === undefined) {
    return undefined;
  }
  // 60 is a leap second.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, index, Number(day));
  if (midnight.getUTCMonth() !== index) return undefined;
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}
