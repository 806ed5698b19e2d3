import { attributePath } from "../../src/plugin/cty/path.js";
import { UNKNOWN, type Value } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { ALICE, BOB, age } from "../support/age.js";
import { SecretStory, TYPE } from "./secret-story.js";
import { startHost, summaries, unknownNames } from "../support/provider.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => {
  simulator.clearFaults();
  jest.restoreAllMocks();
  delete process.env["POLYAI_SIGNING_SECRET"];
});
afterAll(() => simulator.close());

describe("encrypt_to", () => {
  it("puts a ciphertext into the state, and the plaintext nowhere", async () => {
    const story = await SecretStory.begin(simulator);
    const config = { encrypt_to: [ALICE.recipient, BOB.recipient], rotation_trigger: "1" };
    const plan = await story.plan(config);
    expect(unknownNames(plan)).toEqual(["encrypted_signing_secret", "fingerprint", "rotated_at"]);
    expect(plan.planned).toMatchObject({
      signing_secret: null,
      previous_signing_secret: null,
      rotation_count: 1,
    });

    const created = await story.applyPlan(plan);
    expect(created).toMatchObject({
      signing_secret: null,
      previous_signing_secret: null,
      fingerprint: fingerprintOf(story.current()),
      rotated_at: expect.any(String),
    });
    expect(await story.opened(ALICE.identity)).toBe(story.current());
    expect(await story.opened(BOB.identity)).toBe(story.current());
    expect(story.kept()).not.toContain(story.current());

    const noop = await story.plan({ ...config, encrypt_to: [BOB.recipient, ALICE.recipient] });
    expect([unknownNames(noop), noop.diagnostics]).toEqual([[], []]);

    const rotated = await story.apply({ ...config, rotation_trigger: "2" });
    expect(rotated).toMatchObject({ previous_signing_secret: null, rotation_count: 2 });
    expect(await story.opened(ALICE.identity)).toBe(story.current());
    for (const plaintext of story.plaintexts) expect(story.kept()).not.toContain(plaintext);
    expect(story.rotations()).toBe(2);
  });

  it.each<[string, readonly string[] | null, readonly string[] | null, string]>([
    ["adding a recipient", [ALICE.recipient], [ALICE.recipient, BOB.recipient], "other recipients"],
    ["removing a recipient", [ALICE.recipient, BOB.recipient], [BOB.recipient], "is taken out"],
    ["encrypting from now on", null, [BOB.recipient], "in plain text, and stays so"],
    ["encrypting no more", [BOB.recipient], null, "The new secret is in the state in plain text"],
  ])("%s rotates, and says why", async (_, before, after, why) => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ encrypt_to: before });
    const plan = await story.plan({ encrypt_to: after });
    expect(plan.diagnostics).toMatchObject([
      {
        severity: "warning",
        summary: `Rotation of ${story.endpoint}, since encrypt_to changes`,
        detail: expect.stringContaining(why),
      },
    ]);
    const state = await story.apply({ encrypt_to: after });
    expect(story.rotations()).toBe(2);
    expect(state["rotation_count"]).toBe(2);
    if (after === null) {
      expect(state).toMatchObject({
        signing_secret: story.current(),
        previous_signing_secret: null,
        encrypted_signing_secret: null,
      });
    } else {
      expect(await story.opened(BOB.identity)).toBe(story.current());
      for (const plaintext of story.plaintexts) expect(story.kept()).not.toContain(plaintext);
    }
    expect((await story.plan({ encrypt_to: after })).planned).toEqual(state);
  });

  it.each<[string, Value]>([
    ["the same", [ALICE.recipient]],
    ["others", [BOB.recipient]],
    ["nobody", null],
  ])("unknown at plan may rotate; it turns out to be %s", async (_, encrypt_to) => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ encrypt_to: [ALICE.recipient] });
    const unknown = await story.plan({ encrypt_to: UNKNOWN });
    expect(unknownNames(unknown)).toEqual([
      "encrypt_to",
      "encrypted_signing_secret",
      "fingerprint",
      "previous_signing_secret",
      "rotated_at",
      "rotation_count",
      "rotation_reason",
      "signing_secret",
    ]);
    // By the apply it has become known.
    const { endpoint } = story;
    const applied = await story.applyKnown(unknown, { encrypt_to });
    expect(applied.diagnostics).toEqual([]);
    expect(applied.state?.["fingerprint"]).toBe(fingerprintOf(simulator.currentSecret(endpoint)));
    expect(applied.state?.["signing_secret"]).toBe(encrypt_to === null ? story.current() : null);
    const same = JSON.stringify(encrypt_to) === JSON.stringify([ALICE.recipient]);
    expect(story.rotations()).toBe(same ? 1 : 2);
  });

  it("unknown at creation leaves it open how the secret is kept", async () => {
    const story = await SecretStory.begin(simulator);
    const plan = await story.plan({ encrypt_to: UNKNOWN });
    expect(unknownNames(plan)).toContain("signing_secret");
    expect(unknownNames(plan)).toContain("encrypted_signing_secret");
    expect(plan.planned?.["previous_signing_secret"]).toBeNull();
  });

  it("partly unknown is certain to encrypt", async () => {
    const story = await SecretStory.begin(simulator);
    const plan = await story.plan({ encrypt_to: [ALICE.recipient, UNKNOWN] });
    expect(plan.planned).toMatchObject({ signing_secret: null, previous_signing_secret: null });
  });

  it("to a key that is none is refused before anything rotates", async () => {
    const story = await SecretStory.begin(simulator);
    const failed = await story.attempt({
      encrypt_to: ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"],
    });
    expect(failed.diagnostics).toMatchObject([
      {
        severity: "error",
        summary: "Invalid encrypt_to",
        detail: expect.stringContaining("Nothing was rotated."),
        attribute: attributePath("encrypt_to"),
      },
    ]);
    expect([failed.state, story.rotations()]).toEqual([null, 0]);
  });

  it("heals a rotation whose secret never arrived", async () => {
    const story = await SecretStory.begin(simulator);
    const config = { encrypt_to: [ALICE.recipient], rotation_trigger: "1" };
    const before = await story.apply(config);
    simulator.setFault({ kind: "empty", operation: "rotateWebhookSigningSecret" });
    const failed = await story.attempt({ ...config, rotation_trigger: "2" });
    expect(failed.state).toEqual(before);
    expect(failed.diagnostics[0]?.detail).toContain("may have changed");
    simulator.clearFaults();
    expect(summaries((await story.plan(config)).diagnostics)).toEqual([
      `warning: An earlier rotation of ${story.endpoint} was not confirmed`,
    ]);
    await story.apply(config);
    expect(await story.opened(ALICE.identity)).toBe(story.current());
  });

  it("marks the rotation as not confirmed where its secret cannot be encrypted", async () => {
    const story = await SecretStory.begin(simulator);
    const config = { encrypt_to: [ALICE.recipient], rotation_trigger: "1" };
    const before = await story.apply(config);
    const plan = await story.plan({ ...config, rotation_trigger: "2" });
    // The first encryption is the trial before the rotation.
    const encode = age.armor.encode.bind(age.armor);
    const fail = jest
      .spyOn(age.Encrypter.prototype, "encrypt")
      .mockResolvedValueOnce(Buffer.from(encode(new Uint8Array())) as never)
      .mockImplementation((secret) =>
        Promise.reject(new Error(`cannot encrypt ${JSON.stringify(secret)}`)),
      );
    const failed = await story.host.apply(TYPE, plan);
    fail.mockRestore();
    expect(failed.state).toEqual(before);
    expect(summaries(failed.diagnostics)).toEqual([
      `error: Could not store the new signing secret of ${story.endpoint}`,
    ]);
    expect(JSON.stringify(failed.diagnostics)).not.toContain(story.current());
    expect(story.rotations()).toBe(2);
    story.instance = failed;
    await story.apply(config);
    expect(await story.opened(ALICE.identity)).toBe(story.current());
  });

  it("rotates a secret that was imported", async () => {
    const story = await SecretStory.begin(simulator);
    await story.import(story.endpoint);
    const plan = await story.plan({ encrypt_to: [ALICE.recipient] });
    expect(plan.diagnostics).toMatchObject([
      { severity: "warning", detail: expect.stringContaining("initial_secret_wo") },
    ]);
    await story.apply({ encrypt_to: [ALICE.recipient] });
    expect(await story.opened(ALICE.identity)).toBe(story.current());
    expect(story.rotations()).toBe(1);
  });

  it("rotates a secret that was adopted in plain text, since the state held it", async () => {
    const story = await SecretStory.begin(simulator);
    const adopted = story.current();
    process.env["POLYAI_SIGNING_SECRET"] = adopted;
    const host = await startHost(simulator);
    story.instance = await host.importState(TYPE, story.endpoint);
    expect(story.kept()).toContain(adopted);
    await story.apply({ encrypt_to: [ALICE.recipient] });
    expect(story.rotations()).toBe(1);
    expect(story.kept()).not.toContain(adopted);
    expect(await story.opened(ALICE.identity)).toBe(story.current());
  });
});
