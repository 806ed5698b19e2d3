/** A secret that is known already is adopted, as initial_secret or, encrypted, as initial_secret_wo. */
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { ALICE } from "../support/age.js";
import { NOTHING } from "../support/host.js";
import {
  beginWalk,
  ENDPOINT,
  knownValues,
  Story,
  located,
  unknownNames,
} from "../support/provider.js";
import { expectLive, host, simulator, spoilRotation, story, TYPE } from "./secret-story.js";

const dead = (name = "initial_secret") => `error at ${name}: ${name} is not valid any more`;
const unchecked = (name = "initial_secret") =>
  `warning at ${name}: ${name} is adopted without being checked`;

/** The secret that PolyAI made with the endpoint. */
let initial_secret: string;
beforeEach(() => {
  initial_secret = story.current();
});

describe("creation with an initial secret", () => {
  it("adopts it and rotates nothing", async () => {
    const plan = await story.plan({ initial_secret });
    expect(unknownNames(plan)).toEqual([]);
    expect(plan.planned).toMatchObject({
      signing_secret: initial_secret,
      previous_signing_secret: null,
      fingerprint: fingerprintOf(initial_secret),
      rotation_count: 0,
      rotated_at: null,
    });
    expect(located(plan.diagnostics)).toEqual([unchecked()]);
    const created = await story.applyPlan(plan);
    expectLive();
    expect(story.rotations()).toBe(0);
    expect((await story.plan({ initial_secret })).planned).toEqual(created);
  });

  it("adopts one that is known only during apply, without a warning", async () => {
    const plan = await story.plan({ endpoint_id: UNKNOWN, initial_secret: UNKNOWN });
    expect(plan.diagnostics).toEqual([]);
    expect(unknownNames(plan)).toEqual([
      "endpoint_id",
      "fingerprint",
      "id",
      "initial_secret",
      "rotated_at",
      "rotation_count",
      "rotation_reason",
      "signing_secret",
      "signing_secret_version",
    ]);
    simulator.clearRequests();
    const { state } = await story.applyKnown(plan, { endpoint_id: story.endpoint, initial_secret });
    expect(state).toMatchObject({ signing_secret: initial_secret, rotation_count: 0 });
    expect(simulator.requests).toEqual([]);
  });

  it("adopts that of an endpoint made in the same run, without a warning", async () => {
    const endpoint = new Story(host, "polyai_webhook_endpoint", ENDPOINT);
    const { id = null, signing_secret = null } = await endpoint.apply();
    const secret = new Story(host, TYPE, { endpoint_id: id, initial_secret: signing_secret });
    const plan = await secret.plan();
    expect([plan.diagnostics, unknownNames(plan)]).toEqual([[], []]);
  });

  it("rotates if it turns out to be null during apply", async () => {
    const plan = await story.plan({ initial_secret: UNKNOWN });
    const { state } = await story.applyKnown(plan, { initial_secret: null });
    expect(state).toMatchObject({ rotation_count: 1, signing_secret: story.current() });
  });

  it("leaves it open how the secret is kept while encrypt_to is not known", async () => {
    const plan = await story.plan({ initial_secret, encrypt_to: UNKNOWN });
    const shown = ["fingerprint", "signing_secret", "signing_secret_version"];
    const names = ["encrypt_to", "encrypted_signing_secret", ...shown];
    expect(unknownNames(plan)).toEqual(names);
  });
});

describe("after an adoption", () => {
  it.each<[string, ObjectValue, ObjectValue, boolean]>([
    ["adopts it once more while it is valid", {}, {}, false],
    ["after a rotation is refused, and says how to go on", {}, { rotation_trigger: "1" }, true],
    [
      "that invalidates it is refused, and says how to go on",
      { on_destroy: "invalidate" },
      { on_destroy: "invalidate" },
      true,
    ],
  ])("a replacement %s", async (_, first, then, refused) => {
    await story.apply({ initial_secret, ...first });
    await story.apply({ initial_secret, ...then });
    const plan = await story.planReplacement({ initial_secret, ...then });
    expect(located(plan.diagnostics)).toEqual([refused ? dead() : unchecked()]);
    expect(plan.diagnostics[0]?.detail).toContain("leave initial_secret out");
    await story.applyPlan(refused ? await story.planReplacement(then) : plan);
    expectLive();
  });

  it.each([
    ["adopts that one", "keep", unchecked()],
    ["is refused if the end of the object invalidates that one", "invalidate", dead()],
  ])("a replacement with another secret, from elsewhere, %s", async (_, on_destroy, expected) => {
    await story.apply({ initial_secret, on_destroy });
    const other = await simulator.rotateSecret(story.endpoint);
    const { planned, diagnostics } = await story.planReplacement({
      initial_secret: other,
      on_destroy,
    });
    expect(located(diagnostics)).toEqual([expected]);
    expect(planned?.["signing_secret"]).toBe(on_destroy === "keep" ? other : undefined);
  });

  it("a replacement whose endpoint is not known is refused after a rotation", async () => {
    await story.apply({ initial_secret });
    const again = { initial_secret, endpoint_id: UNKNOWN };
    expect((await story.planReplacement(again)).diagnostics).toEqual([]);
    await story.apply({ initial_secret, rotation_trigger: "1" });
    expect(located((await story.planReplacement(again)).diagnostics)).toEqual([dead()]);
  });

  it("another resource's rotation in the same run is noticed before the dead one is adopted", async () => {
    await story.apply({ on_destroy: "invalidate" });
    const destroy = await story.plan(null);
    await beginWalk(host, simulator);
    const config = { endpoint_id: story.endpoint, initial_secret };
    const plan = await new Story(host, TYPE, config).plan();
    expect((await host.apply(TYPE, destroy)).state).toBeNull();
    const { state, diagnostics } = await host.apply(TYPE, plan);
    expect([state, located(diagnostics)]).toEqual([null, [dead()]]);
  });

  it("a replacement for another endpoint adopts that one's", async () => {
    await story.apply({ initial_secret });
    const { id, signing_secret } = await simulator.createEndpoint();
    const config = { endpoint_id: id, initial_secret: signing_secret };
    const update = await story.plan(config);
    expect(update.requiresReplace).toEqual(["endpoint_id"]);
    story.instance = { ...NOTHING, private: update.plannedPrivate };
    expect((await story.apply(config))["signing_secret"]).toBe(signing_secret);
    expect(simulator.rotations(id)).toBe(0);
  });
});

describe("initial_secret_wo", () => {
  const WO = "initial_secret_wo";
  const known = (secret: string, version = 1): ObjectValue => ({
    encrypt_to: [ALICE.recipient],
    rotation_trigger: "1",
    initial_secret_wo: secret,
    initial_secret_wo_version: version,
  });

  it("is adopted at creation without rotating, and never in the state", async () => {
    const config = known(initial_secret);
    const plan = await story.plan(config);
    const shown = ["fingerprint", "signing_secret_version"];
    expect(unknownNames(plan)).toEqual(["encrypted_signing_secret", ...shown]);
    expect(plan.planned).toMatchObject({
      initial_secret_wo: null,
      initial_secret_wo_version: 1,
      rotation_count: 0,
      rotation_reason: "adopted",
      rotated_at: null,
    });
    const state = await story.apply(config);
    expect(story.rotations()).toBe(0);
    expect(state["fingerprint"]).toBe(fingerprintOf(initial_secret));
    expect(await story.opened(ALICE.identity)).toBe(initial_secret);
    expect(story.kept()).not.toContain(initial_secret);
    expect((await story.plan(config)).planned).toEqual(state);
  });

  it("is adopted after an import, triggers and all, and again with another version", async () => {
    await story.import(story.endpoint);
    const plan = await story.plan(known(initial_secret));
    expect(located(plan.diagnostics)).toEqual([unchecked(WO)]);
    const adoption = { rotation_count: 1, rotation_reason: "adopted", rotated_at: null };
    expect(plan.planned).toMatchObject(adoption);
    await story.applyPlan(plan);
    expect(story.rotations()).toBe(0);
    expect(await story.opened(ALICE.identity)).toBe(initial_secret);

    // Somebody rotated by hand and knows the new secret.
    const other = await simulator.rotateSecret(story.endpoint);
    const second = await story.apply(known(other, 2));
    expect(second).toMatchObject({ rotation_count: 2, rotated_at: null });
    expect(await story.opened(ALICE.identity)).toBe(other);
    expect((await story.plan(known(other, 3))).diagnostics).toEqual([]);
    const triggered = await story.plan({ ...known(other, 3), rotation_trigger: "2" });
    expect(located(triggered.diagnostics)).toEqual([
      `warning at initial_secret_wo_version: The changed trigger does not rotate the secret of ${story.endpoint}`,
    ]);
  });

  it("of the state is refused if it may be dead, and another is adopted", async () => {
    await story.apply(known(initial_secret));
    const fault = spoilRotation({ kind: "cut", afterActing: true });
    await story.attempt({ ...known(initial_secret), rotation_trigger: "2" });
    simulator.clearFaults(fault);
    const again = await story.plan(known(initial_secret, 2));
    expect(located(again.diagnostics)).toEqual([dead(WO), unchecked(WO)]);
    await story.apply(known(story.current(), 2));
    expect(await story.opened(ALICE.identity)).toBe(story.current());
  });

  it.each([
    ["invalidate", [dead(WO), unchecked(WO)]],
    ["keep", [unchecked(WO)]],
  ])("beside an older object that is destroyed, with %s", async (on_destroy, expected) => {
    await story.apply({ ...known(initial_secret), on_destroy });
    const younger = new Story(host, TYPE, { endpoint_id: story.endpoint });
    await younger.import(story.endpoint);
    await beginWalk(host, simulator);
    await host.plan(TYPE, null, story.instance);
    const { diagnostics } = await younger.plan(known(initial_secret));
    expect(located(diagnostics)).toEqual(expected);
  });

  it("unknown at plan is adopted once it is known", async () => {
    const plan = await story.plan({ ...known(""), initial_secret_wo: UNKNOWN });
    const applied = (initial_secret_wo: string | null) =>
      host.apply(TYPE, { ...plan, config: { ...plan.config, initial_secret_wo } });
    const { state } = await applied(initial_secret);
    const fingerprint = fingerprintOf(initial_secret);
    expect(state).toMatchObject({ ...knownValues(plan), fingerprint });
    const without = await applied(null);
    expect(located(without.diagnostics)).toEqual([
      "error at initial_secret_wo_version: Invalid initial_secret_wo",
    ]);
    expect(story.rotations()).toBe(0);
  });

  it.each([
    ["with the dead secret under its old version", 1, dead(WO)],
    ["with another version", 2, unchecked(WO)],
  ])("a replacement after a rotation, %s", async (_, version, expected) => {
    await story.apply(known(initial_secret));
    await story.apply({ ...known(initial_secret), rotation_trigger: "2" });
    const { diagnostics } = await story.planReplacement(known(initial_secret, version));
    expect(located(diagnostics)).toEqual([expected]);
  });

  it("may be ignored with its changes, for which core gives the prior null", async () => {
    await story.apply(known(initial_secret));
    const ignored = { ...known(""), initial_secret_wo: null };
    const plan = await story.plan(ignored);
    expect([plan.diagnostics, plan.planned]).toEqual([[], story.state]);
    await story.apply({ ...ignored, rotation_trigger: "2" });
    expect(await story.opened(ALICE.identity)).toBe(story.current());
    const { diagnostics } = await story.plan({ ...ignored, initial_secret_wo_version: 2 });
    expect(located(diagnostics)).toContain(
      "error at initial_secret_wo_version: Invalid initial_secret_wo",
    );
  });

  it("is refused at plan if encrypt_to turns out to be null", async () => {
    const plan = await story.plan({ ...known(initial_secret), encrypt_to: null });
    expect(located(plan.diagnostics)).toEqual([
      "error at initial_secret_wo: Invalid initial_secret_wo",
      unchecked(WO),
    ]);
  });
});
