import { UNKNOWN } from "../../../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../../../src/provider/fingerprint.js";
import { decideRotation, type Rotation } from "../../../../src/provider/webhook-secret/decide.js";

type Request = Parameters<typeof decideRotation>[0];

const LONG_AGO = "2026-01-01T00:00:00Z";
const NOW = Date.parse("2026-11-24T12:00:00Z");
const inputs = {
  rotation_trigger: "1",
  rotation_triggers: null,
  rotate_after_days: null,
  encrypt_to: null,
  initial_secret_wo_version: null,
};

type Planned = Partial<Request["planned"]>;
type Changes = Partial<Omit<Request, "prior" | "planned">> & {
  readonly prior?: Partial<Request["prior"]>;
  readonly planned?: Planned;
};
const request = ({ prior, planned, ...rest }: Changes): Request => ({
  ...{ unconfirmed: false, adopting: false, since: null, now: NOW, ...rest },
  prior: { ...inputs, fingerprint: "0123456789abcdef", ...prior },
  planned: { ...inputs, ...planned },
});

const planned = (given: Planned): Request => request({ planned: given });
const certain = (reason: string) => ({ kind: "certain", reason }) as Rotation;
const none: Rotation = { kind: "none" };
const possible: Rotation = { kind: "possible" };
const changed: Rotation = certain("trigger changed");
const due: Rotation = certain("rotation due");
const recipients: Rotation = certain("recipients changed");
const adoption: Rotation = { kind: "adoption" };
const encrypted = (
  before: readonly string[] | null,
  after: Request["planned"]["encrypt_to"],
): Request => request({ prior: { encrypt_to: before }, planned: { encrypt_to: after } });
const version = (
  before: number | null,
  after: Request["planned"]["initial_secret_wo_version"],
  planned: Planned = {},
  prior: Partial<Request["prior"]> = {},
): Request =>
  request({
    prior: { ...prior, initial_secret_wo_version: before },
    planned: { ...planned, initial_secret_wo_version: after },
  });
type Keys = Readonly<Record<string, unknown>>;
const mapOf = (keys: Keys) => new Map(Object.entries(keys)) as ReadonlyMap<string, string>;
const triggers = (before: Keys, after: Keys): Request =>
  request({
    prior: { rotation_triggers: mapOf(before) },
    planned: { rotation_triggers: mapOf(after) },
  });
const trigger = (after: Request["planned"]["rotation_trigger"], before: string | null = "1") =>
  request({ prior: { rotation_trigger: before }, planned: { rotation_trigger: after } });
const aged = (
  rotate_after_days: Request["planned"]["rotate_after_days"],
  since: string | null,
  more: Planned = {},
): Request => request({ planned: { rotate_after_days, ...more }, since });

const NO_SECRET = { prior: { fingerprint: null } };

it.each<[string, Request, Rotation]>([
  ["nothing changed", request({}), none],
  ["trigger changed", trigger("2"), changed],
  ["trigger removed", trigger(null), changed],
  ["trigger added", trigger("1", null), changed],
  ["trigger emptied", trigger(""), changed],
  ["no trigger becomes an empty one", trigger("", null), none],
  ["an empty trigger becomes none", trigger(null, ""), none],
  ["trigger unknown", trigger(UNKNOWN), possible],
  ["one of the triggers changed", triggers({ a: "1", b: "1" }, { a: "1", b: "2" }), changed],
  ["the triggers in another order", triggers({ a: "1", b: "2" }, { b: "2", a: "1" }), none],
  ["a key added", triggers({ a: "1" }, { a: "1", b: "2" }), changed],
  ["a key removed", triggers({ a: "1", b: "2" }, { a: "1" }), changed],
  ["a key renamed", triggers({ a: "1" }, { b: "1" }), changed],
  ["null triggers become an empty map", planned({ rotation_triggers: mapOf({}) }), none],
  ["one unknown", triggers({ a: "1", b: "1" }, { a: "1", b: UNKNOWN }), possible],
  ["one unknown and one changed", triggers({ a: "1", b: "1" }, { a: "2", b: UNKNOWN }), changed],
  ["one unknown, of a new key: perhaps null", triggers({}, { b: UNKNOWN }), possible],
  ["a null trigger in a key that is new", triggers({ a: "1" }, { a: "1", b: null }), none],
  ["a key with a null trigger removed", triggers({ b: null }, {}), none],
  ["a trigger becomes null", triggers({ a: "1" }, { a: null }), changed],
  ["a null trigger becomes empty", triggers({ a: null }, { a: "" }), changed],
  ["all triggers unknown", planned({ rotation_triggers: UNKNOWN }), possible],
  ["due within 5 % of a period of 1 day", aged(1, "2026-11-23T13:12:00.000Z"), due],
  ["a millisecond before that", aged(1, "2026-11-23T13:12:00.001Z"), none],
  ["due within a day of a long period", aged(90, "2026-08-27T12:00:00.000Z"), due],
  ["more than a day before the end of a long period", aged(90, "2026-08-27T12:00:00.001Z"), none],
  ["in use since a time that cannot be read", aged(90, "yesterday"), due],
  ["in use since a time in the future", aged(90, "2026-11-24T13:00:00.001Z"), due],
  ["in use since a clock that is a little fast", aged(90, "2026-11-24T13:00:00.000Z"), none],
  ["due and a trigger unknown", aged(1, LONG_AGO, { rotation_trigger: UNKNOWN }), due],
  ["of unknown age", aged(1, null), none],
  ["days unknown", aged(UNKNOWN, "2026-11-23T12:00:00Z"), possible],
  ["never again", request({ since: LONG_AGO }), none],
  ["imported without a secret", request(NO_SECRET), certain("secret not known")],
  ["not confirmed", request({ unconfirmed: true }), certain("rotation not confirmed")],
  ["adopted, and its triggers recorded", { ...trigger("1", null), adopting: true }, none],
  ["adopted long ago", { ...aged(30, LONG_AGO), adopting: true }, due],
  ["the recipients in another order", encrypted(["a", "b"], ["b", "a"]), none],
  ["a recipient added", encrypted(["a"], ["a", "b"]), recipients],
  ["a recipient removed", encrypted(["a", "b"], ["a"]), recipients],
  ["a recipient exchanged", encrypted(["a"], ["b"]), recipients],
  ["recipients for the first time", encrypted(null, ["a"]), recipients],
  ["no recipients any more", encrypted(["a"], null), recipients],
  ["recipients unknown", encrypted(["a"], UNKNOWN), possible],
  ["recipients unknown where there were none", encrypted(null, UNKNOWN), possible],
  ["one recipient unknown", encrypted(["a", "b"], ["a", UNKNOWN]), possible],
  ["one of several recipients new", encrypted(["a"], ["a", "b", UNKNOWN]), recipients],
  ["one recipient unknown and another new", encrypted(["a"], [UNKNOWN, "b"]), recipients],
  ["some recipients unknown where there were none", encrypted(null, [UNKNOWN]), recipients],
  ["unknown, trigger changed", planned({ encrypt_to: UNKNOWN, rotation_trigger: "2" }), changed],
  ["adopted, and to be encrypted", { ...encrypted(null, ["a"]), adopting: true }, recipients],
  ["a secret given at creation", version(1, 1), none],
  ["no secret given any more", version(1, null), none],
  ["another secret given", version(1, 2), adoption],
  ["a secret given, perhaps another", version(1, UNKNOWN), possible],
  ["one given and a trigger changed", version(null, 1, { rotation_trigger: "2" }), adoption],
  ["one given after an import", version(null, 1, {}, NO_SECRET.prior), adoption],
  ["one given after no confirmation", { ...version(null, 1), unconfirmed: true }, adoption],
])("%s", (_, given, expected) => {
  expect(decideRotation(given)).toEqual(expected);
});

it("a fingerprint is the first 16 hex digits of SHA-256 of the secret as UTF-8", () => {
  // printf 'grüße' | sha256sum
  expect(fingerprintOf("grüße")).toBe("8285d1ad84c6b6e4");
});
