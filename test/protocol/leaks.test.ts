/**
 * Every operation of the API gives every kind of answer, and each holds, in every encoding, what
 * the provider was given in a sensitive attribute. Nothing that leaves the process may show it.
 */
import type { ServerResponse } from "node:http";
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { IDS } from "../../src/generated/api-facts.js";
import { provider } from "../../src/provider/provider.js";
import { operations } from "../support/api-document.js";
import type { Attribute } from "../../src/plugin/schema/attribute.js";
import type { SchemaDefinition } from "../../src/plugin/schema/define.js";
import { ALICE } from "../support/age.js";
import { NOTHING, type Host, type Instance } from "../support/host.js";
import { ENDPOINT, RULE } from "../support/provider.js";
import { closeAll, serve, type TestServer } from "../unit/polyai/server.js";
import type { Plugin } from "./support/plugin.js";
import { startPlaced } from "./support/placed.js";

/** The least config of each resource, a change that asks the API, and what more a state needs. */
const [RULE_ID, ENDPOINT_ID] = [IDS.rule_id.example, IDS.endpoint_id.example];
const NAMED = { name: "Other" };
const RESOURCES: Readonly<
  Record<string, { config: ObjectValue; change: ObjectValue; id: string }>
> = {
  polyai_alert_rule: { config: RULE, change: NAMED, id: RULE_ID },
  polyai_webhook_endpoint: { config: ENDPOINT, change: NAMED, id: ENDPOINT_ID },
  polyai_webhook_secret: {
    config: { endpoint_id: ENDPOINT_ID, on_destroy: "invalidate" },
    change: { rotation_trigger: "2" },
    id: ENDPOINT_ID,
  },
};

/** Attributes without which a sensitive one may not be set. */
const TOGETHER: Readonly<Record<string, ObjectValue>> = {
  initial_secret_wo: { initial_secret_wo_version: 1, encrypt_to: [ALICE.recipient] },
};

const values = new Map<string, string>();

/** A value for a sensitive attribute, which every encoding changes. */
function canaryOf(attribute: string, end = ' <&+/é">'): string {
  const value = `${String.fromCharCode(65 + values.size)}7c4n4ry${end}`;
  values.set(attribute, values.get(attribute) ?? value);
  return values.get(attribute) as string;
}

const API_KEY = canaryOf("provider.api_key", '<&+/">%-_');

const escape = (text: string): string => JSON.stringify(text).slice(1, -1);

const encodingsOf = (value: string): readonly string[] => {
  const hex = Buffer.from(value).toString("hex");
  const base64 = ["", "x", "xy"].map((before) => Buffer.from(`${before}${value}.`));
  return [
    value,
    escape(value),
    escape(escape(value)),
    hex,
    hex.toUpperCase(),
    hex.replace(/../g, "%$&"),
    encodeURIComponent(value),
    new URLSearchParams([["", value]]).toString().slice(1),
    value.replace(/[<&">]/g, (character) => `&#${character.charCodeAt(0)};`),
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
    value.replace(/.{5}/g, "$&\n"),
    ...base64.map((each) => each.toString("base64")),
    ...base64.map((each) => each.toString("base64url")),
  ];
};

/** The first eight characters of each encoding: also a part of a value is a leak. */
const signsOf = (value: string): readonly string[] => {
  const base64 = (before: string, from: number) =>
    Buffer.from(before + value)
      .toString("base64")
      .slice(from, from + 8);
  const hex = Buffer.from(value).toString("hex").slice(0, 12);
  const coded = [hex, hex.replace(/../g, "%$&"), base64("", 0), base64("x", 2), base64("xy", 3)];
  return [value.slice(0, 8), ...coded].map((sign) => sign.toLowerCase());
};

const leaksIn = (text: string): readonly string[] => {
  const seen = text.replace(/\\n|\s/g, "").toLowerCase();
  return [...values].flatMap(([attribute, value]) =>
    signsOf(value).some((sign) => seen.includes(sign)) ? attribute : [],
  );
};

const json = JSON.stringify;
const BODIES: Readonly<Record<string, (text: string) => string>> = {
  message: (text) => json({ message: `got ${text} now` }),
  "error message": (text) => json({ success: false, error_message: text, error_id: text }),
  error: (text) => json({ error: text, data: { signing_secret: text } }),
  "field errors": (text) => json({ detail: [{ loc: ["body", text], msg: text }] }),
  "field error of an attribute": (text) =>
    json({ detail: ["name", "headers"].map((name) => ({ loc: ["body", name], msg: text })) }),
  detail: (text) => json({ detail: text }),
  text: (text) => `upstream said ${text}`,
  "JSON text": (text) => json(text),
  page: (text) => `<html><title>502 ${text.replaceAll("<", "&lt;")}</title></html>`,
  "cut JSON": (text) => `{"message":"${escape(text)}`,
  "much text": (text) => `${"many words ".repeat(40)}${text}`,
};
const STATUSES = [200, 201, 302, 400, 401, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503];

type Answer = (response: ServerResponse) => void;

/** Every status with one body, and every body with two statuses, all with every header. */
const answersWith = (value: string): readonly Answer[] =>
  [
    ...STATUSES.map((status) => [status, "message"] as const),
    ...Object.keys(BODIES).flatMap((body) => [[422, body] as const, [500, body] as const]),
  ].map(([status, body]) => (response) => {
    const all = encodingsOf(value);
    const inHeaders = all.filter((text) => /^[\x21-\x7e]+$/.test(text)).join(",");
    const host = Buffer.from(value).toString("hex");
    response.statusMessage = host;
    response
      .writeHead(status, {
        "x-polyai-correlation-id": inHeaders,
        "retry-after": inHeaders,
        location: `https://${host}.example/${encodeURIComponent(value)}`,
      })
      .end(BODIES[body]?.(all.join(" ")));
  });

let answer: Answer;
let api: TestServer;
let plugin: Plugin;
let host: Host;
beforeAll(async () => {
  api = await serve((response) => answer(response));
  ({ plugin, host } = await startPlaced({ TF_LOG: "TRACE" }));
});
// As for each plan: what is created in one plan is not destroyed in it.
beforeEach(async () => {
  const config = { api_key: API_KEY, base_url: api.url, max_retries: 0 };
  expect(await host.configure(config)).toEqual([]);
});
afterAll(async () => {
  await plugin.dispose();
  await closeAll();
});

type Diagnostics = readonly Diagnostic[];

/** Has the API answer each call with each value in each way. */
async function play(
  given: readonly string[],
  call: () => Promise<{ readonly diagnostics: Diagnostics }>,
): Promise<void> {
  let said = 0;
  for (const value of [API_KEY, ...given]) {
    for (const next of answersWith(value)) {
      answer = next;
      const { diagnostics } = await call();
      said += diagnostics.length;
      expect(leaksIn(json(diagnostics))).toEqual([]);
    }
  }
  expect(said).toBeGreaterThan(0);
}

const attributesOf = ({ attributes }: SchemaDefinition) =>
  Object.entries<Attribute>(attributes).map(([name, attribute]) => ({ name, ...attribute }));

const change = async (typeName: string, config: ObjectValue | null, prior?: Instance) => {
  const plan = await host.plan(typeName, config, prior);
  if (plan.diagnostics.some(({ severity }) => severity === "error")) return plan;
  return host.apply(typeName, plan);
};

describe.each(provider.resources.map((resource) => [resource.typeName, resource] as const))(
  "%s",
  (typeName, resource) => {
    const { config, change: changed, id } = RESOURCES[typeName] as (typeof RESOURCES)[string];
    const sensitive = attributesOf(resource.schema).filter(({ options }) => options.sensitive);
    const settable = sensitive.filter(({ source }) => source !== "computed");
    const stored = sensitive.filter(({ options }) => !options.writeOnly);
    const canaryIn = (name: string) => canaryOf(`${typeName}.${name}`);
    const canariesOf = (some: readonly (typeof sensitive)[number][]) =>
      some.map(({ name }) => canaryIn(name));
    const valuesOf = (some: readonly (typeof sensitive)[number][]) =>
      Object.fromEntries(
        some.map(({ name, type: { cty } }) => {
          const value = canaryIn(name);
          return [name, cty.kind === "map" ? new Map([["X-Name", value]]) : value];
        }),
      );
    const stateWith = (more: ObjectValue): Instance => {
      const held: ObjectValue = { ...valuesOf(stored), ...config, id, ...more };
      const attributes = attributesOf(resource.schema).map(
        ({ name, options }) => [name, options.writeOnly ? null : (held[name] ?? null)] as const,
      );
      return { ...NOTHING, state: Object.fromEntries(attributes) };
    };

    it("shows nothing when it is created", async () => {
      const given = settable.filter(({ name }) => !name.startsWith("initial_secret"));
      await play(canariesOf(given), () => change(typeName, { ...config, ...valuesOf(given) }));
    });

    it("shows nothing when it is read, imported or destroyed", async () => {
      await play(canariesOf(stored), async () => {
        const read = await host.read(typeName, stateWith({}));
        const imported = await host.importState(typeName, id);
        const destroyed = await change(typeName, null, stateWith({}));
        return { diagnostics: [read, imported, destroyed].flatMap((each) => each.diagnostics) };
      });
    });

    it.each([["nothing", []] as const, ...settable.map((each) => [each.name, [each]] as const)])(
      "shows nothing when it is changed, with %s configured",
      async (name, given) => {
        const more = { ...valuesOf(given), ...TOGETHER[name] };
        const canaries = canariesOf([...stored, ...given]);
        const prior = stateWith(more);
        await play(canaries, () => change(typeName, { ...config, ...more, ...changed }, prior));
      },
    );
  },
);

it.each(provider.dataSources.map(({ typeName }) => typeName))(
  "the data source %s shows nothing",
  async (typeName) => {
    const id = RESOURCES[typeName]?.id;
    await play([], () => host.readDataSource(typeName, id === undefined ? {} : { id }));
  },
);

it.each(provider.ephemeralResources.map((resource) => [resource.typeName, resource] as const))(
  "the ephemeral resource %s shows nothing",
  async (typeName, { schema }) => {
    const names = attributesOf(schema).filter(({ source }) => source !== "computed");
    const config = Object.fromEntries(
      names.map(({ name }) => [name, canaryOf(`ephemeral ${typeName}.${name}`)]),
    );
    const { diagnostics } = await host.openEphemeral(typeName, config);
    expect(diagnostics).not.toEqual([]);
    expect(leaksIn(json(diagnostics))).toEqual([]);
  },
);

it("asked for each documented operation, and no log line shows anything", () => {
  const asked = new Set(api.seen.map(({ method, path }) => `${method} ${path.split("?")[0]!}`));
  for (const { method, path } of operations) {
    const form = new RegExp(`^${method} ${path.replace(/\{\w+\}/, "[^/]+")}$`);
    expect([...asked].filter((each) => form.test(each))).toHaveLength(1);
  }
  expect(asked.size).toBe(operations.length);
  expect(values.size).toBeGreaterThan(5);
  expect(plugin.stderr).toContain('"@level":"debug"');
  expect(plugin.stdout).toMatch(/^[^\n]*\n$/);
  expect(leaksIn(plugin.stderr)).toEqual([]);
});
