import { pathToString } from "../../src/plugin/cty/path.js";
import { UNKNOWN, type ObjectValue, type Value } from "../../src/plugin/cty/value.js";
import { createProviderServer } from "../../src/plugin/server/server.js";
import { provider } from "../../src/provider/provider.js";
import { startSimulator } from "../../src/simulator/index.js";
import { ALICE } from "../support/age.js";
import { Host } from "../support/host.js";
import { Story, summaries } from "../support/provider.js";

const TYPE = "polyai_webhook_secret";
const ENDPOINT = "whe_9ZtRcXw3nByK5pVqMaEfJs";
const WRITE_ONLY = { initial_secret_wo: "whsec_2", initial_secret_wo_version: 1 };
const MEGABYTE = 1024 * 1024;

let host: Host;
beforeEach(async () => {
  host = await Host.start(createProviderServer(provider));
});

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

describe("an endpoint id is refused, in one sentence at endpoint_id,", () => {
  it.each<[string, string]>([
    ["with a percent sign", "whe_%2e%2e"],
    ["that climbs", "whe_/../.."],
    ["with a query", `${ENDPOINT}?x=1`],
    ["of another kind", "ar_9ZtRcXw3nByK5pVqMaEfJs"],
    ["that is a URL", `https://api.us.poly.ai/v1/webhook-endpoints/${ENDPOINT}`],
    ["that is its prefix only", "whe_"],
    ["in Cyrillic letters that look the same", "whe_9ZtRсXw3"],
    ["of 65 characters", `whe_${"a".repeat(65)}`],
    ["of 1 MiB", `whe_${"a".repeat(MEGABYTE)}`],
  ])("%s", async (_, endpoint_id) => {
    expect(await complaints({ endpoint_id })).toEqual([
      ["endpoint_id", expect.stringContaining("whe_ and then letters and digits")],
    ]);
  });
});

describe("an endpoint id is taken", () => {
  it.each<[string, Value]>([
    ["that is as PolyAI makes them", ENDPOINT],
    ["of one character", "whe_1"],
    ["of 64 characters", `whe_${"a".repeat(64)}`],
    ["that is not known yet", UNKNOWN],
  ])("%s", async (_, endpoint_id) => {
    expect(await complaints({ endpoint_id })).toEqual([]);
  });
});

it("an endpoint id that is found to climb only during apply is refused, and PolyAI not asked", async () => {
  const simulator = await startSimulator();
  await host.configure({ api_key: simulator.apiKey, base_url: simulator.url });
  const story = new Story(host, TYPE, { endpoint_id: UNKNOWN });
  const applied = await story.applyKnown(await story.plan(), { endpoint_id: "whe_/../.." });
  expect(summaries(applied.diagnostics)).toEqual(["error: Invalid endpoint_id"]);
  expect(simulator.requests).toEqual([]);
  await simulator.close();
});

describe("a trigger is taken, whatever it is:", () => {
  it.each<[string, ObjectValue]>([
    ["null", { rotation_trigger: null, rotation_triggers: null }],
    ["empty", { rotation_trigger: "", rotation_triggers: new Map() }],
    ["not known yet", { rotation_trigger: UNKNOWN, rotation_triggers: UNKNOWN }],
    [
      "known in part",
      {
        rotation_triggers: new Map<string, Value>([
          ["a", "1"],
          ["b", UNKNOWN],
        ]),
      },
    ],
    ["1 MiB", { rotation_trigger: "x".repeat(MEGABYTE) }],
    [
      "1 MiB as an element and as a key",
      { rotation_triggers: new Map([["k".repeat(MEGABYTE), "x".repeat(MEGABYTE)]]) },
    ],
    [
      "Unicode of every plane",
      { rotation_trigger: "é 日本 🔑 \u202e\u0000", rotation_triggers: new Map([["ключ", "🔑"]]) },
    ],
    ["null as an element", { rotation_triggers: new Map([["a", null]]) }],
    ["an empty key", { rotation_triggers: new Map([["", ""]]) }],
    ["the name of a prototype", { rotation_triggers: new Map([["__proto__", "constructor"]]) }],
    [
      "a thousand of them",
      { rotation_triggers: new Map(Array.from({ length: 1000 }, (_, n) => [`k${n}`, "v"])) },
    ],
  ])("%s", async (_, triggers) => {
    expect(await complaints({ endpoint_id: ENDPOINT, ...triggers })).toEqual([]);
  });

  it.each<[string, ObjectValue]>([
    ["1 MiB", { rotation_trigger: "x".repeat(MEGABYTE) }],
    ["Unicode of every plane", { rotation_trigger: "é 日本 🔑 \u202e\u0000" }],
    ["an empty one", { rotation_trigger: "", rotation_triggers: new Map([["", ""]]) }],
    ["null as an element", { rotation_triggers: new Map([["a", null]]) }],
  ])("%s reaches the state as it was", async (_, triggers) => {
    const simulator = await startSimulator();
    try {
      await host.configure({ api_key: simulator.apiKey, base_url: simulator.url });
      const { id: endpoint_id } = await simulator.createEndpoint();
      const plan = await host.plan(TYPE, { endpoint_id, ...triggers });
      const { state, diagnostics } = await host.apply(TYPE, plan);
      expect(diagnostics).toEqual([]);
      expect(state).toMatchObject(triggers);
    } finally {
      await simulator.close();
    }
  });
});

describe("everything else that is wrong is refused, in one sentence at its attribute:", () => {
  it.each<[string, ObjectValue, string, RegExp]>([
    ["no days", { rotate_after_days: 0 }, "rotate_after_days", /at least 1/],
    ["a day and a half", { rotate_after_days: 1.5 }, "rotate_after_days", /whole number/],
    ["days beyond counting", { rotate_after_days: 1e300 }, "rotate_after_days", /more digits/],
    ["another on_destroy", { on_destroy: "explode" }, "on_destroy", /"keep", "invalidate"/],
    [
      "a secret of the practitioner's own",
      { signing_secret: "mine" },
      "signing_secret",
      /alone sets it/,
    ],
    ["no recipient", { encrypt_to: [] }, "encrypt_to", /at least one/],
    ["a recipient that is none", { encrypt_to: ["age1nobody"] }, "encrypt_to", /age recipient/],
    ["an identity as recipient", { encrypt_to: [ALICE.identity] }, "encrypt_to", /private half/],
    [
      "an initial secret with a space",
      { initial_secret: "whsec 1" },
      "initial_secret",
      /no spaces/,
    ],
    [
      "an initial secret beside encrypt_to",
      { initial_secret: "whsec_1", encrypt_to: [ALICE.recipient] },
      "initial_secret",
      /Give the secret as initial_secret_wo\./,
    ],
    [
      "two initial secrets",
      { initial_secret: "whsec_1", ...WRITE_ONLY },
      "initial_secret",
      /exclude/,
    ],
    [
      "a write-only secret without encrypt_to",
      WRITE_ONLY,
      "initial_secret_wo",
      /Without encrypt_to/,
    ],
    [
      "a write-only secret without its version",
      { initial_secret_wo: "whsec_2" },
      "initial_secret_wo",
      /belong together/,
    ],
    [
      "a version without its secret",
      { initial_secret_wo_version: 1 },
      "initial_secret_wo_version",
      /belong together/,
    ],
  ])("%s", async (_, config, attribute, detail) => {
    expect(await complaints({ endpoint_id: ENDPOINT, ...config })).toEqual([
      [attribute, expect.stringMatching(detail)],
    ]);
  });

  it.each<[string, ObjectValue]>([
    ["initial_secret", { initial_secret: UNKNOWN, encrypt_to: [ALICE.recipient] }],
    ["encrypt_to", { initial_secret: "whsec_1", encrypt_to: UNKNOWN }],
    ["initial_secret_wo", { initial_secret_wo: UNKNOWN, encrypt_to: [ALICE.recipient] }],
    [
      "a version",
      { ...WRITE_ONLY, initial_secret_wo_version: UNKNOWN, encrypt_to: [ALICE.recipient] },
    ],
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
