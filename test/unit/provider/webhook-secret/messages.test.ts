import type { Diagnostic } from "../../../../src/plugin/framework/diagnostic.js";
import type { Rotation } from "../../../../src/provider/webhook-secret/decide.js";
import * as messages from "../../../../src/provider/webhook-secret/messages.js";
import { located } from "../../../support/provider.js";

const NOW = Date.parse("2026-11-24T12:00:00Z");

it.each<[(endpoint: string) => Diagnostic, string]>([
  [messages.endsCurrent, "warning at endpoint_id: The current secret of whe_1 stops working"],
  [
    (endpoint) => messages.unchecked(endpoint, "Nobody answered."),
    "warning at endpoint_id: Could not check webhook endpoint whe_1",
  ],
  [messages.notAdopted, "warning at initial_secret: initial_secret is not adopted by an update"],
  [
    messages.harmful,
    "error at endpoint_id: Another object of whe_1 would be left with a dead secret",
  ],
  [messages.superseded, "error at endpoint_id: The secret of whe_1 was rotated for another object"],
  [messages.unread, "error at on_destroy: Could not invalidate the secret of whe_1"],
  [messages.sharedEndpoint, "error at endpoint_id: Two resources rotate the secret of whe_1"],
])("%p stands at its attribute", (message, text) => {
  expect(located([message("whe_1")])).toEqual([text]);
});

it("says that the secret may be dead, whose object was superseded", () => {
  expect(messages.superseded("whe_1").detail).toMatch(/was destroyed in this run.* may have chan/);
});

type Reason = Extract<Rotation, { kind: "certain" }>["reason"];

interface Told {
  readonly since?: string | null;
  readonly adoptedAt?: string;
  readonly before?: readonly string[] | null;
  readonly after?: readonly string[] | null;
}

const announced = (reason: Reason, told: Told = {}) =>
  messages.announce(
    { endpoint_id: "whe_1", rotated_at: told.since ?? null, encrypt_to: told.before ?? null },
    { kind: "certain", reason },
    told.after ?? null,
    told.adoptedAt,
    NOW,
  );

const DUE = "warning at rotate_after_days: Rotation of whe_1 is due";
const LOST = "warning at endpoint_id: An earlier rotation of whe_1 was not confirmed";
const UNKNOWN = "warning at endpoint_id: The signing secret of whe_1 is not known";
const RECIPIENTS = "warning at encrypt_to: Rotation of whe_1, since encrypt_to changes";
const SINCE = "2026-01-01T00:00:00Z";
it.each<[Reason, Told, string, RegExp]>([
  [
    "rotation due",
    { since: SINCE, adoptedAt: "x" },
    DUE,
    /use since 2026-01-01T00:00:00Z, which is/,
  ],
  ["rotation due", { adoptedAt: SINCE }, DUE, /use since 2026-01-01T00:00:00Z, which is/],
  ["rotation due", { since: "soon" }, DUE, /use since "soon", which is no time/],
  ["rotation due", { since: "2026-11-26T12:00:00Z" }, DUE, /or one in the future: its age is not/],
  ["rotation due", {}, DUE, /use since "", which is no time/],
  [
    "rotation not confirmed",
    {},
    LOST,
    /^The secret in the state may have .* be refusing deliveries/,
  ],
  ["secret not known", {}, UNKNOWN, /terraform state rm ADDRESS/],
  ["secret not known", { after: ["age1"] }, UNKNOWN, /give it as initial_secret_wo,/],
  [
    "recipients changed",
    { after: ["age1"] },
    RECIPIENTS,
    /^The secret in the state is there in plain/,
  ],
  [
    "recipients changed",
    { before: ["age1"] },
    RECIPIENTS,
    /The new secret is in the state in plain/,
  ],
  [
    "recipients changed",
    { before: ["a"], after: ["b"] },
    RECIPIENTS,
    /a recipient that is taken out/,
  ],
])("announces a %s, with %j", (reason, told, text, detail) => {
  const all = announced(reason, told);
  expect(located(all)).toEqual([text]);
  expect(all[0]?.detail).toMatch(detail);
});

it("announces nothing that the configuration shows, and nothing that is not certain", () => {
  expect(announced("trigger changed")).toEqual([]);
  const rotating = { endpoint_id: "whe_1", rotated_at: null, encrypt_to: null };
  expect(messages.announce(rotating, { kind: "possible" }, null, undefined, NOW)).toEqual([]);
});
