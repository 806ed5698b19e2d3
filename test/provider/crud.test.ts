/** Creating, reading, updating and deleting, as all kinds of objects share them. */
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { startSimulator, type Fault } from "../../src/simulator/index.js";
import {
  ask,
  ENDPOINT,
  located,
  operations,
  RULE,
  startHost,
  Story,
  summaries,
  unknownNames,
} from "../support/provider.js";
import { host, simulator } from "./setup.js";

interface Kind {
  readonly noun: string;
  readonly config: ObjectValue;
  /** Values that the provider adds to that config. */
  readonly defaults: ObjectValue;
  /** Attributes of an object that only the answer to its creation shows. */
  readonly shownOnce: (id: string) => ObjectValue;
  /** Ends the names of the API's operations. */
  readonly operation: "AlertRule" | "WebhookEndpoint";
  /** A change of the configuration, and one of every setting, as somebody else may make it. */
  readonly ours: ObjectValue;
  readonly theirs: ObjectValue;
  readonly noId: string;
  readonly absentId: string;
}

const KINDS: readonly Kind[] = [
  {
    noun: "alert rule",
    config: RULE,
    defaults: { project_id: null, enabled: true },
    shownOnce: () => ({}),
    operation: "AlertRule",
    ours: { threshold_value: 2000 },
    theirs: {
      name: "Theirs",
      project_id: "proj_9",
      metric: "call_volume",
      operator: "<",
      threshold_value: 0,
      window_duration: "10m",
      enabled: false,
    },
    noId: "whe_1",
    absentId: "ar_1",
  },
  {
    noun: "webhook endpoint",
    config: ENDPOINT,
    defaults: { headers: null, timeout_ms: 5000, enabled: true },
    shownOnce: (id) => ({ signing_secret: simulator.currentSecret(id) }),
    operation: "WebhookEndpoint",
    ours: { url: "https://example.com/v2" },
    theirs: {
      name: "Theirs",
      url: "https://example.org/",
      event_types: ["alerts.resolved"],
      headers: new Map([["X-Token", "hunter2"]]),
      timeout_ms: 30_000,
      enabled: false,
    },
    noId: "whe_/../x",
    absentId: "whe_1",
  },
];

/** Values as the API has them, whose maps are objects. */
const json = (values: ObjectValue): unknown =>
  JSON.parse(
    JSON.stringify(values, (_, value: unknown) =>
      value instanceof Map ? (Object.fromEntries(value) as object) : value,
    ),
  );

describe.each(KINDS)("$noun", (kind) => {
  const { noun, config, operation, ours, theirs } = kind;
  const type = `polyai_${noun.replace(" ", "_")}`;
  const path = `/v1/${noun.replace(" ", "-")}s`;
  const title = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;
  let story: Story;
  beforeEach(() => {
    story = new Story(host, type, config);
  });

  const fail = (verb: "create" | "get" | "update" | "delete", fault: Fault) =>
    simulator.setFault({ ...fault, operation: `${verb}${operation}` });
  const asked = () => ask(simulator, "GET", `${path}/${story.id}`);
  const changeBehindTheBack = () => ask(simulator, "PATCH", `${path}/${story.id}`, json(theirs));
  const removeBehindTheBack = () => ask(simulator, "DELETE", `${path}/${story.id}`);

  it("plans what the practitioner gives and the defaults, and nothing else", async () => {
    const plan = await story.plan();
    const known = { ...config, ...kind.defaults };
    const others = Object.keys(plan.planned ?? {}).filter((name) => !(name in known));
    expect([plan.diagnostics, unknownNames(plan)]).toEqual([[], others]);
    expect(plan.planned).toMatchObject(known);
    expect(operations(simulator)).toEqual([]);
  });

  it("is created with every setting, and the state holds all that the API says", async () => {
    const created = await story.apply(theirs);
    expect({ ...(await asked()), ...kind.shownOnce(story.id) }).toEqual(json(created));
  });

  it("waits after creation until it can be read", async () => {
    fail("get", { kind: "status", status: 404, times: 2 });
    await story.apply();
    expect(operations(simulator)).toEqual([
      `create${operation}`,
      ...Array.from({ length: 3 }, () => `get${operation}`),
    ]);
  });

  it.each<[Fault, string | undefined, string]>([
    [{ kind: "status", status: 404 }, "cannot be read yet", "wait a little"],
    [{ kind: "status", status: 500 }, undefined, ""],
    [{ kind: "hang" }, undefined, ""],
    [{ kind: "status", status: 403 }, "was created but cannot be read", "403"],
  ])("is in the state if its reading meets %j, warned that it %s", async (fault, told, detail) => {
    fail("get", fault);
    const { diagnostics, state } = await story.attempt();
    expect(state).toMatchObject({ ...config, ...kind.shownOnce(story.id) });
    const warned = {
      severity: "warning",
      summary: `${title} ${story.id} ${told ?? ""}`,
      detail: expect.stringContaining(detail) as string,
    };
    expect(diagnostics).toMatchObject(told === undefined ? [] : [warned]);
  });

  it("stays in the state while PolyAI does not show it, and is not made twice", async () => {
    fail("get", { kind: "status", status: 404 });
    const { state } = await story.attempt();
    const { state: read, diagnostics } = await story.read();
    expect(read).toEqual(state);
    expect(summaries(diagnostics)).toEqual([`error: Could not read ${noun} ${story.id}`]);
    expect(diagnostics[0]?.detail).toContain("wait a little");
    simulator.clearFaults();
    expect((await story.read()).diagnostics).toEqual([]);
    await removeBehindTheBack();
    expect((await story.read()).state).toBeNull();
  });

  it("keeps a value of before, as ignore_changes does, that no configuration may have", async () => {
    await story.apply();
    const odd = { name: "two\nlines" };
    await ask(simulator, "PATCH", `${path}/${story.id}`, odd);
    const { state } = await story.read();
    const { diagnostics, planned } = await story.plan(odd);
    expect([diagnostics, planned]).toEqual([[], state]);
    expect(summaries((await story.plan({ name: "two\n other lines" })).diagnostics)).toEqual([
      "error: Invalid name",
    ]);
  });

  it("beyond the account's limit says so", async () => {
    for (let count = 0; count < 10; count++) await ask(simulator, "POST", path, config);
    const { state, diagnostics } = await story.attempt();
    expect(state).toBeNull();
    expect(summaries(diagnostics)).toEqual([
      `error: Could not create ${noun} ${JSON.stringify(config["name"])}`,
    ]);
    expect(diagnostics[0]?.detail).toContain(`maximum of 10 ${noun}s`);
  });

  it.each(Object.entries(theirs))(
    "an update of %s is in place and knows all but updated_at",
    async (name, value) => {
      await story.apply();
      const plan = await story.plan({ [name]: value });
      const { diagnostics, requiresReplace } = plan;
      expect([diagnostics, unknownNames(plan), requiresReplace]).toEqual([[], ["updated_at"], []]);
      const updated = await story.applyPlan(plan);
      const { updated_at = null } = updated;
      expect(await asked()).toMatchObject(json({ ...config, [name]: value, updated_at }) as object);
      expect((await story.read()).state).toEqual(updated);
    },
  );

  it("sends only what changed, and leaves alone what somebody else changed", async () => {
    const { id, created_at } = await story.apply();
    await changeBehindTheBack();
    const updated = await story.apply(ours);
    expect(updated).toMatchObject({ id, created_at });
    const { updated_at = null } = updated;
    expect(await asked()).toMatchObject(json({ ...theirs, ...ours, updated_at }) as object);
  });

  it.each<["update" | "delete", ObjectValue | null]>([
    ["update", ours],
    ["delete", null],
  ])("keeps its state if the API refuses to %s it", async (verb, changes) => {
    const prior = await story.apply();
    fail(verb, { kind: "status", status: 403 });
    const { state, diagnostics } = await story.attempt(changes);
    expect(state).toEqual(prior);
    expect(summaries(diagnostics)).toEqual([`error: Could not ${verb} ${noun} ${story.id}`]);
  });

  it.each(Object.keys(config))("names %s if the API refuses it", async (name) => {
    await story.apply();
    fail("update", { kind: "status", status: 422, message: `body.${name}: is not right` });
    const { diagnostics } = await story.attempt(ours);
    expect(located(diagnostics)).toEqual([
      `error at ${name}: Could not update ${noun} ${story.id}`,
    ]);
    expect(diagnostics[0]?.detail).toContain("is not right");
  });

  it("is read as somebody else changed it, and the next plan puts it back", async () => {
    const created = await story.apply();
    await changeBehindTheBack();
    expect((await story.read()).state).toMatchObject(theirs);
    const { updated_at } = await story.apply();
    expect((await story.read()).state).toEqual({ ...created, updated_at });
  });

  it("is imported with all that the API says, and then plans nothing", async () => {
    const created = await story.apply();
    expect((await story.import(story.id)).diagnostics).toEqual([]);
    const lost = Object.keys(kind.shownOnce(story.id)).map((name) => [name, null]);
    const imported = { ...created, ...(Object.fromEntries(lost) as ObjectValue) };
    expect((await story.read()).state).toEqual(imported);
    const plan = await story.plan();
    expect([plan.diagnostics, plan.planned]).toEqual([[], imported]);
  });

  it("is given up with a warning if it is gone", async () => {
    const { id } = await story.apply();
    await removeBehindTheBack();
    const { state, diagnostics } = await story.read();
    expect(state).toBeNull();
    expect(summaries(diagnostics)).toEqual([`warning: ${title} ${id as string} is gone`]);
  });

  it("is not given up for a region that does not know it", async () => {
    const created = await story.apply();
    const elsewhere = await startSimulator();
    const other = new Story(await startHost(elsewhere), type, config);
    other.instance = story.instance;
    for (const { state, diagnostics } of [await other.read(), await other.attempt(null)]) {
      expect(state).toEqual(created);
      expect(diagnostics[0]?.detail).toContain(elsewhere.url);
    }
    await elsewhere.close();
  });

  it("is deleted", async () => {
    await story.apply();
    expect((await story.plan(null)).diagnostics).toEqual([]);
    await story.apply(null);
    expect(await ask(simulator, "GET", path)).toEqual({ data: [] });
  });

  it("is deleted if it is gone already", async () => {
    await story.apply();
    await removeBehindTheBack();
    simulator.clearRequests();
    await story.apply(null);
    expect(operations(simulator)).toEqual([`delete${operation}`]);
  });

  it.each([
    ["an id that is none", kind.noId, "error: Invalid import id"],
    ["an id that is not there", kind.absentId, `error: Could not import ${noun} ${kind.absentId}`],
  ])("cannot be imported by %s", async (_, id, summary) => {
    expect(summaries((await story.import(id)).diagnostics)).toEqual([summary]);
  });
});
