import { startSimulator, type EndpointSettings } from "../../../src/simulator/index.js";
import { verifyWebhook } from "../../../src/webhooks/index.js";
import { withReceiver, type Received } from "./client.js";

const EVENT = { type: "alerts.triggered", data: { name: "Größe ≥ 1500 ☃" } } as const;
const HOUR = 3_600_000;

const here = withReceiver({ now: () => new Date("2030-01-01T00:00:00Z") });
let { simulator, receiver } = here;
beforeEach(() => ({ simulator, receiver } = here));

/** Delivers the event to a new endpoint, whose receiver answers with these statuses. */
const deliver = async (
  settings: Partial<EndpointSettings> = {},
  ...answers: typeof receiver.answers
) => {
  receiver.answers.push(...answers);
  const { id, signing_secret } = await simulator.createEndpoint(settings);
  return { id, signing_secret, started: await simulator.deliver(id, EVENT) };
};

const verify = ({ headers, body: payload }: Received, ...secrets: string[]) =>
  verifyWebhook({ payload, headers, secrets, toleranceSeconds: Infinity });
const first = (): Received => receiver.received[0]!;

describe("a delivery", () => {
  it("verifies with the endpoint's secret and carries the event's id", async () => {
    const { id, signing_secret, started } = await deliver();
    const attempts = [{ status: 200, error: null }];
    expect(started).toMatchObject({ status: "delivered", endpointId: id, attempts });
    const { eventId } = started;
    expect(verify(first(), signing_secret)).toMatchObject({ valid: true, eventId });
    const sent: unknown = JSON.parse(first().body);
    expect(sent).toMatchObject({ id: eventId, ...EVENT });
    expect(first().headers["content-type"]).toBe("application/json");
  });

  it("can be signed with a secret that was rotated, to show that a receiver refuses it", async () => {
    const { id, signing_secret: old } = await simulator.createEndpoint();
    const current = await simulator.rotateSecret(id);
    await simulator.deliver(id, { ...EVENT, id: "evt_mine" }, { signWith: old });
    expect(first().headers["x-polyai-event-id"]).toBe("evt_mine");
    expect(verify(first(), current)).toEqual({ valid: false, reason: "signature_mismatch" });
    expect(verify(first(), current, old)).toMatchObject({ valid: true, secretIndex: 1 });
  });

  it("carries the endpoint's own headers, which replace none of the signature's", async () => {
    const forged = { "x-polyai-signature": "forged", "X-POLYAI-TIMESTAMP": "1" };
    const headers = { "X-Team": "alerts", ...forged, Host: "elsewhere", "Content-Length": "1" };
    const { signing_secret } = await deliver({ headers });
    expect(first().headers["x-team"]).toBe("alerts");
    expect(first().headers.host).toMatch(/^127\.0\.0\.1/);
    expect(verify(first(), signing_secret)).toMatchObject({ valid: true });
  });

  it.each([
    ["event_type_not_subscribed", { event_types: ["alerts.resolved"] }],
    ["endpoint_disabled", { enabled: false }],
  ] as const)("is skipped: %s", async (reason, settings) => {
    const { started } = await deliver(settings);
    expect(started).toMatchObject({ status: "skipped", reason, attempts: [] });
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
    simulator.setReceiver("https://hooks.example.com", `${receiver.url}?origin`);
    simulator.setReceiver(url, `${receiver.url}?url`);
    for (const to of [url, "https://hooks.example.com/two", "https://other.example.com"]) {
      await deliver({ url: to });
    }
    const urls = receiver.received.map(({ path }) => path);
    expect(urls).toEqual(["/hook?url", "/hook?origin", "/hook"]);
  });

  it.each(["https://10.0.0.1/", "file:///etc/passwd", ""])("goes to no receiver %p", async (to) => {
    expect(() => simulator.setReceiver("*", to)).toThrow(TypeError);
    await expect(startSimulator({ deliverTo: { "*": to } })).rejects.toThrow(TypeError);
  });
});

describe("retries", () => {
  it.each([[[502, 503, 200]], [[408, 200]], [[429, 200]], [["cut", 200]]] as const)(
    "come after %p, and the last attempt delivers",
    async (answers) => {
      const { signing_secret, started } = await deliver({}, ...answers);
      const { eventId } = started;
      expect(started).toMatchObject({ status: "pending" });
      await simulator.advance(HOUR);
      const [delivery] = simulator.deliveries;
      expect(delivery?.status).toBe("delivered");
      expect(delivery?.attempts.map(({ status }) => status ?? "cut")).toEqual(answers);
      for (const received of receiver.received) {
        expect(verify(received, signing_secret)).toMatchObject({ valid: true, eventId });
      }
    },
  );

  it.each([400, 410, 307])("never come after %i", async (status) => {
    expect((await deliver({}, status)).started).toMatchObject({ status: "failed" });
    await simulator.advance(10 * HOUR);
    expect(receiver.received).toHaveLength(1);
  });

  it("come 1, 5, 15, 60 and 240 minutes after the attempt before, and end after six", async () => {
    await deliver({}, ...Array<number>(10).fill(503));
    await simulator.advance(59_000);
    expect(receiver.received).toHaveLength(1);
    await simulator.advance(10 * HOUR);
    const [delivery] = simulator.deliveries;
    const minutes = delivery?.attempts.map(({ at }) =>
      Math.round((Date.parse(at) - Date.UTC(2030, 0)) / 60_000),
    );
    expect([delivery?.status, minutes]).toEqual(["failed", [0, 1, 6, 21, 81, 321]]);
    expect(receiver.received).toHaveLength(6);
  });

  it("are signed with the secret and the time of their own moment", async () => {
    const { id, signing_secret: old } = await deliver({}, 503);
    const current = await simulator.rotateSecret(id);
    await simulator.advance(60_000);
    const [before, after] = receiver.received as [Received, Received];
    expect(verify(before, old)).toMatchObject({ valid: true });
    expect(verify(after, current)).toMatchObject({ valid: true });
    expect(after.body).toEqual(before.body);
    const times = [before, after].map(({ headers }) => Number(headers["x-polyai-timestamp"]));
    expect(times[1]! - times[0]!).toBe(60);
  });

  it("end when the endpoint is deleted", async () => {
    const { id } = await deliver({}, 503);
    await simulator.deleteEndpoint(id);
    await simulator.advance(60_000);
    const skipped = { status: "skipped", reason: "endpoint_deleted" };
    expect(simulator.deliveries).toMatchObject([{ ...skipped, attempts: [{ status: 503 }] }]);
  });

  it("come after the endpoint's timeout", async () => {
    const attempts = [{ status: null, error: "timeout" }];
    const { started } = await deliver({ timeout_ms: 1000 }, "hang");
    expect(started).toMatchObject({ status: "pending", attempts });
    await simulator.advance(60_000);
    expect(receiver.received).toHaveLength(2);
  });

  it("do not hold up the simulator's end", async () => {
    await deliver({}, 503);
    await simulator.close();
    await simulator.advance(HOUR);
    expect(simulator.deliveries).toMatchObject([{ status: "pending" }]);
  });
});

it("the delivery log holds no secret, no signature and no header", async () => {
  const { signing_secret } = await deliver({ headers: { Authorization: "Bearer canary" } }, 503);
  await simulator.advance(60_000);
  const log = JSON.stringify(simulator.deliveries);
  for (const { headers } of receiver.received) {
    expect(headers.authorization).toBe("Bearer canary");
    expect(log).not.toContain(String(headers["x-polyai-signature"]));
  }
  expect(log).not.toContain(signing_secret);
  expect(log).not.toContain("canary");
});
