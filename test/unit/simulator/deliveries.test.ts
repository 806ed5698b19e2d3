import { startSimulator, type EndpointSettings } from "../../../src/simulator/index.js";
import { verifyWebhook } from "../../../src/webhooks/index.js";
import { withReceiver, type Received } from "./client.js";

const EVENT = { type: "alerts.triggered", data: { name: "Größe ≥ 1500 ☃" } } as const;
const HOUR = 3_600_000;

const here = withReceiver({ now: () => new Date("2030-01-01T00:00:00Z") });

const endpoint = (settings: Partial<EndpointSettings> = {}) =>
  here.simulator.createEndpoint(settings);
/** Delivers the event to a new endpoint. */
const deliver = async (settings: Partial<EndpointSettings> = {}) => {
  const { id, signing_secret } = await endpoint(settings);
  return { id, signing_secret, started: await here.simulator.deliver(id, EVENT) };
};

const verify = ({ headers, body: payload }: Received, ...secrets: string[]) =>
  verifyWebhook({ payload, headers, secrets, toleranceSeconds: Infinity });
const first = (): Received => here.receiver.received[0]!;

describe("a delivery", () => {
  it("verifies with the endpoint's secret and carries the event's id", async () => {
    const { id, signing_secret, started } = await deliver();
    const attempts = [{ status: 200, error: null }];
    expect(started).toMatchObject({ status: "delivered", endpointId: id, attempts });
    const { eventId } = started;
    expect(verify(first(), signing_secret)).toMatchObject({ valid: true, eventId });
    const sent: unknown = JSON.parse(first().body.toString());
    expect(sent).toMatchObject({ id: eventId, ...EVENT });
    expect(first().headers["content-type"]).toBe("application/json");
  });

  it("can be signed with a secret that was rotated, to show that a receiver refuses it", async () => {
    const { id, signing_secret: old } = await endpoint();
    const current = await here.simulator.rotateSecret(id);
    await here.simulator.deliver(id, { ...EVENT, id: "evt_mine" }, { signWith: old });
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
    expect(here.receiver.received).toEqual([]);
  });

  it("goes nowhere unless it is told where", async () => {
    const alone = await startSimulator();
    const { id } = await alone.createEndpoint();
    expect(await alone.deliver(id, EVENT)).toMatchObject({ reason: "no_receiver" });
    await alone.close();
  });

  it("goes to the receiver of its URL, else of its origin, else of all", async () => {
    const { simulator, receiver } = here;
    const url = "https://hooks.example.com/one";
    simulator.setReceiver("https://hooks.example.com", `${receiver.url}?origin`);
    simulator.setReceiver(url, `${receiver.url}?url`);
    for (const to of [url, "https://hooks.example.com/two", "https://other.example.com"]) {
      await deliver({ url: to });
    }
    const urls = receiver.received.map((received) => received.url);
    expect(urls).toEqual(["/hook?url", "/hook?origin", "/hook"]);
  });

  it.each(["http://example.com", "https://10.0.0.1/", "file:///etc/passwd", "nonsense", ""])(
    "is refused another machine as receiver: %p",
    async (to) => {
      expect(() => here.simulator.setReceiver("*", to)).toThrow(TypeError);
      await expect(startSimulator({ deliverTo: { "*": to } })).rejects.toThrow(TypeError);
    },
  );
});

describe("retries", () => {
  it.each([[[500, 200]], [[502, 503, 200]], [[408, 200]], [[429, 200]], [["cut", 200]]] as const)(
    "come after %p, and the last attempt delivers",
    async (answers) => {
      const { simulator, receiver } = here;
      receiver.answers.push(...answers);
      const { signing_secret, started } = await deliver();
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

  it.each([400, 401, 403, 404, 410, 422, 301, 307])("never come after %i", async (status) => {
    here.receiver.answers.push(status);
    expect((await deliver()).started).toMatchObject({ status: "failed" });
    await here.simulator.advance(10 * HOUR);
    expect(here.receiver.received).toHaveLength(1);
  });

  it("come 1, 5, 15, 60 and 240 minutes after the attempt before, and end after six", async () => {
    const { simulator, receiver } = here;
    receiver.answers.push(...Array<number>(10).fill(503));
    await deliver();
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
    const { simulator, receiver } = here;
    receiver.answers.push(503);
    const { id, signing_secret: old } = await deliver();
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
    const { simulator, receiver } = here;
    receiver.answers.push(503);
    const { id } = await deliver();
    await simulator.deleteEndpoint(id);
    await simulator.advance(60_000);
    const reason = "endpoint_deleted";
    const attempts = [{ status: 503 }];
    expect(simulator.deliveries).toMatchObject([{ status: "skipped", reason, attempts }]);
  });

  it("come after the endpoint's timeout", async () => {
    here.receiver.answers.push("hang");
    const attempts = [{ status: null, error: "timeout" }];
    const { started } = await deliver({ timeout_ms: 1000 });
    expect(started).toMatchObject({ status: "pending", attempts });
    await here.simulator.advance(60_000);
    expect(here.receiver.received).toHaveLength(2);
  });

  it("do not hold up the simulator's end", async () => {
    here.receiver.answers.push(503);
    await deliver();
    await here.simulator.close();
    await here.simulator.advance(HOUR);
    expect(here.simulator.deliveries).toMatchObject([{ status: "pending" }]);
  });
});

it("the delivery log holds no secret, no signature and no header", async () => {
  const { simulator, receiver } = here;
  receiver.answers.push(503);
  const { signing_secret } = await deliver({ headers: { Authorization: "Bearer canary" } });
  await simulator.advance(60_000);
  const log = JSON.stringify(simulator.deliveries);
  for (const { headers } of receiver.received) {
    expect(headers.authorization).toBe("Bearer canary");
    expect(log).not.toContain(String(headers["x-polyai-signature"]));
  }
  expect(log).not.toContain(signing_secret);
  expect(log).not.toContain("canary");
});
