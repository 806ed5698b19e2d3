import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import document from "../../api/openapi.json";
import { COOKIE } from "../../src/plugin/go-plugin/handshake.js";
import { API_KEY_HEADER } from "../../src/facts.js";
import { IDS } from "../../src/generated/api-facts.js";
import { isId, type IdName } from "../../src/polyai/operation.js";

const ROOT = join(__dirname, "../..");
const GENERATED = /^(?:src\/generated|src\/plugin\/tfplugin6\/generated|lib\/bindings)\//;

/** Comments may show an example of a fact. */
const withoutComments = (text: string): string => text.replace(/^ *(?:\/\*[^]*?\*\/|\/\/.*)/gm, "");

const SOURCES = ["src", "lib", "scripts"]
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) =>
      join(folder, path).replaceAll("\\", "/"),
    ),
  )
  .filter((path) => /\.(?:ts|mjs)$/.test(path) && !GENERATED.test(path))
  .map((path) => ({ path, code: withoutComments(readFileSync(join(ROOT, path), "utf8")) }));

const filesWith = (fact: RegExp): readonly string[] =>
  SOURCES.filter(({ code }) => fact.test(code)).map(({ path }) => path);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const { schemas, parameters, securitySchemes } = document.components;
const { enum: metrics } = schemas.AlertMetric;

const OURS = ["src/facts.ts"];
const DELIVERED = /["']x-polyai-(?:timestamp|signature|event-id)["']/i;

/** A fact, how a copy of it looks, a copy, and the files that may have it. */
const FACTS: readonly (readonly [string, RegExp, string, readonly string[]])[] = [
  ["an id's pattern", /\b(?:whe|ar)_(?:\(|\[|\\w)/, "const ID = /^whe_[A-Za-z0-9]{1,64}$/;", []],
  ["an id's prefix", /["'](?:whe|ar)_?["']/, 'id.startsWith("whe_")', []],
  [
    "the metrics",
    new RegExp(`["'\`](?:${metrics.slice(1).map(escaped).join("|")})["'\`]`),
    'const METRICS = ["api_errors"];',
    ["lib/api-facts.ts", "scripts/demo.ts"],
  ],
  ["the windows", /["'](?:5m|10m|60m)["']/, 'oneOf("5m", "10m")', ["lib/api-facts.ts"]],
  ["the events", /alerts\.triggered\W{1,4}alerts\.res/, "alerts.triggered|alerts.resolved", []],
  ["the default of timeout_ms", /timeout\w* ?[:=?]+ ?5_?000\b/i, "timeoutMs ?? 5000", []],
  ["the most of timeout_ms", /\b(?:atMost|isWhole)\(.*30_?000/, "atMost(30_000)", []],
  ["the length of a name", /\b255\b/, "name.length <= 255", []],
  ["the account's limit", /\b10 (?:of them|rules|endpoints)\b/, '"at most 10 rules"', []],
  ["the key's rule", /\\x21-\\x7e/i, "/^[\\x21-\\x7E]+$/.test(key)", OURS],
  ["the key's header", /["'`]x-api-key["'`]/i, 'headers["X-Api-Key"]', OURS],
  ["the correlation id's header", /["'`]x-polyai-corr/i, '["x-polyai-correlation-id"]', OURS],
  ["a delivery's headers", DELIVERED, 'headers["x-polyai-signature"]', ["src/webhooks/sign.ts"]],
  ["a delivery's age", /tolerance\w*\W+300\b/i, "tolerance = 300", ["src/webhooks/verify.ts"]],
  ["this machine's names", /["'|]\\?\[::1\\?\]/, 'host === "[::1]"', OURS],
  ["the rule of https URLs", /\^https:(?:\\\/|\/)/, "/^https:\\/\\//.test(url)", OURS],
  ["the address", /registry\.terraform\.io\/polyai/, "registry.terraform.io/polyai/polyai", OURS],
  ["go-plugin's cookie", new RegExp(COOKIE), COOKIE, ["src/plugin/go-plugin/handshake.ts"]],
  ["how often to try again", /max_?retries ?[:=?]+ ?4\b/i, "maxRetries ?? 4", OURS],
  ["the wait", /request_?timeout\w* ?[:=?]+ ?30(?:_?000)?\b/i, "requestTimeoutMs: 30_000", OURS],
];

it.each(FACTS)("%s stands once", (_fact, form, copy, places) => {
  expect(withoutComments(copy)).toMatch(form);
  expect(filesWith(form)).toEqual(places);
});

it("sends the key in the documented header", () => {
  const names = Object.values(securitySchemes).map(({ name }) => name.toLowerCase());
  expect(names).toEqual([API_KEY_HEADER]);
});

describe("an id", () => {
  const documented = Object.values(parameters).filter((each) => each.in === "path");

  it("of every documented kind has a pattern, which takes the example", () => {
    expect(Object.keys(IDS)).toEqual(documented.map(({ name }) => name));
    for (const [name, { example }] of Object.entries(IDS)) {
      expect(isId(name as IdName, example)).toBe(true);
      for (const other of ["", "..", example.slice(1), `${example}/`, `${example}\n`]) {
        expect(isId(name as IdName, other)).toBe(false);
      }
    }
  });

  it("in a path of the document is one of these kinds", () => {
    const named = Object.keys(document.paths).flatMap((path) => /\{(\w+)\}/.exec(path)?.[1] ?? []);
    expect([...new Set(named)].sort()).toEqual(Object.keys(IDS).sort());
  });
});
