/** rotation_reason and next_rotation_at: known in a plan if they can be, and then the same after it. */
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { ALICE } from "../support/age.js";
import { kept, summaries, unknownNames } from "../support/provider.js";
import { host, importWith, story, TYPE } from "./secret-story.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const mapOf = (keys: Record<string, unknown>) => new Map(Object.entries(keys)) as never;
const triggers = (keys: Record<string, unknown>) => ({ rotation_triggers: mapOf(keys) });
const after = (time: unknown, milliseconds: number) => {
  const now = Date.parse(time as string) + milliseconds;
  jest.spyOn(Date, "now").mockReturnValue(now);
};

describe("rotation_reason", () => {
  it.each<[string, ObjectValue, ObjectValue, string]>([
    ["trigger", { rotation_trigger: "s3cret" }, { rotation_trigger: "0ther" }, "trigger changed"],
    [
      "element of a map",
      triggers({ image: "s3cret", quarter: "s3cret" }),
      triggers({ image: "0ther", quarter: "s3cret", new: null }),
      "trigger changed: image",
    ],
    [
      "map and trigger",
      triggers({ quarter: "s3cret" }),
      { ...triggers({ image: "0ther" }), rotation_trigger: "0ther" },
      "trigger changed: rotation_trigger, image, quarter",
    ],
  ])("of a changed %s names it without a value", async (_, before, then, reason) => {
    expect(await story.apply(before)).toMatchObject({ rotation_reason: "created" });
    const plan = await story.plan(then);
    expect(plan.planned).toMatchObject({ rotation_reason: reason });
    expect(await story.applyPlan(plan)).toMatchObject({ rotation_reason: reason });
    expect((await story.plan(then)).planned).toEqual(story.state);
  });

  it.each([
    ["known", "whsec_known", "imported", "imported"],
    ["unknown", undefined, null, "secret not known"],
  ])("of an import with a secret that is %s", async (_, secret, imported, applied) => {
    await importWith(secret);
    expect(summaries((await story.import(story.endpoint)).diagnostics)).toEqual(
      secret ? ["warning: POLYAI_SIGNING_SECRET is adopted without being checked"] : [],
    );
    expect(story.state).toMatchObject({
      id: story.endpoint,
      // Null has the first apply record the triggers.
      on_destroy: secret ? null : "keep",
      signing_secret: secret ?? null,
      fingerprint: secret ? fingerprintOf(secret) : null,
      rotation_count: 0,
      rotated_at: null,
      rotation_reason: imported,
    });
    expect(kept({ ...story.instance, state: null })).not.toContain("whsec_known");
    const plan = await story.plan({ rotation_trigger: "1" });
    expect(summaries(plan.diagnostics)).toEqual(
      secret ? [] : [`warning: The signing secret of ${story.endpoint} is not known`],
    );
    const count = { rotation_count: secret ? 0 : 1 };
    expect(await story.applyPlan(plan)).toMatchObject({ ...count, rotation_reason: applied });
  });

  it.each<[string, ObjectValue, ObjectValue, string]>([
    [
      "more keys",
      triggers({ image: "2", quarter: UNKNOWN }),
      triggers({ image: "2", quarter: "2" }),
      "trigger changed: image, quarter",
    ],
    [
      "a trigger, stronger than recipients",
      { encrypt_to: [ALICE.recipient], rotation_trigger: UNKNOWN },
      { rotation_trigger: "2" },
      "trigger changed: rotation_trigger, image, quarter",
    ],
    [
      "nothing, and the old reason stays",
      triggers({ image: "1", quarter: UNKNOWN }),
      triggers({ image: "1", quarter: "1" }),
      "created",
    ],
  ])("is not known while a value may bring %s", async (_, planned, known, reason) => {
    await story.apply(triggers({ image: "1", quarter: "1" }));
    const plan = await story.plan(planned);
    expect(unknownNames(plan)).toContain("rotation_reason");
    expect((await story.applyKnown(plan, known)).state).toMatchObject({ rotation_reason: reason });
  });
});

describe("next_rotation_at", () => {
  it.each([1, 7, 30, 365])(
    "is when a plan begins to rotate a secret of %d days",
    async (rotate_after_days) => {
      const plan = await story.plan({ rotate_after_days });
      expect(unknownNames(plan)).toContain("next_rotation_at");
      const created = await story.applyPlan(plan);
      after(created["next_rotation_at"], -1);
      expect((await story.plan({ rotate_after_days })).planned).toEqual(created);
      after(created["next_rotation_at"], 0);
      const due = await story.plan({ rotate_after_days });
      expect(due.planned).toMatchObject({
        next_rotation_at: UNKNOWN,
        rotation_reason: `rotation due since ${created["next_rotation_at"] as string}`,
      });
      const rotated = await story.applyPlan(due);
      expect(Date.parse(rotated["next_rotation_at"] as string)).toBeGreaterThan(Date.now());
    },
  );

  it("is planned as known if the period changes and nothing rotates", async () => {
    expect(await story.apply()).toMatchObject({ next_rotation_at: null });
    const plan = await story.plan({ rotate_after_days: 30 });
    expect(unknownNames(plan)).toEqual([]);
    const { next_rotation_at, rotated_at } = await story.applyPlan(plan);
    expect(Date.parse(next_rotation_at as string) - Date.parse(rotated_at as string)).toBe(
      29 * DAY_MS,
    );
    expect(await story.apply()).toMatchObject({ next_rotation_at: null });
    expect(story.rotations()).toBe(1);
  });

  it("of an adopted secret counts from its adoption", async () => {
    const config = { initial_secret: story.current(), rotate_after_days: 30 };
    const created = await story.apply(config);
    after(created["next_rotation_at"], -1);
    expect((await story.plan(config)).planned).toEqual(created);
    after(created["next_rotation_at"], 0);
    const { planned, diagnostics } = await story.plan(config);
    expect(planned).toMatchObject({ rotation_count: 1 });
    expect(summaries(diagnostics)).toEqual([`warning: Rotation of ${story.endpoint} is due`]);
  });

  it("of an imported secret is known to a plan", async () => {
    await importWith(story.current());
    const plan = await story.plan({ rotate_after_days: 30 });
    expect(unknownNames(plan)).toEqual([]);
    expect(plan.planned?.["next_rotation_at"]).toEqual(expect.any(String));
    await story.applyPlan(plan);
  });
});

describe("a state from before an attribute", () => {
  const NEW = ["next_rotation_at", "rotation_reason", "signing_secret_version"];
  const upgraded = async (changes: ObjectValue = {}, without = NEW) => {
    const all = Object.entries({ ...story.state, ...changes });
    const stored = Object.fromEntries(all.filter(([name]) => !without.includes(name)));
    expect(Object.keys(stored)).toHaveLength(all.length - without.length);
    const { upgradedState } = await host.server.upgradeResourceState({
      typeName: TYPE,
      version: 1,
      rawState: { json: Buffer.from(JSON.stringify(stored)) },
    });
    const state = host.decode(TYPE, upgradedState);
    story.instance = { ...story.instance, state };
    return state;
  };

  it.each<[string, () => ObjectValue, boolean]>([
    ["with an age", () => ({ rotate_after_days: 30 }), true],
    ["without one", () => ({}), false],
    [
      "with an adopted secret, whose age only private state has",
      () => ({ initial_secret: story.current(), rotate_after_days: 30 }),
      false,
    ],
  ])("plans nothing, %s, and is refreshed as it is", async (_, config, known) => {
    const { next_rotation_at = null, signing_secret_version = null } = await story.apply(config());
    const present = story.state;
    expect(await upgraded({}, [])).toEqual(present);
    const state = await upgraded();
    expect(state).toMatchObject({
      next_rotation_at: known ? next_rotation_at : null,
      rotation_reason: null,
      signing_secret_version,
    });
    expect((await story.read()).state).toEqual(state);
    expect((await story.plan(config())).planned).toEqual(state);
  });

  it("follows a changed rotated_at", async () => {
    await story.apply({ rotate_after_days: 30 });
    const state = await upgraded({ rotated_at: "2026-01-01T00:00:00.000Z" });
    expect(state).toMatchObject({ next_rotation_at: "2026-01-30T00:00:00.000Z" });
    expect(await upgraded({ fingerprint: null })).toMatchObject({ signing_secret_version: null });
  });
});
