import { hasErrors } from "../../src/plugin/framework/diagnostic.js";
import { attributePath } from "../../src/plugin/cty/path.js";
import { UNKNOWN } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { startSimulator, type Fault, type Simulator } from "../../src/simulator/index.js";
import { kept, startHost, Story, summaries, unknownNames } from "../support/provider.js";
import { SecretStory, TYPE } from "./secret-story.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => {
  simulator.clearFaults();
  jest.restoreAllMocks();
  delete process.env["POLYAI_SIGNING_SECRET"];
});
afterAll(() => simulator.close());

const rotationFault = (fault: Fault): string =>
  simulator.setFault({ ...fault, operation: "rotateWebhookSigningSecret" });

const CHANGING = ["fingerprint", "rotated_at", "signing_secret"];

describe("a plan", () => {
  it("for creation knows all but the secret and what comes of it", async () => {
    const story = await SecretStory.begin(simulator);
    const plan = await story.plan();
    expect(unknownNames(plan)).toEqual(CHANGING);
    expect(plan.planned).toMatchObject({
      id: story.endpoint,
      on_destroy: "keep",
      rotation_count: 1,
      previous_signing_secret: null,
    });
  });

  it("for a rotation knows the count and the previous secret", async () => {
    const story = await SecretStory.begin(simulator);
    const { signing_secret } = await story.apply({ rotation_trigger: "1" });
    const plan = await story.plan({ rotation_trigger: "2" });
    expect([plan.diagnostics, unknownNames(plan)]).toEqual([[], CHANGING]);
    expect(plan.planned).toMatchObject({
      rotation_count: 2,
      previous_signing_secret: signing_secret,
    });
  });

  it("with an unknown trigger knows nothing of the secret", async () => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ rotation_trigger: "1" });
    const plan = await story.plan({ rotation_trigger: UNKNOWN });
    expect(unknownNames(plan)).toEqual(
      [
        ...CHANGING,
        "previous_signing_secret",
        "rotation_count",
        "rotation_reason",
        "rotation_trigger",
      ].sort(),
    );
  });

  it("never asks the API", async () => {
    const story = await SecretStory.begin(simulator);
    await story.apply();
    simulator.clearRequests();
    await story.plan({ rotation_trigger: "2" });
    await story.plan(null);
    expect(simulator.requests).toEqual([]);
  });
});

it("private state holds no secret", async () => {
  const story = await SecretStory.begin(simulator);
  await story.apply();
  const text = Buffer.from(story.instance.private).toString();
  expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(["instance", "settings"]);
  expect(text).not.toContain(story.current());
});

it("a rotation that was not confirmed stays so when the next try is plainly refused", async () => {
  const story = await SecretStory.begin(simulator);
  const prior = await story.apply({ rotation_trigger: "1" });
  rotationFault({ kind: "empty", times: 1 });
  await story.attempt({ rotation_trigger: "2" });
  rotationFault({ kind: "status", status: 401, times: 1 });
  expect((await story.attempt({ rotation_trigger: "2" })).state).toEqual(prior);
  expect(unknownNames(await story.plan({ rotation_trigger: "1" }))).toEqual(CHANGING);
});

it("shows the API's own words for a 422, at the attribute", async () => {
  const story = await SecretStory.begin(simulator);
  rotationFault({ kind: "status", status: 422, message: "endpoint is being migrated" });
  expect((await story.attempt()).diagnostics).toMatchObject([
    {
      detail: expect.stringContaining("PolyAI says: endpoint is being migrated"),
      attribute: attributePath("endpoint_id"),
    },
  ]);
});

describe("import", () => {
  it("refuses an id that is none", async () => {
    const story = await SecretStory.begin(simulator);
    const { diagnostics } = await story.import("whe_../x");
    expect(summaries(diagnostics)).toEqual(["error: Invalid import id"]);
  });

  it("adopts a known secret for one endpoint only", async () => {
    process.env["POLYAI_SIGNING_SECRET"] = "known-secret";
    const host = await startHost(simulator);
    const imported = await host.importState(TYPE, "whe_1");
    expect(imported.state).toMatchObject({
      signing_secret: "known-secret",
      fingerprint: fingerprintOf("known-secret"),
      rotation_count: 0,
      rotated_at: null,
    });
    expect(kept({ ...imported, state: null })).not.toContain("known-secret");
    expect((await host.importState(TYPE, "whe_1")).diagnostics).toEqual([]);
    const second = await host.importState(TYPE, "whe_2");
    expect(summaries(second.diagnostics)).toEqual(["error: One known secret for two imports"]);
  });

  it("without a known secret rotates at the first apply, and says how to keep one", async () => {
    const story = await SecretStory.begin(simulator);
    const { state, private: bytes } = await story.import(story.endpoint);
    expect(state).toMatchObject({ id: story.endpoint, on_destroy: "keep", signing_secret: null });
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({
      instance: expect.any(String),
      settings: { url: simulator.url, key: expect.stringMatching(/^[0-9a-f]{8}$/) },
    });
    const plan = await story.plan();
    expect(summaries(plan.diagnostics)).toEqual([
      `warning: The signing secret of ${story.endpoint} is not known`,
    ]);
    expect(plan.diagnostics[0]?.detail).toContain("POLYAI_SIGNING_SECRET");
    expect(await story.applyPlan(plan)).toMatchObject({
      signing_secret: story.current(),
      rotation_count: 1,
    });
  });
});

describe("reading", () => {
  it("keeps the secret while its endpoint is there", async () => {
    const story = await SecretStory.begin(simulator);
    const created = await story.apply();
    expect(await story.read()).toMatchObject({ state: created, diagnostics: [] });
  });

  it("gives up the secret of an endpoint that is gone, with a warning", async () => {
    const story = await SecretStory.begin(simulator);
    await story.apply();
    await simulator.deleteEndpoint(story.endpoint);
    const { state, diagnostics } = await story.read();
    expect(state).toBeNull();
    expect(diagnostics).toEqual([
      {
        severity: "warning",
        summary: `Webhook endpoint ${story.endpoint} is gone`,
        detail: expect.stringContaining(simulator.url),
        attribute: attributePath("endpoint_id"),
      },
    ]);
    // Core plans a creation in the same walk, for a destroy too, which it must not refuse.
    const { host, instance } = story;
    const sameWalk = await host.plan(TYPE, { endpoint_id: story.endpoint }, instance);
    expect(sameWalk.diagnostics).toEqual([]);
    const later = await story.plan();
    expect(later.diagnostics[0]?.detail).toContain("another region or account");
  });

  it("keeps the secret if another region does not know its endpoint", async () => {
    const story = await SecretStory.begin(simulator);
    const created = await story.apply();
    const elsewhere = await startSimulator();
    const other = await startHost(elsewhere);
    const { state, diagnostics } = await other.read(TYPE, story.instance);
    expect(state).toEqual(created);
    expect(summaries(diagnostics)).toEqual([
      `error: Could not read webhook endpoint ${story.endpoint}`,
    ]);
    expect(diagnostics[0]?.detail).toContain(elsewhere.url);
    expect(diagnostics[0]?.detail).toContain("The state is kept as it is.");
    await elsewhere.close();
  });

  it("keeps the secret if the API fails, and names the endpoint", async () => {
    const story = await SecretStory.begin(simulator);
    const created = await story.apply();
    simulator.setFault({ kind: "status", status: 500, operation: "getWebhookEndpoint" });
    const { state, diagnostics } = await story.read();
    expect(state).toEqual(created);
    expect(diagnostics).toMatchObject([
      {
        summary: `Could not read webhook endpoint ${story.endpoint}`,
        attribute: attributePath("endpoint_id"),
      },
    ]);
  });
});

describe("what a plan announced is done, and nothing else:", () => {
  const DAY_AND_AN_HOUR_MS = 25 * 60 * 60 * 1000;

  it("no rotation that became due between plan and apply", async () => {
    const story = await SecretStory.begin(simulator);
    const created = await story.apply({ rotate_after_days: 1 });
    const plan = await story.plan({ rotate_after_days: 1, on_destroy: "invalidate" });
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + DAY_AND_AN_HOUR_MS);
    expect(await story.applyPlan(plan)).toEqual({ ...created, on_destroy: "invalidate" });
  });

  it("a rotation that a trigger asked for, though it was put back since", async () => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ rotation_trigger: "1" });
    const plan = await story.plan({ rotation_trigger: "2" });
    const { state } = await story.applyKnown(plan, { rotation_trigger: "1" });
    expect(state).toMatchObject({ rotation_count: 2, signing_secret: story.current() });
  });

  it.each([
    ["the same", "1", 1],
    ["another", "2", 2],
  ])("with an unknown trigger that turns out %s", async (_, rotation_trigger, count) => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ rotation_trigger: "1" });
    const plan = await story.plan({ rotation_trigger: UNKNOWN });
    const { state } = await story.applyKnown(plan, { rotation_trigger });
    expect(state).toMatchObject({ rotation_count: count, signing_secret: story.current() });
  });
});

describe("two resources for one endpoint", () => {
  it("are refused, each instance but the first", async () => {
    const first = await SecretStory.begin(simulator);
    const second = new Story(first.host, TYPE, { endpoint_id: first.endpoint });
    await first.apply();
    const { diagnostics } = await second.plan();
    expect(diagnostics).toMatchObject([
      {
        severity: "error",
        summary: `Two resources rotate the secret of ${first.endpoint}`,
        attribute: attributePath("endpoint_id"),
      },
    ]);
    expect((await first.plan()).diagnostics).toEqual([]);
  });

  it("are not what the two plans of a replacement are", async () => {
    const before = await SecretStory.begin(simulator);
    await before.apply();
    const { id } = await simulator.createEndpoint();
    const config = { endpoint_id: id };
    const update = await before.plan(config);
    expect([hasErrors(update.diagnostics), update.requiresReplace]).toEqual([
      false,
      ["endpoint_id"],
    ]);
    before.instance = { state: null, private: update.plannedPrivate };
    expect(summaries((await before.plan(config)).diagnostics)).toEqual([
      `warning: The current secret of ${id} stops working`,
    ]);
  });
});

describe("destroy", () => {
  const warned = (summary: string) => [
    { severity: "warning", summary, attribute: attributePath("on_destroy") },
  ];
  const leftValid = (endpoint: string) =>
    warned(`The secret of ${endpoint} is not rotated when it is destroyed`);

  it("with keep warns that nothing is rotated, and rotates nothing", async () => {
    const story = await SecretStory.begin(simulator);
    const { signing_secret } = await story.apply();
    expect((await story.plan(null)).diagnostics).toMatchObject(leftValid(story.endpoint));
    await story.apply(null);
    expect(story.current()).toBe(signing_secret);
  });

  it("with invalidate warns that it rotates one last time, and does", async () => {
    const story = await SecretStory.begin(simulator);
    const { signing_secret } = await story.apply({ on_destroy: "invalidate" });
    expect((await story.plan(null)).diagnostics).toMatchObject(
      warned(`Destroying it rotates the secret of ${story.endpoint} one last time`),
    );
    await story.apply(null);
    expect(story.current()).not.toBe(signing_secret);
  });

  it("with invalidate leaves a successor's secret alone", async () => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ on_destroy: "invalidate" });
    const destroy = await story.plan(null);
    const successor = new Story(story.host, TYPE, { endpoint_id: story.endpoint });
    const { signing_secret } = await successor.apply();
    await story.applyPlan(destroy);
    expect(story.current()).toBe(signing_secret);
  });

  it("with invalidate is content when the endpoint is gone", async () => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ on_destroy: "invalidate" });
    await simulator.deleteEndpoint(story.endpoint);
    await story.apply(null);
  });

  it("with invalidate marks the resource when the rotation may have happened", async () => {
    const story = await SecretStory.begin(simulator);
    const prior = await story.apply({ on_destroy: "invalidate" });
    rotationFault({ kind: "cut", afterActing: true });
    const destroyed = await story.attempt(null);
    expect(destroyed.state).toEqual(prior);
    expect(destroyed.diagnostics[0]?.detail).toContain("may have changed all the same");
    expect(unknownNames(await story.plan({ on_destroy: "invalidate" }))).toContain(
      "signing_secret",
    );
  });

  it("with invalidate keeps the resource when the rotation fails", async () => {
    const story = await SecretStory.begin(simulator);
    const prior = await story.apply({ on_destroy: "invalidate" });
    rotationFault({ kind: "status", status: 401 });
    const destroyed = await story.attempt(null);
    expect(destroyed.state).toEqual(prior);
    expect(summaries(destroyed.diagnostics)).toEqual([
      `error: Could not rotate the signing secret of ${story.endpoint}`,
    ]);
  });
});
