import { decodeMsgpack, encodeMsgpack } from "../../src/plugin/cty/msgpack.js";
import { object, STRING } from "../../src/plugin/cty/type.js";
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { type Host, type Instance, NOTHING } from "../support/host.js";
import { knownValues, operations, startHost, summaries, unknownNames } from "./support.js";

const TYPE = "polyai_webhook_secret";
const DEAD = "error: initial_secret is not valid any more";
const UNCHECKED = "warning: initial_secret is adopted without being checked";

let simulator: Simulator;
let host: Host;
beforeEach(async () => {
  simulator = await startSimulator();
  host = await startHost(simulator);
});
afterEach(() => simulator.close());

const newEndpoint = async (): Promise<{ endpoint_id: string; initial_secret: string }> => {
  const { id, signing_secret } = await simulator.createEndpoint();
  return { endpoint_id: id, initial_secret: signing_secret };
};

async function apply(config: ObjectValue, prior: Instance = NOTHING): Promise<Instance> {
  const plan = await host.plan(TYPE, config, prior);
  const applied = await host.apply(TYPE, plan);
  expect(applied.diagnostics).toEqual([]);
  expect(applied.state).toMatchObject(knownValues(plan));
  return applied;
}

describe("creation with an initial secret", () => {
  it("adopts it and rotates nothing", async () => {
    const config = await newEndpoint();
    const { endpoint_id, initial_secret } = config;
    const plan = await host.plan(TYPE, config);
    expect(unknownNames(plan)).toEqual([]);
    expect(plan.planned).toMatchObject({
      signing_secret: initial_secret,
      previous_signing_secret: null,
      fingerprint: fingerprintOf(initial_secret),
      rotation_count: 0,
      rotated_at: null,
    });
    expect(summaries(plan.diagnostics)).toEqual([UNCHECKED]);
    const created = await apply(config);
    expect(created.state?.["signing_secret"]).toBe(simulator.currentSecret(endpoint_id));
    expect(simulator.rotations(endpoint_id)).toBe(0);
    expect((await host.plan(TYPE, config, created)).planned).toEqual(created.state);
  });

  it("adopts one that is known only during apply, without a warning", async () => {
    const config = await newEndpoint();
    const plan = await host.plan(TYPE, { endpoint_id: UNKNOWN, initial_secret: UNKNOWN });
    expect(plan.diagnostics).toEqual([]);
    expect(unknownNames(plan)).toEqual([
      "endpoint_id",
      "fingerprint",
      "id",
      "initial_secret",
      "rotated_at",
      "rotation_count",
      "signing_secret",
    ]);
    const { state } = await host.apply(TYPE, {
      ...plan,
      config: { ...plan.config, ...config },
      planned: { ...plan.planned, ...config },
    });
    expect(state).toMatchObject({ signing_secret: config.initial_secret, rotation_count: 0 });
    expect(operations(simulator)).toEqual([]);
  });

  it("adopts that of an endpoint made in the same run, without a warning", async () => {
    const endpoint = "polyai_webhook_endpoint";
    const { state } = await host.apply(
      endpoint,
      await host.plan(endpoint, {
        name: "Hook",
        url: "https://example.com/hook",
        event_types: ["alerts.triggered"],
      }),
    );
    const { id = null, signing_secret = null } = state ?? {};
    const plan = await host.plan(TYPE, { endpoint_id: id, initial_secret: signing_secret });
    expect([plan.diagnostics, unknownNames(plan)]).toEqual([[], []]);
  });

  it("rotates where it is null, as after the endpoint's import", async () => {
    const { endpoint_id } = await newEndpoint();
    const created = await apply({ endpoint_id, initial_secret: null });
    expect(created.state).toMatchObject({ initial_secret: null, rotation_count: 1 });
    expect(simulator.rotations(endpoint_id)).toBe(1);
  });

  it("rotates where it turns out to be null during apply", async () => {
    const { endpoint_id } = await newEndpoint();
    const plan = await host.plan(TYPE, { endpoint_id, initial_secret: UNKNOWN });
    const { state } = await host.apply(TYPE, {
      ...plan,
      config: { ...plan.config, initial_secret: null },
      planned: { ...plan.planned, initial_secret: null },
    });
    expect(state).toMatchObject({
      rotation_count: 1,
      signing_secret: simulator.currentSecret(endpoint_id),
    });
  });

  it("counts its age from the adoption", async () => {
    const config = { ...(await newEndpoint()), rotate_after_days: 1 };
    const created = await apply(config);
    const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 25 * 60 * 60 * 1000);
    try {
      const plan = await host.plan(TYPE, config, created);
      expect(plan.planned).toMatchObject({ rotation_count: 1 });
      expect(summaries(plan.diagnostics)).toEqual([
        `warning: Rotation of ${config.endpoint_id} is due`,
      ]);
    } finally {
      clock.mockRestore();
    }
  });
});

describe("after an adoption", () => {
  it("a trigger rotates, and the adopted secret is the previous one", async () => {
    const config = await newEndpoint();
    const created = await apply(config);
    const rotated = await apply({ ...config, rotation_trigger: "1" }, created);
    expect(rotated.state).toMatchObject({
      signing_secret: simulator.currentSecret(config.endpoint_id),
      previous_signing_secret: config.initial_secret,
      rotation_count: 1,
    });
  });

  it.each([
    ["changes", "whsec_other"],
    ["is taken away", null],
  ])("nothing happens when initial_secret %s", async (_, initial_secret) => {
    const config = await newEndpoint();
    const created = await apply(config);
    const updated = await apply({ ...config, initial_secret }, created);
    expect(updated.state).toEqual({ ...created.state, initial_secret });
    expect(simulator.rotations(config.endpoint_id)).toBe(0);
  });

  /** As core plans -replace: once as an update, and then as a creation that carries its private. */
  const planReplacement = async (config: ObjectValue, prior: Instance) => {
    const { plannedPrivate } = await host.plan(TYPE, config, prior);
    return host.plan(TYPE, config, { state: null, private: plannedPrivate });
  };

  it("a replacement adopts it once more while it is valid", async () => {
    const config = await newEndpoint();
    const plan = await planReplacement(config, await apply(config));
    expect(summaries(plan.diagnostics)).not.toContain(DEAD);
    const { state } = await host.apply(TYPE, plan);
    expect(state?.["signing_secret"]).toBe(simulator.currentSecret(config.endpoint_id));
  });

  it.each<[string, ObjectValue, ObjectValue]>([
    ["after a rotation", {}, { rotation_trigger: "1" }],
    ["that invalidates it", { on_destroy: "invalidate" }, { on_destroy: "invalidate" }],
  ])("a replacement %s is refused at plan, and says how to go on", async (_, first, then) => {
    const config = await newEndpoint();
    const made = await apply({ ...config, ...first });
    const prior = await apply({ ...config, ...then }, made);
    const plan = await planReplacement({ ...config, ...then }, prior);
    expect(summaries(plan.diagnostics)).toEqual([DEAD]);

    const { endpoint_id } = config;
    const replacement = await planReplacement({ ...then, endpoint_id }, prior);
    expect(replacement.diagnostics).toEqual([]);
    const { state } = await host.apply(TYPE, replacement);
    expect(state?.["signing_secret"]).toBe(simulator.currentSecret(endpoint_id));
  });

  it("a replacement with another secret, known from elsewhere, adopts that one", async () => {
    const config = await newEndpoint();
    const prior = await apply(config);
    const initial_secret = await simulator.rotateSecret(config.endpoint_id);
    const plan = await planReplacement({ ...config, initial_secret }, prior);
    expect(summaries(plan.diagnostics)).toEqual([UNCHECKED]);
    expect(plan.planned).toMatchObject({ signing_secret: initial_secret, rotation_count: 0 });
  });

  it("another resource's rotation in the same run is noticed before the dead one is adopted", async () => {
    const config = await newEndpoint();
    const { endpoint_id } = config;
    const plan = await host.plan(TYPE, config);
    await apply({ endpoint_id });
    const { state, diagnostics } = await host.apply(TYPE, plan);
    expect(state).toBeNull();
    expect(summaries(diagnostics)).toEqual([DEAD]);
  });

  it("a replacement for another endpoint adopts that one's", async () => {
    const before = await apply(await newEndpoint());
    const config = await newEndpoint();
    const update = await host.plan(TYPE, config, before);
    expect(update.requiresReplace).toEqual(["endpoint_id"]);
    const created = await apply(config, { state: null, private: update.plannedPrivate });
    expect(created.state?.["signing_secret"]).toBe(config.initial_secret);
    expect(simulator.rotations(config.endpoint_id)).toBe(0);
  });
});

describe("validation", () => {
  const RECIPIENT = "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z";

  it.each<[string, ObjectValue]>([
    ["an empty secret", { initial_secret: "" }],
    ["a secret with a space", { initial_secret: "whsec 1" }],
    ["one beside encrypt_to", { initial_secret: "whsec_1", encrypt_to: [RECIPIENT] }],
    [
      "one beside initial_secret_wo",
      { initial_secret: "whsec_1", initial_secret_wo: "whsec_2", initial_secret_wo_version: 1 },
    ],
  ])("refuses %s, and does not show it", async (_, config) => {
    const diagnostics = await host.validate(TYPE, { endpoint_id: "whe_1", ...config });
    expect(summaries(diagnostics)).toEqual(["error: Invalid initial_secret"]);
    expect(JSON.stringify(diagnostics)).not.toContain("whsec");
  });

  it.each<[string, ObjectValue]>([
    ["it", { initial_secret: UNKNOWN, encrypt_to: [RECIPIENT] }],
    ["encrypt_to", { initial_secret: "whsec_1", encrypt_to: UNKNOWN }],
  ])("waits until %s is known", async (_, config) => {
    expect(await host.validate(TYPE, { endpoint_id: "whe_1", ...config })).toEqual([]);
  });
});

it("the secret's resource identity is its endpoint", async () => {
  const type = object({ endpoint_id: STRING });
  const { endpoint_id } = await newEndpoint();
  const { importedResources } = await host.server.importResourceState({
    typeName: TYPE,
    id: "",
    identity: { identityData: { msgpack: encodeMsgpack({ endpoint_id }, type) } },
  });
  const [imported] = importedResources ?? [];
  expect(host.decode(TYPE, imported?.state)).toMatchObject({ id: endpoint_id, endpoint_id });
  const identity = imported?.identity?.identityData?.msgpack ?? new Uint8Array();
  expect(decodeMsgpack(identity, type)).toEqual({ endpoint_id });
});
