import { pathToString } from "../../src/plugin/cty/path.js";
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { ALICE } from "../support/age.js";
import { NOTHING, type Host } from "../support/host.js";
import { ENDPOINT, newHost, summaries } from "../support/provider.js";

let host: Host;
beforeEach(async () => {
  host = await newHost();
});
afterEach(() => jest.restoreAllMocks());

describe("the provider block", () => {
  it.each<[string, ObjectValue, string, RegExp]>([
    ["a key that no header carries", { api_key: "ключ" }, "api_key", /ASCII/],
    ["a region in capitals", { region: "US" }, "region", /^"US" is no region. .*"us", "uk", /],
    ["plain http", { base_url: "http://10.0.0.1" }, "base_url", /must begin with https/],
    [
      "a base URL with a password",
      { base_url: "https://me:hunter2@example.com" },
      "base_url",
      /no user name and no password/,
    ],
    ["a base URL of 1 MiB", { base_url: "x".repeat(1024 * 1024) }, "base_url", /http or https URL/],
    ["a million retries", { max_retries: 1e6 }, "max_retries", /at most 20/],
    ["an hour", { request_timeout: 3600 }, "request_timeout", /at most 600/],
  ])(
    "is refused, in one sentence at its argument, for %s",
    async (_, config, attribute, detail) => {
      const diagnostics = await host.validateProvider(config);
      expect(
        diagnostics.map(({ attribute: at, detail: text }) => [pathToString(at ?? []), text]),
      ).toEqual([[attribute, expect.stringMatching(detail)]]);
      expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
      expect(JSON.stringify(diagnostics).length).toBeLessThan(1000);
    },
  );

  const KEY = { POLYAI_API_KEY: "key" };
  const region = (POLYAI_REGION: string) => ({ ...KEY, POLYAI_REGION });
  const SECRET = "polyai_webhook_secret";
  it.each<[string, NodeJS.ProcessEnv, string, readonly string[]]>([
    ["no key", {}, "Missing PolyAI API key", ["api_key argument", "variable POLYAI_API_KEY"]],
    ["an empty key", { POLYAI_API_KEY: "" }, "Missing PolyAI API key", ["empty variable"]],
    ["a key of two lines", { POLYAI_API_KEY: "a\nb" }, "Invalid api_key", ["must be one line"]],
    [
      "a region that is none",
      region("UK"),
      "Invalid region",
      ['REGION. "UK" is no region. ', '"us"'],
    ],
    ["a key for a region", region("sk-0123456789"), "Invalid region", ["This text is no region"]],
    [
      "a base URL that is none",
      { ...KEY, POLYAI_BASE_URL: "nowhere" },
      "Invalid base_url",
      ["variable POLYAI_BASE_URL. The base URL must be an http or https URL"],
    ],
    [
      "a proxy that is none",
      { ...KEY, HTTPS_PROXY: "ftp://proxy" },
      "Cannot configure the PolyAI client",
      ["HTTPS_PROXY"],
    ],
  ])(
    "left to the environment, is refused for %s by whatever asks PolyAI, and by nothing else",
    async (_, env, summary, words) => {
      jest.replaceProperty(process, "env", env);
      await host.configure({ api_key: UNKNOWN });
      const { planned: state } = await host.plan(SECRET, { endpoint_id: "whe_1" });
      expect(await host.configure({})).toEqual([]);
      const asked = [
        await host.plan(SECRET, { endpoint_id: UNKNOWN }),
        await host.plan("polyai_webhook_endpoint", ENDPOINT),
        await host.plan(SECRET, null, { ...NOTHING, state }),
        await host.read(SECRET, { ...NOTHING, state }),
        await host.importState(SECRET, "whe_1"),
        await host.readDataSource("polyai_alert_rules"),
      ];
      for (const { diagnostics } of asked) {
        // With no attribute it is told at the resource itself.
        expect(diagnostics).toEqual([{ severity: "error", summary, detail: expect.anything() }]);
        for (const each of words) expect(diagnostics[0]?.detail).toContain(each);
        expect(JSON.stringify(diagnostics)).not.toContain("0123456789");
      }
      const opened = await host.openEphemeral(SECRET, {
        encrypted_signing_secret: "none",
        identity: ALICE.identity,
      });
      expect(summaries(opened.diagnostics)).toEqual(["error: Invalid encrypted_signing_secret"]);
    },
  );

  const ARGUMENTS = ["api_key", "region", "base_url", "max_retries", "request_timeout"];
  it.each(ARGUMENTS)("is taken, and plans, while %s is not known yet", async (name) => {
    const config = { api_key: "key", [name]: UNKNOWN };
    expect(await host.validateProvider(config)).toEqual([]);
    expect(await host.configure(config)).toEqual([]);
    const planned = { endpoint_id: "whe_1", rotation_trigger: "1" };
    const plan = await host.plan("polyai_webhook_secret", planned);
    expect(plan.diagnostics).toEqual([]);
    expect(plan.planned).toMatchObject(planned);
  });
});
