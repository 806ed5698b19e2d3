import { decodeMsgpack, encodeMsgpack } from "../../src/plugin/cty/msgpack.js";
import { attributePath } from "../../src/plugin/cty/path.js";
import { object, STRING } from "../../src/plugin/cty/type.js";
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { fingerprintOf } from "../../src/provider/fingerprint.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { NOTHING } from "../support/host.js";
import { beginWalk, ENDPOINT, Story, summaries, unknownNames } from "../support/provider.js";
import { SecretStory, TYPE } from "./secret-story.js";

const DEAD = "error: initial_secret is not valid any more";
const UNCHECKED = "warning: initial_secret is adopted without being checked";

let simulator: Simulator;
let story: SecretStory;
/** The secret that PolyAI made with the endpoint. */
let initial_secret: string;
beforeEach(async () => {
  simulator = await startSimulator();
  story = await SecretStory.begin(simulator);
  initial_secret = story.current();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await simulator.close();
});

describe("creation with an initial secret", () => {
  it("adopts it and rotates nothing", async () => {
    const plan = await story.plan({ initial_secret });
    expect(unknownNames(plan)).toEqual([]);
    expect(plan.planned).toMatchObject({
      signing_secret: initial_secret,
      previous_signing_secret: null,
      fingerprint: fingerprintOf(initial_secret),
      rotation_count: 0,
      rotated_at: null,
    });
    expect(plan.diagnostics).toMatchObject([
      {
        severity: "warning",
        summary: "initial_secret is adopted without being checked",
        detail: expect.stringContaining("leave initial_secret out"),
        attribute: attributePath("initial_secret"),
      },
    ]);
    const created = await story.applyPlan(plan);
    expect(created["signing_secret"]).toBe(story.current());
    expect(story.rotations()).toBe(0);
    expect((await story.plan({ initial_secret })).planned).toEqual(created);
  });

  it("adopts one that is known only during apply, without a warning", async () => {
    const plan = await story.plan({ endpoint_id: UNKNOWN, initial_secret: UNKNOWN });
    expect(plan.diagnostics).toEqual([]);
    expect(unknownNames(plan)).toEqual([
      "endpoint_id",
      "fingerprint",
      "id",
      "initial_secret",
      "rotated_at",
      "rotation_count",
      "rotation_reason",
      "signing_secret",
    ]);
    simulator.clearRequests();
    const { state } = await story.applyKnown(plan, {
      endpoint_id: story.endpoint,
      initial_secret,
    });
    expect(state).toMatchObject({ signing_secret: initial_secret, rotation_count: 0 });
    expect(simulator.requests).toEqual([]);
  });

  it("adopts that of an endpoint made in the same run, without a warning", async () => {
    const endpoint = new Story(story.host, "polyai_webhook_endpoint", ENDPOINT);
    const { id = null, signing_secret = null } = await endpoint.apply();
    const secret = new Story(story.host, TYPE, { endpoint_id: id, initial_secret: signing_secret });
    const plan = await secret.plan();
    expect([plan.diagnostics, unknownNames(plan)]).toEqual([[], []]);
  });

  it("rotates if it turns out to be null during apply", async () => {
    const plan = await story.plan({ initial_secret: UNKNOWN });
    const { state } = await story.applyKnown(plan, { initial_secret: null });
    expect(state).toMatchObject({ rotation_count: 1, signing_secret: story.current() });
  });

  it("leaves it open how the secret is kept while encrypt_to is not known", async () => {
    const plan = await story.plan({ initial_secret, encrypt_to: UNKNOWN });
    expect(unknownNames(plan)).toEqual([
      "encrypt_to",
      "encrypted_signing_secret",
      "fingerprint",
      "signing_secret",
    ]);
  });

  it("counts its age from the adoption", async () => {
    const config = { initial_secret, rotate_after_days: 1 };
    await story.apply(config);
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + 25 * 60 * 60 * 1000);
    const plan = await story.plan(config);
    expect(plan.planned).toMatchObject({ rotation_count: 1 });
    expect(summaries(plan.diagnostics)).toEqual([`warning: Rotation of ${story.endpoint} is due`]);
  });
});

describe("after an adoption", () => {
  it.each<[string, ObjectValue, ObjectValue, boolean]>([
    ["adopts it once more while it is valid", {}, {}, false],
    ["after a rotation is refused, and says how to go on", {}, { rotation_trigger: "1" }, true],
    [
      "that invalidates it is refused, and says how to go on",
      { on_destroy: "invalidate" },
      { on_destroy: "invalidate" },
      true,
    ],
  ])("a replacement %s", async (_, first, then, refused) => {
    await story.apply({ initial_secret, ...first });
    await story.apply({ initial_secret, ...then });
    const plan = await story.planReplacement({ initial_secret, ...then });
    expect(summaries(plan.diagnostics)).toEqual([refused ? DEAD : UNCHECKED]);
    expect(plan.diagnostics[0]).toMatchObject({
      detail: expect.stringContaining("leave initial_secret out"),
      attribute: attributePath("initial_secret"),
    });
    await story.applyPlan(refused ? await story.planReplacement(then) : plan);
    expect(story.state["signing_secret"]).toBe(story.current());
  });

  it("a replacement with another secret, known from elsewhere, adopts that one", async () => {
    await story.apply({ initial_secret });
    const other = await simulator.rotateSecret(story.endpoint);
    const plan = await story.planReplacement({ initial_secret: other });
    expect(summaries(plan.diagnostics)).toEqual([UNCHECKED]);
    expect(plan.planned).toMatchObject({ signing_secret: other, rotation_count: 0 });
  });

  it("another resource's rotation in the same run is noticed before the dead one is adopted", async () => {
    await story.apply({ on_destroy: "invalidate" });
    const destroy = await story.plan(null);
    const { host, endpoint } = story;
    await beginWalk(host, simulator);
    const plan = await new Story(host, TYPE, { endpoint_id: endpoint, initial_secret }).plan();
    expect((await host.apply(TYPE, destroy)).state).toBeNull();
    const { state, diagnostics } = await host.apply(TYPE, plan);
    expect([state, summaries(diagnostics)]).toEqual([null, [DEAD]]);
  });

  it("a replacement for another endpoint adopts that one's", async () => {
    await story.apply({ initial_secret });
    const { id, signing_secret } = await simulator.createEndpoint();
    const config = { endpoint_id: id, initial_secret: signing_secret };
    const update = await story.plan(config);
    expect(update.requiresReplace).toEqual(["endpoint_id"]);
    story.instance = { ...NOTHING, private: update.plannedPrivate };
    expect((await story.apply(config))["signing_secret"]).toBe(signing_secret);
    expect(simulator.rotations(id)).toBe(0);
  });
});

it("the secret's resource identity is its endpoint", async () => {
  const type = object({ endpoint_id: STRING });
  const { endpoint: endpoint_id, host } = story;
  const { importedResources } = await host.server.importResourceState({
    typeName: TYPE,
    id: "",
    identity: { identityData: { msgpack: encodeMsgpack({ endpoint_id }, type) } },
  });
  const [imported] = importedResources ?? [];
  expect(host.decode(TYPE, imported?.state)).toMatchObject({ id: endpoint_id, endpoint_id });
  const identity = imported?.identity?.identityData?.msgpack ?? new Uint8Array();
  expect(decodeMsgpack(identity, type)).toEqual({ endpoint_id });
});
