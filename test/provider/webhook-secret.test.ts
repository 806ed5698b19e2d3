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
  it("for creation, and for a rotation, knows all but the secret and what comes of it", async () => {
    const story = await SecretStory.begin(simulator);
    const creation = await story.plan({ rotation_trigger: "1" });
    expect(unknownNames(creation)).toEqual(CHANGING);
    expect(creation.planned).toMatchObject({
      id: story.endpoint,
      on_destroy: "keep",
      rotation_count: 1,
      previous_signing_secret: null,
    });
    const { signing_secret } = await story.applyPlan(creation);
    const rotation = await story.plan({ rotation_trigger: "2" });
    expect([rotation.diagnostics, unknownNames(rotation)]).toEqual([[], CHANGING]);
    expect(rotation.planned).toMatchObject({
      rotation_count: 2,
      previous_signing_secret: signing_secret,
    });
    const names = [
      "previous_signing_secret",
      "rotation_count",
      "rotation_reason",
      "rotation_trigger",
    ];
    expect(unknownNames(await story.plan({ rotation_trigger: UNKNOWN }))).toEqual(
      [...CHANGING, ...names].sort(),
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
  it("adopts a known secret, for one endpoint only, and keeps it out of private state", async () => {
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

  it("without a known secret rotates at the first apply, and warns of it", async () => {
    const story = await SecretStory.begin(simulator);
    const { state } = await story.import(story.endpoint);
    expect(state).toMatchObject({ id: story.endpoint, on_destroy: "keep", signing_secret: null });
    const plan = await story.plan();
    expect(summaries(plan.diagnostics)).toEqual([
      `warning: The signing secret of ${story.endpoint} is not known`,
    ]);
    expect(await story.applyPlan(plan)).toMatchObject({
      signing_secret: story.current(),
      rotation_count: 1,
    });
  });
});

describe("reading", () => {
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
});

describe("destroy", () => {
  it.each([
    ["keep", "is not rotated when it is destroyed", 1],
    ["invalidate", "one last time", 2],
  ])("with %s warns that the secret %s", async (on_destroy, words, rotations) => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ on_destroy });
    expect((await story.plan(null)).diagnostics).toMatchObject([
      {
        severity: "warning",
        summary: expect.stringMatching(new RegExp(`secret of ${story.endpoint} ${words}$`)),
        attribute: attributePath("on_destroy"),
      },
    ]);
    await story.apply(null);
    expect(story.rotations()).toBe(rotations);
  });

  it("with invalidate is content when the endpoint is gone", async () => {
    const story = await SecretStory.begin(simulator);
    await story.apply({ on_destroy: "invalidate" });
    await simulator.deleteEndpoint(story.endpoint);
    await story.apply(null);
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
