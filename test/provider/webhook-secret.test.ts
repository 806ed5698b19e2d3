import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { UNKNOWN } from "../../src/plugin/cty/value.js";
import { located, summaries, unknownNames } from "../support/provider.js";
import {
  expectLive,
  host,
  importWith,
  simulator,
  spoilRotation,
  story,
  TYPE,
} from "./secret-story.js";

const CHANGING = ["fingerprint", "rotated_at", "signing_secret", "signing_secret_version"];

describe("a plan", () => {
  it("for creation, and for a rotation, knows all but the secret and what comes of it", async () => {
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
    const names = "previous_signing_secret rotation_count rotation_reason rotation_trigger";
    expect(unknownNames(await story.plan({ rotation_trigger: UNKNOWN }))).toEqual(
      [...CHANGING, ...names.split(" ")].sort(),
    );
  });

  it("of an update or a destroy never asks the API", async () => {
    await story.apply();
    simulator.clearRequests();
    await story.plan({ rotation_trigger: "2" });
    await story.plan(null);
    expect(simulator.requests).toEqual([]);
  });
});

it("signing_secret_version differs after a replacement, which counts from 1 again", async () => {
  const before = await story.apply();
  const after = await story.applyPlan(await story.planReplacement({}));
  expect([before["rotation_count"], after["rotation_count"]]).toEqual([1, 1]);
  const versions = [before, after].map((state) => state["signing_secret_version"]);
  expect(versions).toEqual(
    story.plaintexts.map((secret) => parseInt(fingerprintOf(secret).slice(0, 12), 16)),
  );
  expect(new Set(versions).size).toBe(2);
});

it("private state holds no secret", async () => {
  await story.apply();
  const text = Buffer.from(story.instance.private).toString();
  expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(["instance", "settings"]);
  expect(text).not.toContain(story.current());
});

it("a rotation that was not confirmed stays so when the next try is plainly refused", async () => {
  const prior = await story.apply({ rotation_trigger: "1" });
  spoilRotation({ kind: "empty", times: 1 });
  await story.attempt({ rotation_trigger: "2" });
  spoilRotation({ kind: "status", status: 401, times: 1 });
  expect((await story.attempt({ rotation_trigger: "2" })).state).toEqual(prior);
  expect(unknownNames(await story.plan({ rotation_trigger: "1" }))).toEqual(CHANGING);
});

it.each([
  ["an update", { rotation_trigger: "2" }],
  ["a destroy", null],
])("%s of an endpoint that other settings do not know proves nothing", async (_, changes) => {
  const prior = await story.apply({ rotation_trigger: "1", on_destroy: "invalidate" });
  const plan = await story.plan(changes && { ...changes, on_destroy: "invalidate" });
  await story.configure({});
  await simulator.deleteEndpoint(story.endpoint);
  const other = JSON.parse(Buffer.from(plan.plannedPrivate).toString()) as object;
  const settings = { url: "https://api.uk.poly.ai", key: "00000000" };
  const plannedPrivate = Buffer.from(JSON.stringify({ ...other, settings }));
  const { state, diagnostics } = await host.apply(TYPE, { ...plan, plannedPrivate });
  expect([state, summaries(diagnostics)]).toEqual([
    prior,
    [`error: Could not rotate the signing secret of ${story.endpoint}`],
  ]);
  expect(diagnostics[0]?.detail).toContain("does not prove that it was deleted");
});

it("an update that keeps a secret which another's destroy has killed says so, and the next heals", async () => {
  await story.apply({ on_destroy: "invalidate" });
  const older = story.instance;
  await importWith(story.current());
  // Neither plan knows of the other.
  const update = await story.plan({ on_destroy: "keep" });
  await story.configure({});
  const destroy = await host.plan(TYPE, null, older);
  await story.configure({});
  expect((await host.apply(TYPE, destroy)).state).toBeNull();
  const updated = await host.apply(TYPE, update);
  expect(located(updated.diagnostics)).toEqual([
    `error at endpoint_id: The secret of ${story.endpoint} was rotated for another object`,
  ]);
  story.instance = updated;
  expect((await story.plan()).planned?.["rotation_reason"]).toBe("rotation not confirmed");
});

describe("reading", () => {
  it("gives up the secret of an endpoint that is gone, with a warning", async () => {
    await story.apply();
    await simulator.deleteEndpoint(story.endpoint);
    const { state, diagnostics } = await story.read();
    expect(state).toBeNull();
    expect(located(diagnostics)).toEqual([
      `warning at endpoint_id: Webhook endpoint ${story.endpoint} is gone`,
    ]);
    expect(diagnostics[0]?.detail).toContain(simulator.url);
    // Core plans a creation in the same walk, for a destroy too, which it must not refuse.
    const sameWalk = await host.plan(TYPE, { endpoint_id: story.endpoint }, story.instance);
    expect(sameWalk.diagnostics).toEqual([]);
    const later = await story.plan();
    expect(later.diagnostics[0]?.detail).toContain("another region or account");
  });

  it("keeps the secret if the API fails, and names the endpoint", async () => {
    const created = await story.apply();
    simulator.setFault({ kind: "status", status: 500, operation: "getWebhookEndpoint" });
    const { state, diagnostics } = await story.read();
    expect(state).toEqual(created);
    expect(located(diagnostics)).toEqual([
      `error at endpoint_id: Could not read webhook endpoint ${story.endpoint}`,
    ]);
  });
});

describe("what a plan announced is done, and nothing else:", () => {
  const DAY_AND_AN_HOUR_MS = 25 * 60 * 60 * 1000;

  it("no rotation that became due between plan and apply", async () => {
    const created = await story.apply({ rotate_after_days: 1 });
    const plan = await story.plan({ rotate_after_days: 1, on_destroy: "invalidate" });
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + DAY_AND_AN_HOUR_MS);
    expect(await story.applyPlan(plan)).toEqual({ ...created, on_destroy: "invalidate" });
  });

  it.each([
    ["a rotation, though its trigger was put back since", "2", "1", 2],
    ["none if an unknown trigger turns out the same", UNKNOWN, "1", 1],
    ["one if an unknown trigger turns out another", UNKNOWN, "2", 2],
  ])("%s", async (_, planned, rotation_trigger, count) => {
    await story.apply({ rotation_trigger: "1" });
    const plan = await story.plan({ rotation_trigger: planned });
    const { state } = await story.applyKnown(plan, { rotation_trigger });
    expect(state).toMatchObject({ rotation_count: count, signing_secret: story.current() });
  });
});

describe("destroy", () => {
  it.each([
    ["keep", "The secret of whe is not rotated when it is destroyed", 1],
    ["invalidate", "Destroying it rotates the secret of whe one last time", 2],
  ])("with %s warns: %s", async (on_destroy, warning, rotations) => {
    await story.apply({ on_destroy });
    const { diagnostics } = await story.plan(null);
    expect(located(diagnostics)).toEqual([
      `warning at on_destroy: ${warning.replace("whe", story.endpoint)}`,
    ]);
    await story.apply(null);
    expect(story.rotations()).toBe(rotations);
  });

  it("with invalidate is content when the endpoint is gone", async () => {
    await story.apply({ on_destroy: "invalidate" });
    await simulator.deleteEndpoint(story.endpoint);
    await story.apply(null);
  });

  it("with invalidate keeps the resource when the rotation fails", async () => {
    const prior = await story.apply({ on_destroy: "invalidate" });
    spoilRotation({ kind: "status", status: 401 });
    const destroyed = await story.attempt(null);
    expect(destroyed.state).toEqual(prior);
    expect(summaries(destroyed.diagnostics)).toEqual([
      `error: Could not rotate the signing secret of ${story.endpoint}`,
    ]);
  });

  it("of a tainted object warns, since no plan has, unless its successor has the endpoint", async () => {
    const config = { endpoint_id: story.endpoint, on_destroy: "invalidate" };
    await story.apply(config);
    const { id: endpoint_id } = await simulator.createEndpoint();
    const told = async (successor: object) => {
      const { instance: tainted } = story;
      await story.configure({});
      await story.read();
      const plan = await host.plan(TYPE, { ...config, ...successor });
      const ended = { ...plan, prior: tainted, config: null, planned: null };
      return located((await host.apply(TYPE, ended)).diagnostics);
    };
    const rotations = story.rotations();
    expect(await told({ endpoint_id })).toEqual([
      `warning at on_destroy: Destroying it rotates the secret of ${story.endpoint} one last time`,
    ]);
    expect(await told({})).toEqual([]);
    expect(story.rotations()).toBe(rotations + 2);
  });

  it("of a tainted object knows that another has rotated, though both held one secret", async () => {
    await story.apply({ on_destroy: "invalidate" });
    const tainted = story.instance;
    await importWith(story.current());
    // The import is read last, so what this plan has read of the secret is the import's.
    await host.read(TYPE, tainted);
    await story.read();
    const { id: endpoint_id } = await simulator.createEndpoint();
    const successor = await host.plan(TYPE, { endpoint_id });
    const rotation = await host.plan(TYPE, { endpoint_id: story.endpoint }, story.instance);
    await story.applyPlan(rotation);
    // A tainted object's destroy gets the private state of its successor.
    const destroy = { ...successor, prior: tainted, config: null, planned: null };
    expect(await host.apply(TYPE, destroy)).toMatchObject({ state: null, diagnostics: [] });
    expectLive();
  });
});
