import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { call } from "./client.js";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

/** Runs the jobs, this many at a time. */
async function inParallel<T>(jobs: readonly T[], width: number, run: (job: T) => Promise<void>) {
  const queue = [...jobs];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) await run(job);
    }),
  );
}

it("rotates 1,000 endpoints at parallelism 200, and each caller has the current secret", async () => {
  const endpoints = await simulator.seedEndpoints(1000);
  const secrets = new Map<string, string>();
  await inParallel(endpoints, 200, async ({ id }) => {
    const { body } = await call(simulator, "rotateWebhookSigningSecret", { id });
    secrets.set(id, (body as { signing_secret: string }).signing_secret);
  });
  for (const { id, signing_secret } of endpoints) {
    expect(secrets.get(id)).toBe(simulator.currentSecret(id));
    expect(secrets.get(id)).not.toBe(signing_secret);
    expect(simulator.rotations(id)).toBe(1);
  }
  expect(new Set(secrets.values()).size).toBe(1000);
});

it("keeps latency apart for each call", async () => {
  const endpoints = await simulator.seedEndpoints(200);
  simulator.setLatency(100);
  const started = Date.now();
  await inParallel(endpoints, 200, async ({ id }) => {
    await call(simulator, "rotateWebhookSigningSecret", { id });
  });
  // One after another they would take 20 s.
  expect(Date.now() - started).toBeLessThan(10_000);
});

it("gives one of many rotations of one endpoint as the current secret: the last", async () => {
  const { id } = await simulator.createEndpoint();
  const secrets: string[] = [];
  await inParallel(Array<string>(50).fill(id), 50, async (endpoint) => {
    const { body } = await call(simulator, "rotateWebhookSigningSecret", { id: endpoint });
    secrets.push((body as { signing_secret: string }).signing_secret);
  });
  expect(simulator.rotations(id)).toBe(50);
  expect(new Set(secrets).size).toBe(50);
  expect(secrets).toContain(simulator.currentSecret(id));
});

it("never has more than ten endpoints, however many are created at once", async () => {
  const body = { name: "a", url: "https://example.com", event_types: ["alerts.resolved"] };
  const statuses: number[] = [];
  await inParallel(Array<object>(40).fill(body), 40, async (job) => {
    statuses.push((await call(simulator, "createWebhookEndpoint", { body: job })).status);
  });
  expect(statuses.filter((status) => status === 201)).toHaveLength(10);
  expect(statuses.filter((status) => status === 409)).toHaveLength(30);
});
