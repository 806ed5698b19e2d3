import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { newKey, type Key } from "../support/age.js";
import { SecretStory, TYPE } from "./secret-story.js";
import { knownValues, summaries, unknownNames } from "./support.js";

let simulator: Simulator;
let alice: Key;
beforeAll(async () => {
  simulator = await startSimulator();
  alice = await newKey();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => simulator.close());

describe("initial_secret_wo", () => {
  const known = (secret: string, version = 1): ObjectValue => ({
    encrypt_to: [alice.recipient],
    rotation_trigger: "1",
    initial_secret_wo: secret,
    initial_secret_wo_version: version,
  });

  it("is adopted at creation without rotating, and never in the state", async () => {
    const story = await SecretStory.begin(simulator);
    const secret = story.current();
    const plan = await story.plan(known(secret));
    expect(unknownNames(plan)).toEqual(["encrypted_signing_secret", "fingerprint"]);
    expect(plan.planned).toMatchObject({
      initial_secret_wo: null,
      initial_secret_wo_version: 1,
      rotation_count: 0,
      rotated_at: null,
    });
    const state = await story.apply(known(secret));
    expect(story.rotations()).toBe(0);
    expect(state["fingerprint"]).toBe(fingerprintOf(secret));
    expect(await story.opened(alice.identity)).toBe(secret);
    expect(story.kept()).not.toContain(secret);

    expect((await story.plan(known(secret))).planned).toEqual(state);
    await story.apply({ ...known(secret), rotation_trigger: "2" });
    expect(story.rotations()).toBe(1);
    expect(await story.opened(alice.identity)).toBe(story.current());
    // Taken out again, it changes nothing.
    await story.apply({ encrypt_to: [alice.recipient], rotation_trigger: "2" });
    expect(story.rotations()).toBe(1);
  });

  it("is adopted after an import, triggers and all, and again with another version", async () => {
    const story = await SecretStory.begin(simulator);
    const secret = story.current();
    story.instance = await story.host.importState(TYPE, story.endpoint);
    const plan = await story.plan(known(secret));
    expect(plan.diagnostics).toEqual([]);
    const first = await story.apply(known(secret));
    expect([story.rotations(), first["rotation_count"]]).toEqual([0, 1]);
    expect(await story.opened(alice.identity)).toBe(secret);

    // Somebody rotated by hand and knows the new secret.
    const other = await simulator.rotateSecret(story.endpoint);
    const second = await story.apply(known(other, 2));
    expect(second).toMatchObject({ rotation_count: 2, rotated_at: null });
    expect(await story.opened(alice.identity)).toBe(other);
  });

  it("unknown at plan is adopted once it is known", async () => {
    const story = await SecretStory.begin(simulator);
    const secret = story.current();
    const plan = await story.plan({ ...known(secret), initial_secret_wo: UNKNOWN });
    const applied = await story.host.apply(TYPE, {
      ...plan,
      config: { ...plan.config, initial_secret_wo: secret },
    });
    expect(applied.state).toMatchObject(knownValues(plan));
    expect(applied.state?.["fingerprint"]).toBe(fingerprintOf(secret));
    const without = await story.host.apply(TYPE, {
      ...plan,
      config: { ...plan.config, initial_secret_wo: null },
    });
    expect(summaries(without.diagnostics)).toEqual(["error: Invalid initial_secret_wo"]);
    expect(story.rotations()).toBe(0);
  });

  it("begins the age of the secret", async () => {
    const story = await SecretStory.begin(simulator);
    const config = { ...known(story.current()), rotate_after_days: 1 };
    await story.apply(config);
    expect(unknownNames(await story.plan(config))).toEqual([]);
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + 25 * 60 * 60 * 1000);
    expect(summaries((await story.plan(config)).diagnostics)).toEqual([
      `warning: Rotation of ${story.endpoint} is due`,
    ]);
  });

  it.each<[string, ObjectValue, string]>([
    [
      "without encrypt_to",
      { initial_secret_wo: "a-secret", initial_secret_wo_version: 1 },
      "Without encrypt_to",
    ],
    ["without its version", { initial_secret_wo: "a-secret" }, "belong together"],
    ["left out, with a version", { initial_secret_wo_version: 1 }, "belong together"],
    ["empty", { initial_secret_wo: "", initial_secret_wo_version: 1 }, "not empty"],
  ])("is refused %s", async (_, config, words) => {
    const { host } = await SecretStory.begin(simulator);
    const diagnostics = await host.validate(TYPE, { endpoint_id: "whe_1", ...config });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.detail).toContain(words);
  });

  it("is refused at plan where encrypt_to turns out to be null", async () => {
    const story = await SecretStory.begin(simulator);
    const config = { endpoint_id: story.endpoint, ...known(story.current()) };
    expect(await story.host.validate(TYPE, { ...config, encrypt_to: UNKNOWN })).toEqual([]);
    const plan = await story.plan({ ...config, encrypt_to: null });
    expect(summaries(plan.diagnostics)).toEqual(["error: Invalid initial_secret_wo"]);
  });
});
