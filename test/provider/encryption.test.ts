import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/rotation.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { age, newKey, open, type Key } from "../support/age.js";
import type { Host, Instance, Planned } from "../support/host.js";
import { knownValues, startHost, summaries, unknownNames } from "./support.js";

const TYPE = "polyai_webhook_secret";

let simulator: Simulator;
let alice: Key;
let bob: Key;
beforeAll(async () => {
  simulator = await startSimulator();
  alice = await newKey();
  bob = await newKey();
});
afterEach(() => {
  simulator.clearFaults();
  jest.restoreAllMocks();
  delete process.env["POLYAI_SIGNING_SECRET"];
  delete process.env["POLYAI_AGE_IDENTITY"];
});
afterAll(() => simulator.close());

function ciphertextIn({ encrypted_signing_secret }: ObjectValue): string {
  if (typeof encrypted_signing_secret === "string") return encrypted_signing_secret;
  throw new Error("the state holds no ciphertext");
}

/** One endpoint and its secret, whose state is held against each plan as core does. */
class Story {
  instance: Instance | undefined;
  readonly plaintexts: string[] = [];

  private constructor(
    readonly host: Host,
    readonly endpoint: string,
  ) {}

  static async begin(): Promise<Story> {
    return new Story(await startHost(simulator), (await simulator.createEndpoint()).id);
  }

  plan(config: ObjectValue) {
    return this.host.plan(TYPE, { endpoint_id: this.endpoint, ...config }, this.instance);
  }

  async apply(config: ObjectValue): Promise<ObjectValue> {
    return this.applyPlan(await this.plan(config));
  }

  async applyPlan(plan: Planned): Promise<ObjectValue> {
    expect(plan.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const applied = await this.host.apply(TYPE, plan);
    expect(applied.diagnostics).toEqual([]);
    expect(applied.state).toMatchObject(knownValues(plan));
    this.instance = applied;
    this.plaintexts.push(this.current());
    return applied.state ?? {};
  }

  current(): string {
    return simulator.currentSecret(this.endpoint);
  }

  rotations(): number {
    return simulator.requests.filter(
      ({ operation, path }) =>
        operation === "rotateWebhookSigningSecret" && path.includes(this.endpoint),
    ).length;
  }

  /** What the current state's ciphertext holds. */
  opened(identity: string): Promise<string> {
    return open(ciphertextIn(this.instance?.state ?? {}), identity);
  }

  /** Everything that core would keep. */
  kept(): string {
    return JSON.stringify([
      [...Object.entries(this.instance?.state ?? {})],
      Buffer.from(this.instance?.private ?? []).toString(),
    ]);
  }
}

describe("encrypt_to", () => {
  it("puts a ciphertext into the state, and the plaintext nowhere", async () => {
    const story = await Story.begin();
    const config = { encrypt_to: [alice.recipient, bob.recipient], rotation_trigger: "1" };
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
    expect(await story.opened(alice.identity)).toBe(story.current());
    expect(await story.opened(bob.identity)).toBe(story.current());
    expect(story.kept()).not.toContain(story.current());

    const noop = await story.plan({ ...config, encrypt_to: [bob.recipient, alice.recipient] });
    expect([unknownNames(noop), noop.diagnostics]).toEqual([[], []]);

    const rotated = await story.apply({ ...config, rotation_trigger: "2" });
    expect(rotated).toMatchObject({ previous_signing_secret: null, rotation_count: 2 });
    expect(await story.opened(alice.identity)).toBe(story.current());
    for (const plaintext of story.plaintexts) expect(story.kept()).not.toContain(plaintext);
    expect(story.rotations()).toBe(2);
  });

  it.each<[string, () => string[] | null, () => string[] | null, string]>([
    [
      "adding a recipient",
      () => [alice.recipient],
      () => [alice.recipient, bob.recipient],
      "other recipients",
    ],
    [
      "removing a recipient",
      () => [alice.recipient, bob.recipient],
      () => [bob.recipient],
      "is taken out",
    ],
    ["encrypting from now on", () => null, () => [bob.recipient], "in plain text, and stays so"],
    [
      "encrypting no more",
      () => [bob.recipient],
      () => null,
      "The new secret is in the state in plain text",
    ],
  ])("%s rotates, and says why", async (_, before, after, why) => {
    const story = await Story.begin();
    await story.apply({ encrypt_to: before() });
    const plan = await story.plan({ encrypt_to: after() });
    expect(plan.diagnostics).toMatchObject([
      {
        severity: "warning",
        summary: `Rotation of ${story.endpoint}, since encrypt_to changes`,
        detail: expect.stringContaining(why),
      },
    ]);
    const state = await story.apply({ encrypt_to: after() });
    expect(story.rotations()).toBe(2);
    expect(state["rotation_count"]).toBe(2);
    if (after() === null) {
      expect(state).toMatchObject({
        signing_secret: story.current(),
        previous_signing_secret: null,
        encrypted_signing_secret: null,
      });
    } else {
      expect(await story.opened(bob.identity)).toBe(story.current());
      for (const plaintext of story.plaintexts) expect(story.kept()).not.toContain(plaintext);
    }
    expect((await story.plan({ encrypt_to: after() })).planned).toEqual(state);
  });

  it.each<[string, () => ObjectValue[string]]>([
    ["the same", () => [alice.recipient]],
    ["others", () => [bob.recipient]],
    ["nobody", () => null],
  ])("unknown at plan may rotate; it turns out to be %s", async (_, actual) => {
    const story = await Story.begin();
    await story.apply({ encrypt_to: [alice.recipient] });
    const unknown = await story.plan({ encrypt_to: UNKNOWN });
    expect(unknownNames(unknown)).toEqual([
      "encrypt_to",
      "encrypted_signing_secret",
      "fingerprint",
      "previous_signing_secret",
      "rotated_at",
      "rotation_count",
      "signing_secret",
    ]);
    // Core plans once more during apply only for what it cannot merge: here the config is known.
    const { endpoint } = story;
    const encrypt_to = actual();
    const applied = await story.host.apply(TYPE, {
      ...unknown,
      config: { ...unknown.config, encrypt_to },
      planned: { ...unknown.planned, encrypt_to },
    });
    expect(applied.diagnostics).toEqual([]);
    expect(applied.state?.["fingerprint"]).toBe(fingerprintOf(simulator.currentSecret(endpoint)));
    expect(applied.state?.["signing_secret"]).toBe(encrypt_to === null ? story.current() : null);
    const same = JSON.stringify(encrypt_to) === JSON.stringify([alice.recipient]);
    expect(story.rotations()).toBe(same ? 1 : 2);
  });

  it("unknown at creation leaves it open how the secret is kept", async () => {
    const story = await Story.begin();
    const plan = await story.plan({ encrypt_to: UNKNOWN });
    expect(unknownNames(plan)).toContain("signing_secret");
    expect(unknownNames(plan)).toContain("encrypted_signing_secret");
    expect(plan.planned?.["previous_signing_secret"]).toBeNull();
  });

  it("partly unknown is certain to encrypt", async () => {
    const story = await Story.begin();
    const plan = await story.plan({ encrypt_to: [alice.recipient, UNKNOWN] });
    expect(plan.planned).toMatchObject({ signing_secret: null, previous_signing_secret: null });
  });

  it.each<[string, () => readonly string[], string]>([
    ["no recipient", () => [], "at least one"],
    ["a recipient that is none", () => ["age1nobody"], "age recipient"],
    ["an identity", () => [alice.identity], "private half"],
  ])("is refused at validate with %s", async (_, encrypt_to, words) => {
    const { host } = await Story.begin();
    const [problem, ...others] = await host.validate(TYPE, {
      endpoint_id: "whe_1",
      encrypt_to: [...encrypt_to()],
    });
    expect(others).toEqual([]);
    expect(problem?.summary).toMatch(/^Invalid encrypt_to/);
    expect(problem?.detail).toContain(words);
  });

  it("to a key that is none is refused before anything rotates", async () => {
    const story = await Story.begin();
    const plan = await story.plan({
      encrypt_to: ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"],
    });
    const failed = await story.host.apply(TYPE, plan);
    expect(summaries(failed.diagnostics)).toEqual(["error: Invalid encrypt_to"]);
    expect([failed.state, story.rotations()]).toEqual([null, 0]);
  });

  it("heals a rotation whose secret never arrived", async () => {
    const story = await Story.begin();
    const config = { encrypt_to: [alice.recipient], rotation_trigger: "1" };
    const before = await story.apply(config);
    simulator.setFault({ kind: "empty", operation: "rotateWebhookSigningSecret" });
    const failed = await story.host.apply(
      TYPE,
      await story.plan({ ...config, rotation_trigger: "2" }),
    );
    expect(failed.state).toEqual(before);
    expect(failed.diagnostics[0]?.detail).toContain("may have changed");
    story.instance = failed;
    simulator.clearFaults();
    expect(summaries((await story.plan(config)).diagnostics)).toEqual([
      `warning: An earlier rotation of ${story.endpoint} was not confirmed`,
    ]);
    await story.apply(config);
    expect(await story.opened(alice.identity)).toBe(story.current());
  });

  it("marks the rotation as not confirmed where its secret cannot be encrypted", async () => {
    const story = await Story.begin();
    const config = { encrypt_to: [alice.recipient], rotation_trigger: "1" };
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
    expect(await story.opened(alice.identity)).toBe(story.current());
  });

  it("rotates a secret that was imported", async () => {
    const story = await Story.begin();
    story.instance = await story.host.importState(TYPE, story.endpoint);
    const plan = await story.plan({ encrypt_to: [alice.recipient] });
    expect(plan.diagnostics).toMatchObject([
      { severity: "warning", detail: expect.stringContaining("initial_secret_wo") },
    ]);
    await story.apply({ encrypt_to: [alice.recipient] });
    expect(await story.opened(alice.identity)).toBe(story.current());
    expect(story.rotations()).toBe(1);
  });

  it("rotates a secret that was adopted in plain text, since the state held it", async () => {
    const story = await Story.begin();
    const adopted = story.current();
    process.env["POLYAI_SIGNING_SECRET"] = adopted;
    const host = await startHost(simulator);
    story.instance = await host.importState(TYPE, story.endpoint);
    expect(story.kept()).toContain(adopted);
    await story.apply({ encrypt_to: [alice.recipient] });
    expect(story.rotations()).toBe(1);
    expect(story.kept()).not.toContain(adopted);
    expect(await story.opened(alice.identity)).toBe(story.current());
  });
});

describe("initial_secret_wo", () => {
  const known = (secret: string, version = 1): ObjectValue => ({
    encrypt_to: [alice.recipient],
    rotation_trigger: "1",
    initial_secret_wo: secret,
    initial_secret_wo_version: version,
  });

  it("is adopted at creation without rotating, and never in the state", async () => {
    const story = await Story.begin();
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
    const story = await Story.begin();
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
    const story = await Story.begin();
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
    const story = await Story.begin();
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
    const { host } = await Story.begin();
    const diagnostics = await host.validate(TYPE, { endpoint_id: "whe_1", ...config });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.detail).toContain(words);
  });

  it("is refused at plan where encrypt_to turns out to be null", async () => {
    const story = await Story.begin();
    const config = { endpoint_id: story.endpoint, ...known(story.current()) };
    expect(await story.host.validate(TYPE, { ...config, encrypt_to: UNKNOWN })).toEqual([]);
    const plan = await story.plan({ ...config, encrypt_to: null });
    expect(summaries(plan.diagnostics)).toEqual(["error: Invalid initial_secret_wo"]);
  });
});

describe("the ephemeral resource", () => {
  const sealed = async (): Promise<{ story: Story; file: string }> => {
    const story = await Story.begin();
    const state = await story.apply({ encrypt_to: [alice.recipient] });
    return { story, file: ciphertextIn(state) };
  };

  it("opens the ciphertext, and asks the API nothing", async () => {
    const { story, file } = await sealed();
    simulator.clearRequests();
    const opened = await story.host.openEphemeral(TYPE, {
      encrypted_signing_secret: file,
      identity: `# alice\n${alice.identity}\n`,
    });
    expect(opened.diagnostics).toEqual([]);
    expect(opened.result?.["signing_secret"]).toBe(story.current());
    expect(simulator.requests).toEqual([]);
  });

  it("takes the identity from the environment", async () => {
    const { story, file } = await sealed();
    process.env["POLYAI_AGE_IDENTITY"] = alice.identity;
    const opened = await story.host.openEphemeral(TYPE, { encrypted_signing_secret: file });
    expect(opened.result).toEqual({
      encrypted_signing_secret: file,
      identity: null,
      signing_secret: story.current(),
    });
  });

  it("needs no configured provider", async () => {
    const { file, story } = await sealed();
    const unconfigured = await startHost(simulator, { api_key: UNKNOWN });
    const opened = await unconfigured.openEphemeral(TYPE, {
      encrypted_signing_secret: file,
      identity: alice.identity,
    });
    expect(opened.result?.["signing_secret"]).toBe(story.current());
  });

  it.each<[string, (file: string) => ObjectValue, string]>([
    ["a wrong identity", () => ({ identity: bob.identity }), "Wrong age identity"],
    ["no identity", () => ({}), "Missing age identity"],
    ["a malformed identity", () => ({ identity: `${alice.identity}X` }), "Invalid identity"],
    ["a recipient as identity", () => ({ identity: alice.recipient }), "Invalid identity"],
    [
      "a cut armor",
      (file) => ({ encrypted_signing_secret: file.slice(0, -60), identity: alice.identity }),
      "Invalid encrypted_signing_secret",
    ],
    [
      "what is no armor",
      () => ({ encrypted_signing_secret: "whsec_oops", identity: alice.identity }),
      "Invalid encrypted_signing_secret",
    ],
  ])("says what is wrong with %s, and shows none of it", async (_, change, summary) => {
    const { story, file } = await sealed();
    const config = { encrypted_signing_secret: file, ...change(file) };
    const { diagnostics, result } = await story.host.openEphemeral(TYPE, config);
    expect(result).toBeNull();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: "error", summary });
    const said = JSON.stringify(diagnostics);
    for (const given of Object.values(config)) expect(said).not.toContain(given);
    for (const key of [alice, bob]) expect(said).not.toContain(key.identity);
  });

  it("names the variable whose identity is wrong", async () => {
    const { story, file } = await sealed();
    process.env["POLYAI_AGE_IDENTITY"] = bob.identity;
    const { diagnostics } = await story.host.openEphemeral(TYPE, {
      encrypted_signing_secret: file,
    });
    expect(diagnostics[0]?.detail).toContain("It comes from POLYAI_AGE_IDENTITY.");
  });
});
