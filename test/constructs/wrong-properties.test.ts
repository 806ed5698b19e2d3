/** Properties that no run of Terraform can make right, as a program in plain JavaScript may give them. */
import { TerraformProvider, Testing, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import * as lib from "../../lib/index.js";
import { testStack } from "./stack-fixture.js";

const { AlertMetric, AlertOperator, AlertWindow, WebhookEventType } = lib;

/** The constructs, each with properties that are right. */
const CONSTRUCTS = {
  PolyWebhookSecret: { endpointId: "whe_1a2b3c" },
  PolyWebhookEndpoint: { url: "https://example.com/hook" },
  PolyAlertRule: {
    metric: AlertMetric.CALL_VOLUME,
    operator: AlertOperator.LESS_THAN,
    thresholdValue: 5,
    window: AlertWindow.ONE_HOUR,
  },
  PolyaiProvider: {},
};
type Name = keyof typeof CONSTRUCTS;
type Make = new (scope: Construct, id: string, props: unknown) => Construct;

/** Makes a construct called It and synthesizes it; gives the message if that fails. */
function failure(name: Name, props: unknown, stack = testStack()): string | undefined {
  try {
    new (lib[name] as Make)(stack, "It", props);
  } catch (error) {
    // A TypeError is of the language, and tells nobody which property is wrong.
    expect((error as Error).name).toBe("Error");
    return (error as Error).message;
  }
  Testing.synth(stack, true);
  return undefined;
}

const WRONG: readonly unknown[] = [
  ...["", " ", "a b", "a\nb", "\0", "\uD800", "x".repeat(1_000_000), "$${x}"],
  ...[7, -1, 0.5, 1e300, NaN, Infinity, 1n, true, Symbol("s"), () => 1],
  ...[[], [null], [undefined], [7], ["a b"], {}, { a: 7 }, { a: {} }, { value: 7 }],
  ...[new Date(0), new Map(), Object.create(null), new Error("x"), [[]]],
];
/** Right for no property. */
const WRONG_FOR_ALL = [Symbol("s"), () => 1, new Date(0), new Map(), [7], 1n];

describe.each(Object.keys(CONSTRUCTS) as Name[])("%s", (name) => {
  const right = CONSTRUCTS[name];
  const named = `${name} stack/It: `;
  const [, listed = ""] = /There are (.*)\.$/.exec(failure(name, { ...right, no: 1 }) ?? "") ?? [];
  const properties = listed.split(", ");

  it("names its properties if it is given another", () => {
    expect(failure(name, { ...right, rotatonTrigger: "x" })).toBe(
      `${named}rotatonTrigger is no property. There are ${listed}.`,
    );
    expect(properties).toEqual(expect.arrayContaining(Object.keys(right)));
    expect(failure(name, { ...right, rotatonTrigger: undefined })).toBeUndefined();
  });

  it.each(properties)("takes no wrong value for %s, or says what is right", (property) => {
    for (const value of WRONG) {
      const message = failure(name, { ...right, [property]: value });
      if (message === undefined) continue;
      expect(message).toMatch(new RegExp(`^${named}${property}(\\[0\\]|\\.\\w+)? must be `));
      expect(message.length).toBeLessThan(400);
    }
    for (const value of WRONG_FOR_ALL) {
      expect(failure(name, { ...right, [property]: value })).toContain(`${named}${property}`);
    }
  });

  it.each(properties)("takes null for %s as absent", (property) => {
    const absent = failure(name, { ...right, [property]: undefined });
    expect(failure(name, { ...right, [property]: null })).toBe(absent);
    expect(absent === undefined).toBe(!(property in right));
  });

  it.each([undefined, null, {}])("needs what it needs, given %p", (props) => {
    const needed = Object.keys(right).map((property) => `${property} must be .*not undefined\\.`);
    const message = failure(name, props);
    if (needed.length === 0) expect(message).toBeUndefined();
    else expect(message).toMatch(new RegExp(`^${named}${needed.join(" ")}$`));
  });

  it.each(["text", 7, [], () => 1, new Date(0)])("takes no %p for its properties", (props) => {
    expect(failure(name, props)).toMatch(`${named}the properties must be an object, not `);
  });
});

it.each<[Name, object, string]>([
  ["PolyaiProvider", { region: "de" }, 'must be "us" or "uk" or "eu" or "studio", not "de".'],
  ["PolyaiProvider", { baseUrl: "http://example.com" }, "baseUrl must be an https URL"],
  ["PolyaiProvider", { maxRetries: 21 }, "maxRetries must be a whole number, 0 to 20, not 21."],
  ["PolyaiProvider", { requestTimeout: 0.5 }, "must be a number of seconds, 1 to 600"],
  ["PolyaiProvider", { alias: "${var.a}" }, "alias must be known at synth"],
  ["PolyWebhookEndpoint", { eventTypes: [WebhookEventType.of("foo")] }, 'resolved, not "foo".'],
  ["PolyWebhookEndpoint", { eventTypes: ["alerts.resolved"] }, "[0] must be of the class Webhook"],
  ["PolyWebhookEndpoint", { eventTypes: [] }, "one at least, not an empty list"],
  ["PolyWebhookEndpoint", { headers: { A: 7 } }, "headers.A must be text on one line."],
  ["PolyWebhookEndpoint", { headers: { "a b": "c" } }, "headers.a b must be a header that HTTP"],
  ["PolyWebhookEndpoint", { url: "http://a.example" }, "url must be a URL that begins with https"],
  ["PolyWebhookEndpoint", { name: "" }, 'text of 1 to 255 characters on one line, not "".'],
  ["PolyWebhookEndpoint", { timeoutMs: 500 }, "number of milliseconds, 1000 to 30000, not 500."],
  ["PolyAlertRule", { thresholdValue: 0.5 }, "thresholdValue must be "],
  ["PolyAlertRule", { metric: AlertMetric.of("latency") }, 'not "latency".'],
  ["PolyWebhookSecret", { endpointId: "wh_1" }, "must be a webhook endpoint's id, such as whe_"],
  [
    "PolyWebhookSecret",
    { rotateAfterDays: 0 },
    "must be a whole number of days, 1 to 3650, not 0.",
  ],
  ["PolyWebhookSecret", { onDestroy: "delete" }, 'be "keep" or "invalidate", not "delete".'],
  ["PolyWebhookSecret", { rotationTriggers: ["a"] }, "a map of names to strings, not a list."],
  ["PolyWebhookSecret", { rotationTriggers: { a: new Date(0) } }, "a must be text, not an object."],
  ["PolyWebhookSecret", { outputName: "a b" }, "set exportSecret to false"],
  ["PolyWebhookSecret", { initialSecretWoVersion: 1 }, "must be given together"],
])("%s with %j says what is right", (name, props, message) => {
  expect(failure(name, { ...CONSTRUCTS[name], ...props })).toContain(message);
});

class OtherProvider extends TerraformProvider {}

it("another provider's block is refused", () => {
  const stack = testStack();
  const provider = new OtherProvider(stack, "other", { terraformResourceType: "null" });
  expect(failure("PolyWebhookSecret", { endpointId: "whe_a", provider }, stack)).toBe(
    "PolyWebhookSecret stack/It: provider must be a PolyaiProvider, not the construct stack/other.",
  );
});

it.each([
  ["initialSecret", { initialSecret: "whsec_canary" }],
  ["initialSecretWo", { initialSecretWo: "whsec_canary", initialSecretWoVersion: 1 }],
  ["an identity in encryptTo", { encryptTo: ["AGE-SECRET-KEY-1CANARY"] }],
])("%s as a literal is refused, and not shown", (_, props) => {
  const message = failure("PolyWebhookSecret", { endpointId: "whe_a", ...props });
  expect(message).toMatch(/must be/);
  expect(message).not.toMatch(/canary/i);
});

it("the value of a header may be empty", () => {
  const headers = { "X-Empty": "", "X-Absent": null };
  expect(failure("PolyWebhookEndpoint", { url: "https://example.com", headers })).toBeUndefined();
});

describe("two secrets of one endpoint", () => {
  const second = (endpointId: string, make: (stack: TerraformStack) => object = () => ({})) => {
    const stack = testStack();
    new lib.PolyWebhookSecret(stack, "First", { endpointId });
    return failure("PolyWebhookSecret", { endpointId, ...make(stack) }, stack);
  };

  it("are refused, since each would invalidate the other's", () => {
    expect(second("whe_a")).toMatch(
      /^PolyWebhookSecret stack\/It: endpointId .*stack\/First\/Default has whe_a/,
    );
  });

  it("are allowed if a token names the endpoint, or they belong to two accounts", () => {
    expect(second("${var.endpoint_id}")).toBeUndefined();
    const uk = (stack: TerraformStack) => ({
      provider: new lib.PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" }),
    });
    expect(second("whe_a", uk)).toBeUndefined();
  });
});
