import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { ALICE } from "../support/age.js";
import { SecretStory, TYPE } from "./secret-story.js";
import { knownValues, summaries, unknownNames } from "../support/provider.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const UNCHECKED = "warning: initial_secret_wo is adopted without being checked";

describe("initial_secret_wo", () => {
  const known = (secret: string, version = 1): ObjectValue => ({
    encrypt_to: [ALICE.recipient],
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
    expect(await story.opened(ALICE.identity)).toBe(secret);
    expect(story.kept()).not.toContain(secret);

    expect((await story.plan(known(secret))).planned).toEqual(state);
  });

  it("is adopted after an import, triggers and all, and again with another version", async () => {
    const story = await SecretStory.begin(simulator);
    const secret = story.current();
    await story.import(story.endpoint);
    const plan = await story.plan(known(secret));
    expect(summaries(plan.diagnostics)).toEqual([UNCHECKED]);
    const first = await story.apply(known(secret));
    expect([story.rotations(), first["rotation_count"]]).toEqual([0, 1]);
    expect(await story.opened(ALICE.identity)).toBe(secret);

    // Somebody rotated by hand and knows the new secret.
    const other = await simulator.rotateSecret(story.endpoint);
    const second = await story.apply(known(other, 2));
    expect(second).toMatchObject({ rotation_count: 2, rotated_at: null });
    expect(await story.opened(ALICE.identity)).toBe(other);
    expect((await story.plan(known(other, 3))).diagnostics).toEqual([]);
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

  it.each([
    [
      "with the dead secret under its old version",
      1,
      ["error: initial_secret_wo is not valid any more"],
    ],
    ["with another version", 2, [UNCHECKED]],
  ])("a replacement after a rotation, %s", async (_, version, expected) => {
    const story = await SecretStory.begin(simulator);
    const secret = story.current();
    await story.apply(known(secret));
    await story.apply({ ...known(secret), rotation_trigger: "2" });
    const { diagnostics } = await story.planReplacement(known(secret, version));
    expect(summaries(diagnostics)).toEqual(expected);
  });

  it("is refused at plan where encrypt_to turns out to be null", async () => {
    const story = await SecretStory.begin(simulator);
    const config = { endpoint_id: story.endpoint, ...known(story.current()) };
    const plan = await story.plan({ ...config, encrypt_to: null });
    expect(summaries(plan.diagnostics)).toEqual(["error: Invalid initial_secret_wo", UNCHECKED]);
  });
});
