import { UNKNOWN } from "../../../../src/plugin/cty/value.js";
import type { Rotation, RotationInputs } from "../../../../src/provider/webhook-secret/decide.js";
import { reasonOf } from "../../../../src/provider/webhook-secret/reason.js";
import { stateWithoutSecret, type State } from "../../../../src/provider/webhook-secret/schema.js";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const AGE = "2026-01-01T00:00:00.000Z";
const prior: State = {
  ...stateWithoutSecret("whe_1"),
  rotation_trigger: "",
  rotation_triggers: new Map([["image", "1"]]),
  rotation_reason: "created",
};
const certain = (reason: string) => ({ kind: "certain", reason }) as Rotation;
const keys = (image: unknown, more = {}) => ({
  rotation_triggers: new Map(Object.entries({ image, ...more })) as State["rotation_triggers"],
});

it.each<[Rotation, Partial<RotationInputs>, unknown, string | null]>([
  [{ kind: "none" }, {}, "created", AGE],
  [{ kind: "possible" }, {}, UNKNOWN, AGE],
  [{ kind: "adoption" }, {}, "adopted", AGE],
  [certain("rotation not confirmed"), { rotation_trigger: UNKNOWN }, "rotation not confirmed", AGE],
  [certain("secret not known"), { rotation_trigger: UNKNOWN }, "secret not known", AGE],
  [certain("trigger changed"), { rotation_trigger: "2" }, "trigger changed", AGE],
  [certain("trigger changed"), keys("2"), "trigger changed: image", AGE],
  [certain("trigger changed"), { rotation_triggers: null }, "trigger changed: image", AGE],
  [certain("trigger changed"), keys("1", { tag: "2" }), "trigger changed: tag", AGE],
  [
    certain("trigger changed"),
    { rotation_trigger: "2", ...keys("2") },
    "trigger changed: rotation_trigger, image",
    AGE,
  ],
  [certain("trigger changed"), keys("2", { tag: UNKNOWN }), UNKNOWN, AGE],
  [certain("trigger changed"), { rotation_triggers: UNKNOWN }, UNKNOWN, AGE],
  [certain("recipients changed"), { encrypt_to: [UNKNOWN] }, "recipients changed", AGE],
  [certain("recipients changed"), { rotation_trigger: UNKNOWN }, UNKNOWN, AGE],
  [certain("rotation due"), { encrypt_to: UNKNOWN, rotate_after_days: 30 }, UNKNOWN, AGE],
  [certain("rotation due"), { encrypt_to: ["a", UNKNOWN], rotate_after_days: 30 }, UNKNOWN, AGE],
  [
    certain("rotation due"),
    { encrypt_to: ["a"], rotate_after_days: 30 },
    "rotation due since 2026-01-30T00:00:00.000Z",
    AGE,
  ],
  [certain("rotation due"), { rotate_after_days: UNKNOWN }, "rotation due: age not known", AGE],
  [certain("rotation due"), { rotate_after_days: 30 }, "rotation due: age not known", null],
  [certain("rotation due"), { rotate_after_days: 30 }, "rotation due: age not known", "no time"],
])("%j with %j has the reason %j", (rotation, planned, reason, since) => {
  expect(reasonOf(rotation, prior, { ...prior, ...planned }, since, NOW)).toEqual(reason);
});
