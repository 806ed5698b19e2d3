import * as fc from "fast-check";
import type { PolyaiClient, Surroundings } from "../../../src/polyai/client.js";
import {
  parseRetryAfter,
  RETRY_AFTER_CAP_MS,
  RETRY_WINDOW_MS,
  waitBefore,
} from "../../../src/polyai/retry.js";
import {
  closeAll,
  connect,
  connected,
  cut,
  ENDPOINT_ID,
  failureOf,
  inTurn,
  json,
  rotated,
  serve,
  type Handler,
} from "./server.js";

afterEach(closeAll);

const now = Date.UTC(2026, 10, 24, 12, 0, 0);

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["7", 7000],
    [" 120 ", 120_000],
    ["Tuesday, 24-Nov-26 12:00:05 GMT", 5000],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["Tue Nov 24 12:00:09 2026", 9000],
    ["Sun Nov  6 08:49:37 1994", 0],
    [undefined, undefined],
    ["", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["2026-11-24T12:00:30Z", undefined],
    ["Tue, 24 Nov 2026 25:00:30 GMT", undefined],
    ["Tue, 24 Foo 2026 12:00:30 GMT", undefined],
  ])("%j is %j ms", (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  it("reads every HTTP date to the second", () => {
    const time = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(time, time, (date, today) => {
        const text = new Date(date * 1000).toUTCString();
        expect(parseRetryAfter(text, today * 1000)).toBe(Math.max(0, date - today) * 1000);
      }),
    );
  });

  it("gives for any text nothing, or a time that is not negative", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.integer().map(String));
    fc.assert(
      fc.property(text, (value) => {
        const wait = parseRetryAfter(value, now);
        expect(wait === undefined || wait >= 0).toBe(true);
      }),
    );
  });
});

it("waits at random up to a bound that doubles to half a minute, or as long as Retry-After asks, to its cap, and up to half a second more", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const retry = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(retry, fc.option(fc.nat({ max: 10_000_000 })), random, (n, asked, chance) => {
      const wait = waitBefore(n, asked ?? undefined, () => chance);
      const least = asked === null ? 0 : Math.min(asked, RETRY_AFTER_CAP_MS);
      expect(wait).toBeGreaterThanOrEqual(least);
      const most = asked !== null ? least + 500 : n > 6 ? 30_000 : 500 * 2 ** (n - 1);
      expect(wait).toBeLessThan(most);
    }),
  );
});

describe("a call", () => {
  it("waits as Retry-After says, in seconds or as a date", async () => {
    const api = await serve(
      inTurn(
        json(429, {}, { "retry-after": "3" }),
        json(503, {}, { "retry-after": "Tue, 24 Nov 2026 12:00:09 GMT" }),
        json(429, {}, { "retry-after": "86400" }),
        json(429, {}, { "retry-after": "nonsense" }),
        rotated(),
      ),
    );
    const { rotate, waits } = connect(api.url, { maxRetries: 4 }, { now: () => now });
    await rotate();
    expect(waits).toEqual([3250, 9250, 60_250, 2000]);
  });

  it("begins no attempt beyond its window, however many retries are left", async () => {
    let time = 0;
    const { rotate } = await connected(
      json(429, {}, { "retry-after": "60" }),
      { maxRetries: 1000 },
      { elapsed: () => time, sleep: async (ms) => void (time += ms) },
    );
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "rate_limited", attempts: 5 });
    expect(time).toBeLessThanOrEqual(RETRY_WINDOW_MS);
  });

  it("logs each wait with its reason", async () => {
    const headers = { "retry-after": "1", "x-polyai-correlation-id": "c-1" };
    const { rotate, logs } = await connected(inTurn(json(429, {}, headers), cut, rotated()));
    await rotate();
    const message = "Trying again to rotate the webhook signing secret";
    const reason = "PolyAI answered with status 429 (Too Many Requests).";
    const first = { reason, retry: 1, wait_ms: 1250, retry_after_ms: 1000, correlation_id: "c-1" };
    const second = { reason: expect.stringContaining("was closed"), retry: 2, wait_ms: 500 };
    const told = logs.filter((log) => log.message === message).map(({ fields }) => fields);
    expect(told).toEqual([first, second].map((fields) => ({ ...fields, of: 2 })));
  });
});

// With a real CLI, other tests show that a stop lets a rotation finish and ends a wait.
describe("a stop", () => {
  let stop: AbortController;
  beforeEach(() => {
    stop = new AbortController();
  });
  const clientOf = (handler: Handler, surroundings?: Surroundings) =>
    connected(handler, { signal: stop.signal }, surroundings);

  it("sends nothing where it came before the call", async () => {
    stop.abort();
    const { rotate, api } = await clientOf(rotated());
    const expected = { kind: "cancelled", attempts: 0, ambiguous: false };
    expect(await failureOf(rotate())).toMatchObject(expected);
    expect(api.seen).toHaveLength(0);
  });

  it.each<[string, (client: PolyaiClient) => Promise<unknown>, boolean]>([
    ["a read", ({ webhookEndpoints }) => webhookEndpoints.get(ENDPOINT_ID), false],
    ["a list", ({ alertRules }) => alertRules.list(), false],
    ["a change", ({ webhookEndpoints }) => webhookEndpoints.update(ENDPOINT_ID, {}), true],
  ])("ends %s in flight at once", async (_what, ask, ambiguous) => {
    // Half of the answer, then nothing.
    const { client } = await clientOf((response) => response.write("{", () => stop.abort()), {
      deadline: () => new AbortController().signal,
    });
    const expected = { kind: "cancelled", attempts: 1, ambiguous };
    expect(await failureOf(ask(client))).toMatchObject(expected);
  });

  it("does not retry where the request in flight fails", async () => {
    const { rotate } = await clientOf((_response, _index, { socket }) => {
      stop.abort();
      socket.destroy();
    });
    const expected = { kind: "network", attempts: 1, ambiguous: true };
    expect(await failureOf(rotate())).toMatchObject(expected);
  });
});
