import { startSimulator, type Simulator } from "../../../src/simulator/index.js";
import { ALICE, seal } from "../../support/age.js";
import { ask, ENDPOINT, newHost, RULE } from "../../support/provider.js";
import { walkSchemas, type Examples } from "./walk.js";

let simulator: Simulator;
let examples: Examples;
beforeAll(async () => {
  simulator = await startSimulator();
  jest.replaceProperty(process, "env", {
    ...process.env,
    POLYAI_API_KEY: simulator.apiKey,
    POLYAI_AGE_IDENTITY: ALICE.identity,
  });
  const { id } = await simulator.createEndpoint();
  const rule = await ask(simulator, "POST", "/v1/alert-rules", RULE);
  const sealed = await seal("whsec_1", ALICE.recipient);
  const { apiKey: api_key, url: base_url } = simulator;
  const secret = { endpoint_id: id, encrypt_to: null };
  const writeOnly = {
    ...secret,
    encrypt_to: [ALICE.recipient],
    initial_secret_wo: "whsec_1",
    initial_secret_wo_version: 1,
  };
  examples = {
    provider: () => ({ api_key, base_url, region: "us", max_retries: 0, request_timeout: 5 }),
    "resource polyai_alert_rule": () => ({ ...RULE, project_id: "p", enabled: true }),
    "resource polyai_webhook_endpoint": () => ({ ...ENDPOINT, headers: new Map([["x-a", "1"]]) }),
    "resource polyai_webhook_secret": (attribute) =>
      attribute.startsWith("initial_secret_wo")
        ? writeOnly
        : {
            ...secret,
            rotation_trigger: "1",
            rotation_triggers: new Map([["a", "1"]]),
            rotate_after_days: 30,
            on_destroy: "keep",
            ...(attribute === "encrypt_to" && { encrypt_to: [ALICE.recipient] }),
            ...(attribute === "initial_secret" && { initial_secret: "whsec_1" }),
          },
    "data polyai_active_alerts": () => ({ metric: "api_errors", project_id: "p" }),
    "data polyai_alert_rule": () => ({ id: String(rule["id"]) }),
    "data polyai_alert_rules": () => ({ metric: "api_errors", project_id: "p", state: "ok" }),
    "data polyai_webhook_endpoint": () => ({ id }),
    "data polyai_webhook_endpoints": () => ({ event_type: "alerts.triggered" }),
    "list polyai_alert_rule": () => ({ metric: "api_errors", project_id: "p", state: "ok" }),
    "list polyai_webhook_endpoint": () => ({ event_type: "alerts.triggered" }),
    "list polyai_webhook_secret": () => ({ event_type: "alerts.triggered" }),
    "ephemeral polyai_webhook_secret": () => ({
      encrypted_signing_secret: sealed,
      identity: ALICE.identity,
    }),
    "function sign": () => ({ secret: "whsec_1", timestamp: "1760000000", body: "{}" }),
    "function verify": () => ({
      secrets: ["whsec_1"],
      timestamp: "1760000000",
      body: "{}",
      signature: "0".repeat(64),
    }),
  };
});
afterAll(async () => {
  jest.restoreAllMocks();
  await simulator.close();
});

it("refuses what is wrong at the earliest step and at its attribute, and sends nothing", async () => {
  const { broken, accepted, visited } = await walkSchemas(await newHost(), simulator, examples);
  expect(broken).toEqual([]);
  expect(visited).toBe(54);
  expect(accepted).toMatchInlineSnapshot(`
    {
      "data polyai_active_alerts.project_id": "spaces around, lone surrogate, NFD, bidi, zero width, other word, other case, long",
      "data polyai_alert_rules.project_id": "spaces around, lone surrogate, NFD, bidi, zero width, other word, other case, long",
      "ephemeral polyai_webhook_secret.encrypted_signing_secret": "spaces around, line feed",
      "ephemeral polyai_webhook_secret.identity": "spaces around, line feed",
      "function sign.body": "everything",
      "function sign.secret": "NUL, lone surrogate, NFD, bidi, zero width, other word, other case, long",
      "function verify.body": "everything",
      "function verify.secrets": "unknown element, NUL, lone surrogate, NFD, bidi, zero width, other word, other case, long",
      "function verify.signature": "everything",
      "function verify.timestamp": "everything",
      "list polyai_alert_rule.project_id": "spaces around, lone surrogate, NFD, bidi, zero width, other word, other case, long",
      "provider .api_key": "other word, other case, long",
      "provider .base_url": "other case",
      "resource polyai_alert_rule.name": "empty, blank, spaces around, lone surrogate, NFD, bidi, zero width, other word, other case, long",
      "resource polyai_alert_rule.project_id": "spaces around, lone surrogate, NFD, bidi, zero width, other word, other case, long",
      "resource polyai_alert_rule.threshold_value": "0, -0, 1000000000, 9007199254740991",
      "resource polyai_webhook_endpoint.event_types": "unknown element",
      "resource polyai_webhook_endpoint.headers": "no elements, unknown element, empty, blank, spaces around, lone surrogate, NFD, bidi, zero width, other word, other case, long, key other word, key other case, key long",
      "resource polyai_webhook_endpoint.name": "blank, spaces around, lone surrogate, NFD, bidi, zero width, other word, other case",
      "resource polyai_webhook_endpoint.url": "long",
      "resource polyai_webhook_secret.encrypt_to": "unknown element",
      "resource polyai_webhook_secret.initial_secret": "lone surrogate, NFD, other word, other case, long",
      "resource polyai_webhook_secret.initial_secret_wo": "lone surrogate, NFD, other word, other case, long",
      "resource polyai_webhook_secret.initial_secret_wo_version": "0, -0, -1, 1000000000, 9007199254740991",
      "resource polyai_webhook_secret.rotation_trigger": "everything",
      "resource polyai_webhook_secret.rotation_triggers": "everything",
    }
  `);
});
