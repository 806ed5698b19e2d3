import { pathToString } from "../../src/plugin/cty/path.js";
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { createProviderServer } from "../../src/plugin/server/server.js";
import { provider } from "../../src/provider/provider.js";
import { Host } from "../support/host.js";

let host: Host;
beforeEach(async () => {
  host = await Host.start(createProviderServer(provider));
});
afterEach(() => jest.restoreAllMocks());

describe("the provider block", () => {
  it.each<[string, ObjectValue, string, RegExp]>([
    ["an empty key", { api_key: "" }, "api_key", /not empty/],
    ["a key with a space", { api_key: "a b" }, "api_key", /no spaces/],
    ["a key with a line feed", { api_key: "key\n" }, "api_key", /one line/],
    ["a key that no header carries", { api_key: "ключ" }, "api_key", /ASCII/],
    ["a region that is none", { region: "mars" }, "region", /"us", "uk", "eu", "studio"/],
    ["an empty region", { region: "" }, "region", /"us", "uk", "eu", "studio"/],
    ["a region in capitals", { region: "US" }, "region", /"us", "uk", "eu", "studio"/],
    ["a base URL that is none", { base_url: "nowhere" }, "base_url", /http or https URL/],
    ["plain http", { base_url: "http://10.0.0.1" }, "base_url", /must begin with https/],
    [
      "a base URL with a password",
      { base_url: "https://me:hunter2@example.com" },
      "base_url",
      /no user name and no password/,
    ],
    ["a base URL of 1 MiB", { base_url: "x".repeat(1024 * 1024) }, "base_url", /http or https URL/],
    ["retries below zero", { max_retries: -1 }, "max_retries", /at least 0/],
    ["half a retry", { max_retries: 0.5 }, "max_retries", /whole number/],
    ["a million retries", { max_retries: 1e6 }, "max_retries", /at most 20/],
    ["no time", { request_timeout: 0 }, "request_timeout", /at least 1/],
    ["negative time", { request_timeout: -1 }, "request_timeout", /at least 1/],
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
  it.each<[string, NodeJS.ProcessEnv, string, string]>([
    ["no key", {}, "Missing PolyAI API key", "POLYAI_API_KEY"],
    ["an empty key", { POLYAI_API_KEY: "" }, "Missing PolyAI API key", "api_key"],
    ["a region that is none", { ...KEY, POLYAI_REGION: "mars" }, "Invalid region", "POLYAI_REGION"],
    [
      "a base URL that is none",
      { ...KEY, POLYAI_BASE_URL: "nowhere" },
      "Invalid base_url",
      "POLYAI_BASE_URL",
    ],
    [
      "plain http to a public host",
      { ...KEY, POLYAI_BASE_URL: "http://example.com" },
      "Invalid base_url",
      "must begin with https",
    ],
  ])("left to the environment, is refused for %s", async (_, env, summary, words) => {
    jest.replaceProperty(process, "env", env);
    const [first] = await host.configure({});
    expect(first).toMatchObject({
      severity: "error",
      summary,
      detail: expect.stringContaining(words),
    });
  });

  const UNKNOWN_ARGUMENTS = ["api_key", "region", "base_url", "max_retries", "request_timeout"];

  it.each(UNKNOWN_ARGUMENTS)("is taken, and plans, while %s is not known yet", async (name) => {
    const config = { api_key: "key", [name]: UNKNOWN };
    expect(await host.validateProvider(config)).toEqual([]);
    expect(await host.configure(config)).toEqual([]);
    const planned = { endpoint_id: "whe_1", rotation_trigger: "1" };
    const plan = await host.plan("polyai_webhook_secret", planned);
    expect(plan.diagnostics).toEqual([]);
    expect(plan.planned).toMatchObject(planned);
  });
});
