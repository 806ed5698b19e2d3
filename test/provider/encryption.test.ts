import { UNKNOWN, type Value } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { ALICE, BOB, age } from "../support/age.js";
import { located, summaries, unknownNames } from "../support/provider.js";
import { ciphertextIn, host, setEnvironment, simulator, story, TYPE } from "./secret-story.js";

const expectNoPlaintext = () => {
  for (const plaintext of story.plaintexts) expect(story.kept()).not.toContain(plaintext);
};

describe("encrypt_to", () => {
  it("puts a ciphertext into the state, and the plaintext nowhere", async () => {
    const config = { encrypt_to: [ALICE.recipient, BOB.recipient], rotation_trigger: "1" };
    const plan = await story.plan(config);
    expect(unknownNames(plan)).toEqual([
      "encrypted_signing_secret",
      "fingerprint",
      "rotated_at",
      "signing_secret_version",
    ]);
    const nowhere = { signing_secret: null, previous_signing_secret: null };
    expect(plan.planned).toMatchObject({ ...nowhere, rotation_count: 1 });

    expect(await story.applyPlan(plan)).toMatchObject({
      ...nowhere,
      fingerprint: fingerprintOf(story.current()),
      rotated_at: expect.any(String),
    });
    expect(await story.opened(ALICE.identity)).toBe(story.current());
    expect(await story.opened(BOB.identity)).toBe(story.current());

    const noop = await story.plan({ ...config, encrypt_to: [BOB.recipient, ALICE.recipient] });
    expect([unknownNames(noop), noop.diagnostics]).toEqual([[], []]);

    const rotated = await story.apply({ ...config, rotation_trigger: "2" });
    expect(rotated).toMatchObject({ ...nowhere, rotation_count: 2 });
    expect(await story.opened(ALICE.identity)).toBe(story.current());
    expectNoPlaintext();
    expect(story.rotations()).toBe(2);
  });

  it.each<[string, readonly string[] | null, readonly string[] | null, string]>([
    ["adding a recipient", [ALICE.recipient], [ALICE.recipient, BOB.recipient], "other recipients"],
    ["removing a recipient", [ALICE.recipient, BOB.recipient], [BOB.recipient], "is taken out"],
    ["encrypting from now on", null, [BOB.recipient], "in plain text, and stays so"],
    ["encrypting no more", [BOB.recipient], null, "The new secret is in the state in plain text"],
  ])("%s rotates, and says why", async (_, before, after, why) => {
    await story.apply({ encrypt_to: before });
    const plan = await story.plan({ encrypt_to: after });
    expect(located(plan.diagnostics)).toEqual([
      `warning at encrypt_to: Rotation of ${story.endpoint}, since encrypt_to changes`,
    ]);
    expect(plan.diagnostics[0]?.detail).toContain(why);
    expect(plan.planned).toMatchObject({ rotation_reason: "recipients changed" });
    const state = await story.applyPlan(plan);
    expect([story.rotations(), state["rotation_count"]]).toEqual([2, 2]);
    if (after === null) {
      expect(state).toMatchObject({
        signing_secret: story.current(),
        previous_signing_secret: null,
        encrypted_signing_secret: null,
      });
    } else {
      expect(await story.opened(BOB.identity)).toBe(story.current());
      expectNoPlaintext();
    }
    expect((await story.plan({ encrypt_to: after })).planned).toEqual(state);
  });

  it.each<[string, Value]>([
    ["the same", [ALICE.recipient]],
    ["nobody", null],
  ])("unknown at plan may rotate; it turns out to be %s", async (_, encrypt_to) => {
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
      "signing_secret_version",
    ]);
    const { state, diagnostics } = await story.applyKnown(unknown, { encrypt_to });
    expect(diagnostics).toEqual([]);
    expect(state).toMatchObject({
      fingerprint: fingerprintOf(story.current()),
      signing_secret: encrypt_to === null ? story.current() : null,
    });
    expect(story.rotations()).toBe(encrypt_to === null ? 2 : 1);
  });

  it("partly unknown is certain to encrypt, and unknown leaves it open", async () => {
    const partly = await story.plan({ encrypt_to: [ALICE.recipient, UNKNOWN] });
    expect(partly.planned).toMatchObject({ signing_secret: null, previous_signing_secret: null });
    const unknown = await story.plan({ encrypt_to: UNKNOWN });
    expect(unknownNames(unknown)).toContain("signing_secret");
    expect(unknown.planned?.["previous_signing_secret"]).toBeNull();
  });

  it("quotes no secret that cannot be encrypted", async () => {
    // The first encryption is the trial before the rotation.
    const trial = Buffer.from(age.armor.encode(new Uint8Array())) as never;
    const fail = jest
      .spyOn(age.Encrypter.prototype, "encrypt")
      .mockResolvedValueOnce(trial)
      .mockImplementation((secret) =>
        Promise.reject(new Error(`cannot encrypt ${JSON.stringify(secret)}`)),
      );
    const { diagnostics } = await story.attempt({ encrypt_to: [ALICE.recipient] });
    fail.mockRestore();
    expect(summaries(diagnostics)).toEqual([
      `error: Could not store the new signing secret of ${story.endpoint}`,
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain(story.current());
    expect(story.rotations()).toBe(1);
  });
});

it("the ephemeral resource opens the ciphertext, asks the API nothing, and names the variable at fault", async () => {
  const encrypted_signing_secret = ciphertextIn(
    await story.apply({ encrypt_to: [ALICE.recipient] }),
  );
  simulator.clearRequests();
  const identity = `# alice\n${ALICE.identity}\n`;
  const opened = await host.openEphemeral(TYPE, { encrypted_signing_secret, identity });
  expect([opened.diagnostics, opened.result?.["signing_secret"]]).toEqual([[], story.current()]);
  expect(simulator.requests).toEqual([]);

  const wrong = { [BOB.identity]: "Wrong age identity", [ALICE.recipient]: "Invalid identity" };
  for (const [POLYAI_AGE_IDENTITY, summary] of Object.entries(wrong)) {
    setEnvironment({ POLYAI_AGE_IDENTITY });
    const { diagnostics } = await host.openEphemeral(TYPE, { encrypted_signing_secret });
    expect(located(diagnostics)).toEqual([`error at identity: ${summary}`]);
    expect(diagnostics[0]?.detail).toContain("It comes from POLYAI_AGE_IDENTITY.");
  }

  setEnvironment({ POLYAI_AGE_IDENTITY: ALICE.identity });
  const ofAnother = { encrypted_signing_secret, identity: BOB.identity };
  const bytes = age.armor.decode(encrypted_signing_secret);
  bytes[bytes.length - 1]! ^= 1;
  const changed = { encrypted_signing_secret: age.armor.encode(bytes) };
  for (const [config, detail] of [
    [ofAnother, /^None of the identities/],
    [changed, /^It is damaged/],
  ] as const) {
    const { diagnostics } = await host.openEphemeral(TYPE, config);
    expect(diagnostics).toEqual([
      expect.objectContaining({ detail: expect.stringMatching(detail) }),
    ]);
  }
});
