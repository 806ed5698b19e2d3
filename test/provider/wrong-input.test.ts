import { pathToString } from "../../src/plugin/cty/path.js";
import { UNKNOWN, type ObjectValue, type Value } from "../../src/plugin/cty/value.js";
import { ALICE } from "../support/age.js";
import { summaries } from "../support/provider.js";
import { host, simulator, story, TYPE } from "./secret-story.js";

const ENDPOINT = "whe_9ZtRcXw3nByK5pVqMaEfJs";
const WRITE_ONLY = { initial_secret_wo: "whsec_2", initial_secret_wo_version: 1 };
const KNOWN = { initial_secret: "whsec_1" };
const ENCRYPTED = { encrypt_to: [ALICE.recipient] };
const TOGETHER = /belong together/;
const MEGABYTE = 1024 * 1024;

/** Attribute and detail of each diagnostic. */
const complaints = async (config: ObjectValue): Promise<readonly (readonly [string, string])[]> =>
  (await host.validate(TYPE, config)).map(({ severity, summary, detail, attribute }) => {
    expect(severity).toBe("error");
    expect(summary).toMatch(/^Invalid /);
    // The value may be of any length, and may be a secret.
    expect(detail.length).toBeLessThan(300);
    expect(detail).not.toMatch(/whsec|AGE-SECRET-KEY-1\w/);
    return [pathToString(attribute ?? []), detail];
  });

it.each<[string, Value, boolean]>([
  ["of 64 characters", `whe_${"a".repeat(64)}`, true],
  ["of 65 characters", `whe_${"a".repeat(65)}`, false],
  ["with a percent sign", "whe_%2e%2e", false],
  ["of another kind", "ar_9ZtRcXw3nByK5pVqMaEfJs", false],
  ["that is a URL", `https://api.us.poly.ai/v1/webhook-endpoints/${ENDPOINT}`, false],
  ["in Cyrillic letters that look the same", "whe_9ZtRсXw3", false],
])("takes an endpoint id %s, or says at it what is right", async (_, endpoint_id, taken) => {
  const detail: unknown = expect.stringContaining("whe_ and then letters and digits");
  expect(await complaints({ endpoint_id })).toEqual(taken ? [] : [["endpoint_id", detail]]);
});

it("an endpoint id that is found to climb only during apply is refused, and PolyAI not asked", async () => {
  const plan = await story.plan({ endpoint_id: UNKNOWN });
  const { diagnostics } = await story.applyKnown(plan, { endpoint_id: "whe_/../.." });
  expect(summaries(diagnostics)).toEqual(["error: Invalid endpoint_id"]);
  expect(simulator.requests).toEqual([]);
});

it.each<[string, ObjectValue]>([
  ["1 MiB", { rotation_trigger: "x".repeat(MEGABYTE) }],
  [
    "1 MiB as an element and as a key",
    { rotation_triggers: new Map([["k".repeat(MEGABYTE), "x".repeat(MEGABYTE)]]) },
  ],
  ["Unicode of every plane", { rotation_trigger: "é 日本 🔑 \u202e\u0000" }],
  ["an empty one", { rotation_trigger: "", rotation_triggers: new Map([["", ""]]) }],
  ["null as an element", { rotation_triggers: new Map([["a", null]]) }],
  ["the name of a prototype", { rotation_triggers: new Map([["__proto__", "constructor"]]) }],
])("a trigger reaches the state as it was: %s", async (_, triggers) => {
  expect(await story.apply(triggers)).toMatchObject(triggers);
});

describe("everything else that is wrong is refused, in one sentence at its attribute:", () => {
  it.each<[string, ObjectValue, string, RegExp]>([
    ["a day and a half", { rotate_after_days: 1.5 }, "rotate_after_days", /whole number/],
    ["another on_destroy", { on_destroy: "explode" }, "on_destroy", /"keep", "invalidate"/],
    ["a secret of one's own", { signing_secret: "mine" }, "signing_secret", /alone sets it/],
    ["a secret with a space", { initial_secret: "whsec 1" }, "initial_secret", /no spaces/],
    [
      "one beside encrypt_to",
      { ...KNOWN, ...ENCRYPTED },
      "initial_secret",
      /as initial_secret_wo\./,
    ],
    ["two initial secrets", { ...KNOWN, ...WRITE_ONLY }, "initial_secret", /exclude/],
    ["one without encrypt_to", WRITE_ONLY, "initial_secret_wo", /Without encrypt_to/],
    ["one without its version", { initial_secret_wo: "whsec_2" }, "initial_secret_wo", TOGETHER],
    ["a version alone", { initial_secret_wo_version: 1 }, "initial_secret_wo_version", TOGETHER],
  ])("%s", async (_, config, attribute, detail) => {
    expect(await complaints({ endpoint_id: ENDPOINT, ...config })).toEqual([
      [attribute, expect.stringMatching(detail)],
    ]);
  });

  it.each<[string, ObjectValue]>([
    ["initial_secret", { initial_secret: UNKNOWN, encrypt_to: [ALICE.recipient] }],
    ["encrypt_to beside a write-only secret", { ...WRITE_ONLY, encrypt_to: UNKNOWN }],
  ])("but not while %s is not known", async (_, config) => {
    expect(await complaints({ endpoint_id: ENDPOINT, ...config })).toEqual([]);
  });

  it("and several things at once, each for itself", async () => {
    const found = await complaints({ endpoint_id: "", rotate_after_days: 0, on_destroy: "x" });
    expect(found.map(([attribute]) => attribute)).toEqual([
      "endpoint_id",
      "rotate_after_days",
      "on_destroy",
    ]);
  });
});
