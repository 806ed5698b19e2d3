import { once } from "node:events";
import { createServer, request } from "node:http";
import { Readable } from "node:stream";
import {
  createWebhookReceiver,
  signedRequest,
  WEBHOOK_HEADERS,
  type ReceiverRejection,
  type WebhookEvent,
  type WebhookReceiverOptions,
} from "../../../src/webhooks/index.js";
import { readBody } from "../../../src/webhooks/read-body.js";
import { closeAll, listen } from "../polyai/server.js";

const SECRET = "whsec_test_0123456789";
const EVENT_ID = WEBHOOK_HEADERS.eventId;
const BODY = '{"type":"alerts.triggered","data":{"name":"Latency"}}';

const delivery = (overrides: Partial<Parameters<typeof signedRequest>[0]> = {}) =>
  signedRequest({ secret: SECRET, body: BODY, eventId: "evt_1", ...overrides });

function receiverOf(options: Partial<WebhookReceiverOptions> = {}) {
  const events: WebhookEvent[] = [];
  const rejections: [ReceiverRejection, unknown][] = [];
  const receiver = createWebhookReceiver({
    secrets: SECRET,
    onEvent: (event) => events.push(event),
    onRejected: (reason, error) => rejections.push([reason, error]),
    ...options,
  });
  const send = (request = delivery()) =>
    receiver.receive({ headers: request.headers, payload: request.body });
  return { ...receiver, events, rejections, send };
}

describe("a receiver", () => {
  it("hands on the event of a delivery, its type known, and answers 204", async () => {
    const names: unknown[] = [];
    const { send, rejections } = receiverOf({
      onEvent: (event) => {
        if (event.type === "alerts.triggered") names.push(event.data?.name);
        else event.type satisfies "alerts.resolved";
      },
    });
    expect(await send()).toBe(204);
    expect([names, rejections]).toEqual([["Latency"], []]);
  });

  it("hands on an event of a new type, or has PolyAI send it again", async () => {
    const unknown = delivery({ body: '{"type":"calls.ended"}' });
    const without = receiverOf();
    expect(await without.send(unknown)).toBe(503);
    expect(without.rejections).toEqual([["event_unknown", undefined]]);
    const onOtherEvent = jest.fn();
    expect(await receiverOf({ onOtherEvent }).send(unknown)).toBe(204);
    expect(onOtherEvent.mock.calls).toMatchObject([[{ type: "calls.ended" }, {}]]);
  });

  it.each<[string, Parameters<typeof delivery>[0], number, ReceiverRejection]>([
    ["another secret", { secret: "other" }, 503, "signature_mismatch"],
    ["an old signature", { at: new Date(0) }, 503, "timestamp_outside_tolerance"],
    ["a body that is no JSON", { body: "hello" }, 400, "event_malformed"],
    ["an event without a type", { body: "{}" }, 400, "event_malformed"],
    ["no body", { body: "" }, 400, "event_malformed"],
    ["a long body", { body: "x".repeat(1 << 20) + "x" }, 413, "too_large"],
  ])("refuses a delivery with %s", async (_, overrides, status, reason) => {
    const { send, events, rejections } = receiverOf();
    expect(await send(delivery(overrides))).toBe(status);
    expect(events).toEqual([]);
    expect(rejections).toEqual([[reason, undefined]]);
  });

  it("takes an event once, also if two attempts arrive together", async () => {
    const { send, events } = receiverOf({
      onEvent: () => Promise.resolve().then(() => events.push({} as WebhookEvent)),
    });
    expect(await Promise.all([send(), send()])).toEqual([204, 204]);
    expect(await send(delivery({ at: new Date(Date.now() + 2000) }))).toBe(204);
    expect(events).toHaveLength(1);
  });

  it("takes no replay under another id", async () => {
    const { send, events } = receiverOf();
    const first = delivery();
    await send(first);
    expect(await send({ ...first, headers: { ...first.headers, [EVENT_ID]: "evt_2" } })).toBe(204);
    expect(events).toHaveLength(1);
  });

  it("passes over what the user's store has", async () => {
    const { send, events } = receiverOf({ isHandled: (id) => Promise.resolve(id === "evt_1") });
    expect(await send()).toBe(204);
    expect(events).toEqual([]);
    expect(await send(delivery({ eventId: "evt_2", at: new Date(Date.now() - 2000) }))).toBe(204);
    expect(events).toHaveLength(1);
  });

  it.each([["evt_2"], [undefined]])(
    "gives the user's store what a replay repeats in another process, under the id %s",
    async (id) => {
      const store = new Set<string>();
      const options: Partial<WebhookReceiverOptions> = {
        isHandled: (eventId, { signature }) => store.has(eventId) || store.has(signature),
        onEvent: (_, { eventId, signature }) => store.add(eventId ?? "").add(signature),
      };
      const first = delivery();
      expect(await receiverOf(options).send(first)).toBe(204);
      const { size } = store;
      const { [EVENT_ID]: _, ...headers } = first.headers;
      const replay = { ...first, headers: { ...headers, ...(id && { [EVENT_ID]: id }) } };
      expect(await receiverOf(options).send(replay as typeof first)).toBe(204);
      expect(store.size).toBe(size);
    },
  );

  it("answers 500 if the event could not be taken, and takes it at the next attempt", async () => {
    const failure = new Error("database is down");
    const onEvent = jest.fn().mockRejectedValueOnce(failure);
    const { send, rejections } = receiverOf({ onEvent });
    expect([await send(), await send()]).toEqual([500, 204]);
    expect(rejections).toEqual([["handler_failed", failure]]);
  });

  it("answers the same if the log throws", async () => {
    const onRejected = jest.fn(() => {
      throw new Error("log is full");
    });
    expect(await receiverOf({ onRejected }).send(delivery({ secret: "other" }))).toBe(503);
    expect(onRejected).toHaveBeenCalled();
  });
});

describe("secrets of a receiver", () => {
  let now = 0;
  beforeEach(() => jest.spyOn(performance, "now").mockImplementation(() => now));
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ["missing", [undefined, "previous"], /current one, is missing/],
    ["empty", ["", "previous"], /current one, is missing/],
    ["none", [], /at least one/],
    ["with a line break", `${SECRET}\n`, /white space/],
  ])("end the start if they are %s", (_, secrets, message) => {
    expect(() => receiverOf({ secrets })).toThrow(message);
  });

  it.each([[undefined], [null], [""]])("may lack the previous one: %p", async (previous) => {
    expect(await receiverOf({ secrets: [SECRET, previous] }).send()).toBe(204);
  });

  it("are read again if a delivery does not verify, at most once a second", async () => {
    const secrets = jest.fn().mockResolvedValueOnce(["old"]).mockResolvedValue([SECRET]);
    const { send } = receiverOf({ secrets });
    expect(await send(delivery({ secret: "old", eventId: "evt_0" }))).toBe(204);
    expect(await send()).toBe(503);
    expect(secrets).toHaveBeenCalledTimes(1);
    now += 1000;
    expect(await send()).toBe(204);
    expect(await send(delivery({ secret: "other", eventId: "evt_3" }))).toBe(503);
    expect(secrets).toHaveBeenCalledTimes(2);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ["fails", () => Promise.reject(new Error("throttled")), /throttled/],
    ["hangs", () => new Promise(() => undefined), /not read within 10 s/],
  ])("stay in use if reading them again %s, until it succeeds", async (_, fails, reason) => {
    jest.useFakeTimers({ now: new Date(), doNotFake: ["performance"] });
    const secrets = jest.fn().mockResolvedValueOnce("old").mockImplementationOnce(fails);
    const { send, rejections } = receiverOf({ secrets: secrets.mockResolvedValue(SECRET) });
    const old = (eventId: string) => send(delivery({ secret: "old", eventId }));
    expect(await old("evt_0")).toBe(204);
    now += 1000;
    const forged = send(delivery({ secret: "forged" }));
    const forgedAgain = send(delivery({ secret: "forged" }));
    expect(await old("evt_2")).toBe(204);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await Promise.all([forged, forgedAgain])).toEqual([503, 503]);
    const told = { message: expect.stringMatching(reason) };
    expect(rejections).toContainEqual(["secrets_unavailable", expect.objectContaining(told)]);
    expect(await old("evt_3")).toBe(204);
    now += 1000;
    expect(await send()).toBe(204);
    expect(secrets).toHaveBeenCalledTimes(3);
    jest.useRealTimers();
  });

  it("that cannot be read are a refusal that PolyAI answers by sending again", async () => {
    const failure = new Error("no such file");
    const secrets = jest.fn().mockRejectedValueOnce(failure).mockResolvedValue(SECRET);
    const { send, rejections } = receiverOf({ secrets });
    expect(await send()).toBe(503);
    expect(rejections).toEqual([["secrets_unavailable", failure]]);
    expect(await send()).toBe(503);
    now += 1000;
    expect(await send()).toBe(204);
  });
});

// Other tests show in five frameworks that uploads which stop or are cut do no harm.
describe("for Node", () => {
  let port: number;
  /** Serves a receiver, and gives it. */
  const serve = async () => {
    const taken = receiverOf({ maxBytes: 1000 });
    const server = createServer((request, response) => void taken.node(request, response));
    ({ port } = await listen(server));
    return taken;
  };
  afterEach(closeAll);
  const statusOf = async (init: RequestInit) =>
    (await fetch(`http://127.0.0.1:${port}/`, init)).status;

  it("takes a delivery, and another method for none of its own", async () => {
    const { events } = await serve();
    expect([await statusOf(delivery()), await statusOf({ method: "GET" })]).toEqual([204, 405]);
    expect(events).toHaveLength(1);
  });

  it("stops reading at the limit", async () => {
    await serve();
    const upload = request({ port, host: "127.0.0.1", method: "POST" });
    upload.on("error", () => undefined).write("x".repeat(1001));
    expect(await once(upload, "response")).toMatchObject([{ statusCode: 413 }]);
    upload.destroy();
  });

  it.each([
    ["bytes", Buffer.from(BODY), 204],
    ["text", BODY, 204],
    ["an object that a middleware parsed", JSON.parse(BODY), 500],
  ])("takes a body that is there as %s: %s", async (_, body: unknown, status) => {
    const headers = Object.fromEntries(new Headers(delivery().headers));
    const given = Object.assign(Readable.from([]), { method: "POST", headers, body });
    const writeHead = jest.fn(() => ({ end: jest.fn() }));
    await (await serve()).node(given, { writeHead });
    expect(writeHead).toHaveBeenCalledWith(status, expect.anything());
  });
});

describe("for servers of Request and Response", () => {
  it.each<[string, RequestInit, number, Partial<WebhookReceiverOptions>?]>([
    ["takes a delivery", delivery(), 204],
    ["refuses another method", { method: "GET" }, 405],
    ["refuses no body", { method: "POST" }, 400],
    ["refuses a long body", delivery({ body: "x".repeat(2000) }), 413, { maxBytes: 1000 }],
  ])("%s", async (_, init, status, options = {}) => {
    const request = new Request("http://localhost/", init);
    expect((await receiverOf(options).fetch(request)).status).toBe(status);
  });

  it("refuses a body that was read before", async () => {
    const request = new Request("http://localhost/", delivery());
    await request.text();
    expect((await receiverOf().fetch(request)).status).toBe(500);
  });
});

it("no limit of time is too long for the timer", async () => {
  const slow = (async function* (): AsyncGenerator<Uint8Array, undefined> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield Buffer.from(BODY);
    return undefined;
  })();
  expect(await readBody(() => slow.next(), { maxBytes: 1000, timeoutMs: Infinity })).toHaveLength(
    BODY.length,
  );
});

it("for Lambda, takes a load balancer's multi-value headers", async () => {
  const entries = Object.entries(delivery().headers).map(([name, value]) => [name, [value]]);
  const event = { multiValueHeaders: Object.fromEntries(entries) as Record<string, string[]> };
  expect(await receiverOf().lambda({ ...event, body: BODY })).toEqual({ statusCode: 204 });
});

it.each([
  ["text", BODY, false, 204],
  ["base64", Buffer.from(BODY).toString("base64"), true, 204],
  ["no base64 at all", "%%%", true, 408],
  ["nothing", null, false, 400],
])("for Lambda, takes a body of %s", async (_, body, isBase64Encoded, statusCode) => {
  const headers = body === null ? null : delivery().headers;
  expect(await receiverOf().lambda({ headers, body, isBase64Encoded })).toEqual({ statusCode });
});
