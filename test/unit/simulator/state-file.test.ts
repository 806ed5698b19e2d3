import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { call } from "./client.js";

let folder: string;
let stateFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulator-"));
  stateFile = join(folder, "state.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function during<T>(
  run: (simulator: Simulator) => Promise<T>,
  options: Parameters<typeof startSimulator>[0] = {},
): Promise<T> {
  const simulator = await startSimulator({ stateFile, ...options });
  try {
    return await run(simulator);
  } finally {
    await simulator.close();
  }
}

const RULE = {
  name: "Slow turns",
  metric: "call_volume",
  operator: "<",
  threshold_value: 5,
  window_duration: "60m",
};

it("holds endpoints, secrets, rules, values and alerts over to the next run", async () => {
  const before = await during(async (simulator) => {
    const { id } = await simulator.createEndpoint({ headers: { "X-Team": "a" } });
    await call(simulator, "rotateWebhookSigningSecret", { id });
    await call(simulator, "createAlertRule", { body: RULE });
    await simulator.setMetric({ metric: "call_volume", value: 1 });
    return snapshot(simulator, id);
  });
  expect(before.alerts).toMatchObject({ data: [{ current_value: 1 }] });
  const after = await during((simulator) => snapshot(simulator, before.id));
  expect(after).toEqual(before);
  const [resolved] = await during(async (simulator) => {
    await simulator.setMetric({ metric: "call_volume", value: 9 });
    return simulator.deliveries;
  });
  expect(resolved).toMatchObject({ eventType: "alerts.resolved" });
});

async function snapshot(simulator: Simulator, id: string) {
  return {
    id,
    secret: simulator.currentSecret(id),
    rotations: simulator.rotations(id),
    endpoint: (await call(simulator, "getWebhookEndpoint", { id })).body as object,
    rules: (await call(simulator, "listAlertRules")).body as object,
    alerts: (await call(simulator, "getActiveAlerts")).body as object,
  };
}

it("has every change in it before the answer is sent", async () => {
  await during(async (simulator) => {
    const { id } = await simulator.createEndpoint();
    for (let count = 0; count < 5; count++) {
      const { body } = await call(simulator, "rotateWebhookSigningSecret", { id });
      const { signing_secret } = body as { signing_secret: string };
      expect(readFileSync(stateFile, "utf8")).toContain(signing_secret);
    }
  });
});

it("is readable by its owner only, and leaves no draft beside it", async () => {
  await during(async (simulator) => {
    await simulator.seedEndpoints(20);
    expect(readdirSync(folder)).toEqual(["state.json"]);
  });
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);
});

it("holds no API key", async () => {
  const accounts = { demo: "canary-key" };
  await during((simulator) => simulator.createEndpoint(), { accounts });
  expect(readFileSync(stateFile, "utf8")).not.toContain("canary-key");
});

it("keeps accounts that a run does not know", async () => {
  const { id } = await during((simulator) => simulator.createEndpoint({ account: "b" }), {
    accounts: { a: "key-a", b: "key-b" },
  });
  await during((simulator) => simulator.createEndpoint(), { accounts: { a: "key-a" } });
  await during(async (simulator) => expect(simulator.rotations(id)).toBe(0), {
    accounts: { b: "key-b" },
  });
});

it("holds all of many changes at once", async () => {
  const secrets = await during(async (simulator) => {
    const endpoints = await simulator.seedEndpoints(100);
    return Promise.all(
      endpoints.map(async ({ id }) => {
        const { body } = await call(simulator, "rotateWebhookSigningSecret", { id });
        return (body as { signing_secret: string }).signing_secret;
      }),
    );
  });
  const text = readFileSync(stateFile, "utf8");
  expect(secrets.filter((secret) => !text.includes(secret))).toEqual([]);
});

it.each([
  ["not JSON", "{"],
  ["empty", ""],
  ["another file", '{"dependencies":{}}'],
  ["another version", '{"version":2,"accounts":{}}'],
  [
    "a broken endpoint",
    '{"version":1,"accounts":{"demo":{"endpoints":[{}],"rules":[],"metrics":{}}}}',
  ],
])("is refused and left alone where it is %s", async (_, text) => {
  writeFileSync(stateFile, text);
  await expect(startSimulator({ stateFile })).rejects.toThrow(/state\.json is .*state file/);
  expect(readFileSync(stateFile, "utf8")).toBe(text);
});

it("that cannot be written is refused at the start", async () => {
  const missing = join(folder, "missing", "state.json");
  await expect(startSimulator({ stateFile: missing })).rejects.toThrow(/ENOENT/);
});

it("that can no longer be written makes the change fail aloud", async () => {
  const simulator = await startSimulator({ stateFile });
  const body = { name: "a", url: "https://example.com", event_types: ["alerts.resolved"] };
  rmSync(folder, { recursive: true });
  expect(await call(simulator, "createWebhookEndpoint", { body })).toMatchObject({ status: 500 });
  await expect(simulator.close()).rejects.toThrow(/ENOENT/);
  mkdirSync(folder);
});
