import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { startSimulator, type Fault, type Simulator } from "../../src/simulator/index.js";
import type { Host, Instance } from "../support/host.js";
import { startHost, summaries, unknownNames } from "./support.js";

const TYPE = "polyai_webhook_secret";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => {
  simulator.clearFaults();
  delete process.env["POLYAI_SIGNING_SECRET"];
});
afterAll(() => simulator.close());

const start = (config: ObjectValue = {}): Promise<Host> => startHost(simulator, config);

const newEndpoint = async (): Promise<string> => (await simulator.createEndpoint()).id;

const create = async (host: Host, config: ObjectValue): Promise<Instance> => {
  const created = await host.apply(TYPE, await host.plan(TYPE, config));
  expect(created.diagnostics).toEqual([]);
  return created;
};

const rotationFault = (fault: Fault): string =>
  simulator.setFault({ ...fault, operation: "rotateWebhookSigningSecret" });

const CHANGING = ["fingerprint", "rotated_at", "signing_secret"];

describe("a plan", () => {
  it("for creation knows all but the secret and what comes of it", async () => {
    const host = await start();
    const plan = await host.plan(TYPE, { endpoint_id: "whe_1" });
    expect(unknownNames(plan)).toEqual(CHANGING);
    expect(plan.planned).toMatchObject({
      id: "whe_1",
      on_destroy: "keep",
      rotation_count: 1,
      previous_signing_secret: null,
    });
  });

  it("for a rotation knows the count and the previous secret", async () => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const prior = await create(host, { endpoint_id, rotation_trigger: "1" });
    const plan = await host.plan(TYPE, { endpoint_id, rotation_trigger: "2" }, prior);
    expect(unknownNames(plan)).toEqual(CHANGING);
    expect(plan.planned).toMatchObject({
      rotation_count: 2,
      previous_signing_secret: prior.state?.["signing_secret"],
    });
  });

  it("with an unknown trigger knows nothing of the secret", async () => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const prior = await create(host, { endpoint_id, rotation_trigger: "1" });
    const plan = await host.plan(TYPE, { endpoint_id, rotation_trigger: UNKNOWN }, prior);
    expect(unknownNames(plan)).toEqual(
      [...CHANGING, "previous_signing_secret", "rotation_count", "rotation_trigger"].sort(),
    );
  });

  it("never asks the API", async () => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const prior = await create(host, { endpoint_id });
    simulator.clearRequests();
    await host.plan(TYPE, { endpoint_id, rotation_trigger: "2" }, prior);
    await host.plan(TYPE, null, prior);
    expect(simulator.requests).toEqual([]);
  });
});

describe("private state", () => {
  it("holds no secret", async () => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const created = await create(host, { endpoint_id });
    const kept = Buffer.from(created.private).toString();
    expect(Object.keys(JSON.parse(kept) as object).sort()).toEqual(["instance", "origin"]);
    expect(kept).not.toContain(simulator.currentSecret(endpoint_id));
  });
});

describe("a rotation that may have happened without its secret arriving", () => {
  const AMBIGUOUS: readonly (readonly [string, Fault])[] = [
    ["no answer in time", { kind: "hang", afterActing: true }],
    ["a connection cut after acting", { kind: "cut", afterActing: true }],
    ["a connection reset after acting", { kind: "reset", afterActing: true }],
    ["an empty 200", { kind: "empty" }],
    ["a cut 200", { kind: "cutBody" }],
    ["a truncated 200", { kind: "truncated" }],
    ["a 200 with a web page", { kind: "html" }],
    ["a 200 without a secret", { kind: "noSecret" }],
    ["a 200 with an empty secret", { kind: "secret", value: "" }],
    ["a 200 with a number", { kind: "secret", value: 7 }],
    ["a gateway's timeout", { kind: "status", status: 504, afterActing: true }],
  ];

  it.each(AMBIGUOUS)(
    "%s: says so, keeps the prior state with a mark, and heals even with the trigger put back",
    async (_, fault) => {
      const host = await start({ request_timeout: 1 });
      const endpoint_id = await newEndpoint();
      const prior = await create(host, { endpoint_id, rotation_trigger: "1" });

      rotationFault(fault);
      const failed = await host.apply(
        TYPE,
        await host.plan(TYPE, { endpoint_id, rotation_trigger: "2" }, prior),
      );
      expect(failed.state).toEqual(prior.state);
      expect(summaries(failed.diagnostics)).toEqual([
        `error: Could not rotate the signing secret of ${endpoint_id}`,
      ]);
      expect(failed.diagnostics[0]?.detail).toContain("may have changed");
      expect(simulator.currentSecret(endpoint_id)).not.toBe(prior.state?.["signing_secret"]);

      simulator.clearFaults();
      const back = await host.plan(TYPE, { endpoint_id, rotation_trigger: "1" }, failed);
      expect(unknownNames(back)).toEqual(CHANGING);
      expect(summaries(back.diagnostics)).toEqual([
        `warning: An earlier rotation of ${endpoint_id} was not confirmed`,
      ]);

      const healed = await host.apply(TYPE, back);
      expect(healed.diagnostics).toEqual([]);
      expect(healed.state?.["signing_secret"]).toBe(simulator.currentSecret(endpoint_id));
      const after = await host.plan(TYPE, { endpoint_id, rotation_trigger: "1" }, healed);
      expect(after.planned).toEqual(healed.state);
    },
  );

  it.each(AMBIGUOUS)(
    "%s at creation: creates nothing, and the next apply does",
    async (_, fault) => {
      const host = await start({ request_timeout: 1 });
      const endpoint_id = await newEndpoint();
      rotationFault({ ...fault, times: 1 });
      const failed = await host.apply(TYPE, await host.plan(TYPE, { endpoint_id }));
      expect(failed.state).toBeNull();
      expect(failed.diagnostics[0]?.detail).toContain("may have changed");
      const created = await create(host, { endpoint_id });
      expect(created.state?.["signing_secret"]).toBe(simulator.currentSecret(endpoint_id));
    },
  );

  it("keeps the mark when the next try is plainly refused", async () => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const prior = await create(host, { endpoint_id, rotation_trigger: "1" });
    rotationFault({ kind: "empty", times: 1 });
    const changed = { endpoint_id, rotation_trigger: "2" };
    const failed = await host.apply(TYPE, await host.plan(TYPE, changed, prior));
    rotationFault({ kind: "status", status: 401, times: 1 });
    const refused = await host.apply(TYPE, await host.plan(TYPE, changed, failed));
    expect(refused.state).toEqual(prior.state);
    const back = await host.plan(TYPE, { endpoint_id, rotation_trigger: "1" }, refused);
    expect(unknownNames(back)).toEqual(CHANGING);
  });

  it.each<[string, Fault]>([
    ["401", { kind: "status", status: 401 }],
    ["404", { kind: "status", status: 404 }],
    ["422", { kind: "status", status: 422 }],
    ["429", { kind: "status", status: 429 }],
  ])("is not what a %s is: the old secret stays valid and no mark is left", async (_, fault) => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const prior = await create(host, { endpoint_id, rotation_trigger: "1" });
    rotationFault(fault);
    const failed = await host.apply(
      TYPE,
      await host.plan(TYPE, { endpoint_id, rotation_trigger: "2" }, prior),
    );
    expect(failed.diagnostics[0]?.detail).not.toContain("may have changed");
    simulator.clearFaults();
    const back = await host.plan(TYPE, { endpoint_id, rotation_trigger: "1" }, failed);
    expect(back.planned).toEqual(prior.state);
    expect(prior.state?.["signing_secret"]).toBe(simulator.currentSecret(endpoint_id));
  });
});

describe("import", () => {
  it("refuses an id that is none", async () => {
    const host = await start();
    const { diagnostics } = await host.importState(TYPE, "whe_../x");
    expect(summaries(diagnostics)).toEqual(["error: Invalid import id"]);
  });

  it("adopts a known secret for one endpoint only", async () => {
    process.env["POLYAI_SIGNING_SECRET"] = "known-secret";
    const host = await start();
    const imported = await host.importState(TYPE, "whe_1");
    expect(imported.state).toMatchObject({
      signing_secret: "known-secret",
      fingerprint: fingerprintOf("known-secret"),
      rotation_count: 0,
      rotated_at: null,
    });
    expect(Buffer.from(imported.private).toString()).not.toContain("known-secret");
    expect((await host.importState(TYPE, "whe_1")).diagnostics).toEqual([]);
    const second = await host.importState(TYPE, "whe_2");
    expect(summaries(second.diagnostics)).toEqual(["error: One known secret for two imports"]);
  });

  it("counts an adopted secret's age from its adoption", async () => {
    process.env["POLYAI_SIGNING_SECRET"] = "known-secret";
    const host = await start();
    const endpoint_id = await newEndpoint();
    const config = { endpoint_id, rotate_after_days: 1 };
    const imported = await host.importState(TYPE, endpoint_id);
    const recorded = await host.apply(TYPE, await host.plan(TYPE, config, imported));
    expect(recorded.state).toMatchObject({ signing_secret: "known-secret", rotated_at: null });

    const soon = await host.plan(TYPE, config, recorded);
    expect(unknownNames(soon)).toEqual([]);
    const later = Date.now() + 25 * 60 * 60 * 1000;
    jest.spyOn(Date, "now").mockReturnValue(later);
    try {
      const due = await host.plan(TYPE, config, recorded);
      expect(unknownNames(due)).toEqual(CHANGING);
      expect(summaries(due.diagnostics)).toEqual([`warning: Rotation of ${endpoint_id} is due`]);
    } finally {
      jest.restoreAllMocks();
    }
  });
});

describe("destroy", () => {
  it("with invalidate is content when the endpoint is gone", async () => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const prior = await create(host, { endpoint_id, on_destroy: "invalidate" });
    await simulator.deleteEndpoint(endpoint_id);
    const destroyed = await host.apply(TYPE, await host.plan(TYPE, null, prior));
    expect([destroyed.state, destroyed.diagnostics]).toEqual([null, []]);
  });

  it("with invalidate keeps the resource when the rotation fails", async () => {
    const host = await start();
    const endpoint_id = await newEndpoint();
    const prior = await create(host, { endpoint_id, on_destroy: "invalidate" });
    rotationFault({ kind: "status", status: 401 });
    const destroyed = await host.apply(TYPE, await host.plan(TYPE, null, prior));
    expect(destroyed.state).toEqual(prior.state);
    expect(summaries(destroyed.diagnostics)).toEqual([
      `error: Could not rotate the signing secret of ${endpoint_id}`,
    ]);
  });
});
