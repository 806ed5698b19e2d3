import { startSimulator, type Fault, type Simulator } from "../../../src/simulator/index.js";
import { call, fetchOperation } from "./client.js";

const ROTATE = "rotateWebhookSigningSecret";
const HOUR = 3_600_000;

let simulator: Simulator;
let id: string;
beforeEach(async () => {
  simulator = await startSimulator();
  ({ id } = await simulator.createEndpoint());
});
afterEach(() => simulator.close());

const rotate = () => fetchOperation(simulator, ROTATE, { id });
const lastCall = () => simulator.requests.at(-1);

/** Status and body, or how it failed. */
async function outcome(): Promise<{ status: number; text: string } | "failed"> {
  try {
    const answer = await rotate();
    return { status: answer.status, text: await answer.text() };
  } catch {
    return "failed";
  }
}

describe("a fault's answer", () => {
  it("a status comes with the API's error body, and nothing was done", async () => {
    simulator.setFault({ kind: "status", status: 503, message: "Datadog is away" });
    expect(await call(simulator, ROTATE, { id })).toMatchObject({
      status: 503,
      body: { error_code: "SERVICE_UNAVAILABLE", error_message: "Datadog is away" },
    });
    expect(simulator.rotations(id)).toBe(0);
    expect(lastCall()).toMatchObject({ status: 503, acted: false, fault: "status" });
  });

  it.each([60, "Fri, 31 Dec 1999 23:59:59 GMT"])(
    "429 carries Retry-After: %s",
    async (retryAfter) => {
      simulator.setFault({ kind: "status", status: 429, retryAfter });
      expect((await rotate()).headers.get("retry-after")).toBe(String(retryAfter));
    },
  );

  it.each([
    ["before acting", false],
    ["after acting", true],
  ])("slow waits %s", async (_, afterActing) => {
    simulator.setFault({ kind: "slow", delayMs: HOUR, afterActing });
    const answer = outcome();
    await eventually(() => lastCall()?.fault === "slow" && lastCall()?.acted === afterActing);
    expect(lastCall()).toMatchObject({ acted: afterActing, endedAt: null });
    await simulator.advance(HOUR);
    expect(await answer).toEqual({ status: 200, text: secretJson() });
    expect(simulator.rotations(id)).toBe(1);
  });

  it.each([
    { kind: "cut", afterActing: false },
    { kind: "cut", afterActing: true },
    { kind: "reset", afterActing: false },
    { kind: "reset", afterActing: true },
  ] as const)("%j gives no answer", async ({ kind, afterActing: acted }) => {
    simulator.setFault({ kind, afterActing: acted });
    expect(await outcome()).toBe("failed");
    expect(simulator.rotations(id)).toBe(acted ? 1 : 0);
    expect(lastCall()).toMatchObject({ status: null, acted, fault: kind });
  });

  it.each([false, true])(
    "hang gives no answer and keeps the connection; acted: %p",
    async (afterActing) => {
      simulator.setFault({ kind: "hang", afterActing });
      const abort = new AbortController();
      const { signal } = abort;
      const answer = fetch(`${simulator.url}/v1/webhook-endpoints/${id}/rotate-secret`, {
        method: "POST",
        headers: { "x-api-key": simulator.apiKey },
        signal,
      });
      await eventually(() => lastCall()?.fault === "hang");
      expect(lastCall()).toMatchObject({ status: null, acted: afterActing, endedAt: null });
      expect(simulator.rotations(id)).toBe(afterActing ? 1 : 0);
      abort.abort();
      await expect(answer).rejects.toThrow(/abort/);
      await eventually(() => lastCall()?.endedAt !== null);
    },
  );

  it.each([
    [{ kind: "html" }, 200, true],
    [{ kind: "html", status: 502 }, 502, false],
    [{ kind: "html", status: 502, afterActing: true }, 502, true],
    [{ kind: "empty" }, 200, true],
    [{ kind: "empty", status: 500 }, 500, false],
  ] as [Fault, number, boolean][])("%j is a web page or no body", async (fault, status, acted) => {
    simulator.setFault(fault);
    const answer = await rotate();
    const isPage = fault.kind === "html";
    const type = isPage ? "text/html" : "application/json";
    expect(answer.headers.get("content-type")).toContain(type);
    expect(await answer.text()).toMatch(isPage ? /<html>/ : /^$/);
    expect(answer.status).toBe(status);
    expect(lastCall()).toMatchObject({ acted, status });
  });

  it("truncated is the first half of the JSON, as a whole message", async () => {
    simulator.setFault({ kind: "truncated" });
    const { text } = (await outcome()) as { text: string };
    expect(text.length).toBeGreaterThan(10);
    expect(secretJson().startsWith(text)).toBe(true);
    expect(text.length).toBeLessThan(secretJson().length);
  });

  it("cutBody breaks off inside the body", async () => {
    simulator.setFault({ kind: "cutBody" });
    const answer = await rotate();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(lastCall()).toMatchObject({ acted: true, status: 200 });
  });

  it.each([
    [{ kind: "secret" }, {}],
    [{ kind: "secret", value: "" }, { signing_secret: "" }],
    [{ kind: "secret", value: 42 }, { signing_secret: 42 }],
    [{ kind: "secret", value: null }, { signing_secret: null }],
  ] as [Fault, object][])("%j spoils the secret in the JSON", async (fault, expected) => {
    simulator.setFault(fault);
    expect(await (await rotate()).json()).toEqual(expected);
    expect(simulator.rotations(id)).toBe(1);
  });

  it("a missing secret leaves the other fields of a creation", async () => {
    simulator.setFault({ kind: "secret", operation: "createWebhookEndpoint" });
    const body = { name: "a", url: "https://example.com", event_types: ["alerts.resolved"] };
    const created = (await (
      await fetchOperation(simulator, "createWebhookEndpoint", { body })
    ).json()) as object;
    expect(created).toMatchObject({ name: "a" });
    expect(created).not.toHaveProperty("signing_secret");
  });

  it("huge is 10 MiB and still the right JSON", async () => {
    simulator.setFault({ kind: "huge" });
    const { text } = (await outcome()) as { text: string };
    expect(text.length).toBeGreaterThan(10 * 1024 * 1024);
    expect(text.trim()).toBe(secretJson());
  });

  it.each([0, 1])("endless, %i ms apart, goes on until the caller hangs up", async (delayMs) => {
    simulator.setFault({ kind: "endless", delayMs });
    const answer = await rotate();
    const reader = answer.body?.getReader();
    let bytes = 0;
    while (bytes < 200_000) bytes += ((await reader?.read())?.value as Uint8Array).length;
    expect(lastCall()?.endedAt).toBeNull();
    await reader?.cancel();
    await eventually(() => lastCall()?.endedAt !== null);
  });

  it("redirect points elsewhere and does nothing", async () => {
    simulator.setFault({ kind: "redirect", location: "http://127.0.0.1:1/stolen" });
    const answer = await rotate();
    expect(answer.status).toBe(307);
    expect(answer.headers.get("location")).toBe("http://127.0.0.1:1/stolen");
    expect(simulator.rotations(id)).toBe(0);
  });

  it("carries a correlation id", async () => {
    for (const kind of ["html", "empty", "truncated", "cutBody", "endless"] as const) {
      simulator.setFault({ kind, times: 1 });
      const answer = await rotate();
      expect(answer.headers.get("x-polyai-correlation-id")).toBe(lastCall()?.correlationId);
      await answer.body?.cancel();
    }
  });

  it("does not hold up the simulator's end", async () => {
    simulator.setFault({ kind: "hang", times: 1 });
    const hanging = outcome();
    await eventually(() => lastCall()?.fault === "hang");
    simulator.setFault({ kind: "slow", delayMs: 60_000 });
    const slow = outcome();
    await eventually(() => lastCall()?.fault === "slow");
    await simulator.close();
    expect(await hanging).toBe("failed");
    expect(await slow).toBe("failed");
  });
});

it.each([
  [{}, "fault.kind: Field required"],
  [{ kind: "nonsense" }, "fault.kind: must be one of status, slow, cut"],
  [{ kind: "status" }, "fault.status: Field required"],
  [{ kind: "status", status: 99 }, "fault.status: must be >= 200"],
  [{ kind: "slow" }, "fault.delayMs: Field required"],
  [{ kind: "cut", delayMs: 1 }, "fault.delayMs: Extra inputs are not permitted"],
  [{ kind: "cut", operation: "rotate" }, "fault.operation: must be one of listWebhookEndpoints"],
  [{ kind: "cut", times: 0 }, "fault.times: must be >= 1"],
])("a fault that is wrong is refused with its field: %j", async (fault, message) => {
  expect(() => simulator.setFault(fault as Fault)).toThrow(TypeError);
  expect(() => simulator.setFault(fault as Fault)).toThrow(message);
  expect((await rotate()).status).toBe(200);
});

describe("which calls a fault meets", () => {
  const statuses = async (count: number) => {
    const seen: number[] = [];
    for (let call = 0; call < count; call++) seen.push((await rotate()).status);
    return seen;
  };

  it("every call until it is cleared", async () => {
    const fault = simulator.setFault({ kind: "status", status: 500 });
    expect(await statuses(3)).toEqual([500, 500, 500]);
    simulator.clearFaults(fault);
    expect(await statuses(1)).toEqual([200]);
  });

  it("so many calls, after so many", async () => {
    simulator.setFault({ kind: "status", status: 500, skip: 1, times: 2 });
    expect(await statuses(4)).toEqual([200, 500, 500, 200]);
  });

  it("some operations", async () => {
    simulator.setFault({ kind: "status", status: 500, operation: "getWebhookEndpoint" });
    expect(await statuses(1)).toEqual([200]);
    expect(await call(simulator, "getWebhookEndpoint", { id })).toMatchObject({ status: 500 });
    simulator.setFault({ kind: "status", status: 503, operation: [ROTATE, "getAlertRule"] });
    expect(await statuses(1)).toEqual([503]);
    expect(await call(simulator, "listWebhookEndpoints")).toMatchObject({ status: 200 });
  });

  it("one endpoint", async () => {
    const other = await simulator.createEndpoint();
    simulator.setFault({ kind: "status", status: 500, resourceId: other.id });
    expect(await statuses(1)).toEqual([200]);
    expect(await call(simulator, ROTATE, { id: other.id })).toMatchObject({ status: 500 });
  });

  it("the first fault wins, then the next", async () => {
    simulator.setFault({ kind: "status", status: 429, times: 1 });
    simulator.setFault({ kind: "status", status: 503, times: 1 });
    expect(await statuses(3)).toEqual([429, 503, 200]);
  });

  it("none once all are cleared", async () => {
    simulator.setFault({ kind: "status", status: 500 });
    simulator.setFault({ kind: "cut" });
    simulator.clearFaults();
    expect(await statuses(1)).toEqual([200]);
  });
});

it("latency is what every call takes", async () => {
  await simulator.close();
  simulator = await startSimulator({ latencyMs: HOUR });
  ({ id } = await simulator.createEndpoint());
  const answer = outcome();
  await eventually(() => lastCall() !== undefined);
  await simulator.advance(HOUR - 1000);
  expect(lastCall()).toMatchObject({ acted: false, endedAt: null });
  await simulator.advance(1000);
  expect(await answer).toMatchObject({ status: 200 });
});

function secretJson(): string {
  return JSON.stringify({ signing_secret: simulator.currentSecret(id) });
}

async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("did not happen within 5 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
