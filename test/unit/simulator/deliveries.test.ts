import {
  startSimulator,
  type EndpointSettings,
  type Simulator,
} from "../../../src/simulator/index.js";
import { verifyWebhook } from "../../../src/webhooks/index.js";
import { startReceiver, type Received, type Receiver } from "./client.js";

const EVENT = { type: "alerts.triggered", data: { name: "Größe ≥ 1500 ☃" } } as const;
const HOUR = 3_600_000;

let receiver: Receiver;
let simulator: Simulator;
beforeEach(async () => {
  receiver = await startReceiver();
  simulator = await startSimulator({
    deliverTo: { "*": receiver.url },
    now: () => new Date("2030-01-01T00:00:00Z"),
  });
});
afterEach(async () => {
  await simulator.close();
  await receiver.close();
});

const endpoint = (settings: Partial<EndpointSettings> = {}) => simulator.createEndpoint(settings);

const verify = ({ headers, body: payload }: Received, ...secrets: string[]) =>
  verifyWebhook({ payload, headers, secrets, toleranceSeconds: Infinity });

const first = (): Received => {
  const [received] = receiver.received;
  if (received === undefined) throw new Error("nothing was received");
  return received;
};

describe("a delivery", () => {
  it("verifies with the endpoint's secret and carries the event's id", async () => {
    const { id, signing_secret } = await endpoint();
    const delivery = await simulator.deliver(id, EVENT);
    expect(delivery).toMatchObject({
      status: "delivered",
      endpointId: id,
      attempts: [{ status: 200, error: null }],
    });
    expect(verify(first(), signing_secret)).toMatchObject({
      valid: true,
      eventId: delivery.eventId,
    });
    expect(JSON.parse(first().body.toString())).toMatchObject({
      id: delivery.eventId,
      type: "alerts.triggered",
      data: EVENT.data,
    });
    expect(first().headers["content-type"]).toBe("application/json");
  });

  it("can be signed with a secret that was rotated, to show that a receiver refuses it", async () => {
    const { id, signing_secret: old } = await endpoint();
    const current = await simulator.rotateSecret(id);
    await simulator.deliver(id, { ...EVENT, id: "evt_mine" }, { signWith: old });
    expect(first().headers["x-polyai-event-id"]).toBe("evt_mine");
    expect(verify(first(), current)).toEqual({ valid: false, reason: "signature_mismatch" });
    expect(verify(first(), current, old)).toMatchObject({ valid: true, secretIndex: 1 });
  });

  it("carries the endpoint's own headers, which replace none of the signature's", async () => {
    const { id, signing_secret } = await endpoint({
      headers: {
        "X-Team": "alerts",
        "x-polyai-signature": "forged",
        "X-POLYAI-TIMESTAMP": "1",
        Host: "elsewhere",
        "Content-Length": "1",
      },
    });
    await simulator.deliver(id, EVENT);
    expect(first().headers["x-team"]).toBe("alerts");
    expect(first().headers.host).toMatch(/^127\.0\.0\.1/);
    expect(verify(first(), signing_secret)).toMatchObject({ valid: true });
  });

  it.each([
    ["event_type_not_subscribed", { event_types: ["alerts.resolved"] }],
    ["endpoint_disabled", { enabled: false }],
  ] as const)("is skipped: %s", async (reason, settings) => {
    const { id } = await endpoint(settings);
    expect(await simulator.deliver(id, EVENT)).toMatchObject({
      status: "skipped",
      reason,
      attempts: [],
    });
    expect(receiver.received).toEqual([]);
  });

  it("goes nowhere unless it is told where", async () => {
    const alone = await startSimulator();
    const { id } = await alone.createEndpoint();
    expect(await alone.deliver(id, EVENT)).toMatchObject({ reason: "no_receiver" });
    await alone.close();
  });

  it("goes to the receiver of its URL, else of its origin, else of all", async () => {
    const url = "https://hooks.example.com/one";
    for (const from of ["https://hooks.example.com", url]) {
      simulator.setReceiver(from, `${receiver.url}?for=${encodeURIComponent(from)}`);
    }
    const urls = [url, "https://hooks.example.com/two", "https://other.example.com"];
    for (const target of urls) {
      await simulator.deliver((await endpoint({ url: target })).id, EVENT);
    }
    expect(receiver.received.map((received) => received.url)).toEqual([
      `/hook?for=${encodeURIComponent(url)}`,
      `/hook?for=${encodeURIComponent("https://hooks.example.com")}`,
      "/hook",
    ]);
  });

  it.each(["http://example.com", "https://10.0.0.1/", "file:///etc/passwd", "nonsense", ""])(
    "is refused another machine as receiver: %p",
    async (to) => {
      expect(() => simulator.setReceiver("*", to)).toThrow(TypeError);
      await expect(startSimulator({ deliverTo: { "*": to } })).rejects.toThrow(TypeError);
    },
  );
});

describe("retries", () => {
  it.each([[[500, 200]], [[502, 503, 200]], [[408, 200]], [[429, 200]], [["cut", 200]]] as const)(
    "come after %p, and the last attempt delivers",
    async (answers) => {
      receiver.answers.push(...answers);
      const { id, signing_secret } = await endpoint();
      const started = await simulator.deliver(id, EVENT);
      expect(started).toMatchObject({ status: "pending" });
      await simulator.advance(HOUR);
      const [delivery] = simulator.deliveries;
      expect(delivery?.status).toBe("delivered");
      expect(delivery?.attempts.map(({ status }) => status ?? "cut")).toEqual(answers);
      for (const received of receiver.received) {
        expect(verify(received, signing_secret)).toMatchObject({
          valid: true,
          eventId: started.eventId,
        });
      }
    },
  );

  it.each([400, 401, 403, 404, 410, 422, 301, 307])("never come after %i", async (status) => {
    receiver.answers.push(status);
    const { id } = await endpoint();
    expect(await simulator.deliver(id, EVENT)).toMatchObject({ status: "failed" });
    await simulator.advance(10 * HOUR);
    expect(receiver.received).toHaveLength(1);
  });

  it("come 1, 5, 15, 60 and 240 minutes after the attempt before, and end after six", async () => {
    receiver.answers.push(...Array<number>(10).fill(503));
    const { id } = await endpoint();
    await simulator.deliver(id, EVENT);
    await simulator.advance(59_000);
    expect(receiver.received).toHaveLength(1);
    await simulator.advance(10 * HOUR);
    const [delivery] = simulator.deliveries;
    expect(delivery).toMatchObject({ status: "failed" });
    expect(receiver.received).toHaveLength(6);
    const minutes = delivery?.attempts.map(({ at }) =>
      Math.round((Date.parse(at) - Date.UTC(2030, 0)) / 60_000),
    );
    expect(minutes).toEqual([0, 1, 6, 21, 81, 321]);
  });

  it("are signed with the secret and the time of their own moment", async () => {
    receiver.answers.push(503);
    const { id, signing_secret: old } = await endpoint();
    await simulator.deliver(id, EVENT);
    const current = await simulator.rotateSecret(id);
    await simulator.advance(60_000);
    const [before, after] = receiver.received as [Received, Received];
    expect(verify(before, old)).toMatchObject({ valid: true });
    expect(verify(after, current)).toMatchObject({ valid: true });
    expect(verify(after, old)).toMatchObject({ valid: false });
    expect(after.body).toEqual(before.body);
    const times = [before, after].map(({ headers }) => Number(headers["x-polyai-timestamp"]));
    expect(times[1]! - times[0]!).toBe(60);
  });

  it("end when the endpoint is deleted", async () => {
    receiver.answers.push(503);
    const { id } = await endpoint();
    await simulator.deliver(id, EVENT);
    await simulator.deleteEndpoint(id);
    await simulator.advance(60_000);
    expect(simulator.deliveries).toMatchObject([
      { status: "skipped", reason: "endpoint_deleted", attempts: [{ status: 503 }] },
    ]);
  });

  it("come after the endpoint's timeout", async () => {
    receiver.answers.push("hang");
    const { id } = await endpoint({ timeout_ms: 1000 });
    expect(await simulator.deliver(id, EVENT)).toMatchObject({
      status: "pending",
      attempts: [{ status: null, error: "timeout" }],
    });
    await simulator.advance(60_000);
    expect(receiver.received).toHaveLength(2);
  });

  it("do not hold up the simulator's end", async () => {
    receiver.answers.push(503);
    const { id } = await endpoint();
    await simulator.deliver(id, EVENT);
    await simulator.close();
    await simulator.advance(HOUR);
    expect(simulator.deliveries).toMatchObject([{ status: "pending" }]);
  });
});

it("the delivery log holds no secret, no signature and no header", async () => {
  receiver.answers.push(503);
  const { id, signing_secret } = await endpoint({ headers: { Authorization: "Bearer canary" } });
  await simulator.deliver(id, EVENT);
  await simulator.advance(60_000);
  const log = JSON.stringify(simulator.deliveries);
  for (const received of receiver.received) {
    expect(received.headers.authorization).toBe("Bearer canary");
    expect(log).not.toContain(String(received.headers["x-polyai-signature"]));
  }
  expect(log).not.toContain(signing_secret);
  expect(log).not.toContain("canary");
});
