/** The rules between two objects of one endpoint, of which random histories meet each but seldom. */
import { UNKNOWN } from "../../../../src/plugin/cty/value.js";
import { error } from "../../../../src/plugin/framework/diagnostic.js";
import {
  deadBy,
  doubtful,
  Endpoint,
  harms,
  marksOf,
  type Kept,
  type Sighting,
} from "../../../../src/provider/webhook-secret/endpoint.js";
import {
  destroyingProblems,
  keepingProblems,
  noted,
  successionOf,
} from "../../../../src/provider/webhook-secret/rivals.js";
import { stateWithoutSecret } from "../../../../src/provider/webhook-secret/schema.js";

const ID = "whe_1";
const SIGHTING: Sighting = {
  instance: "own",
  fingerprint: "f",
  since: 10,
  last: 10,
  trusted: true,
  superseded: false,
  invalidates: false,
};
const own = (with_: Partial<Sighting> = {}): Sighting => ({ ...SIGHTING, ...with_ });
const other = (with_: Partial<Sighting> = {}): Sighting => own({ instance: "other", ...with_ });
const kept = (with_: Partial<Kept> = {}): Kept => ({ instance: "kept", ...with_ });
const ifDead = error("It is dead", "Rotate it.");
const adopts = (fingerprint: string) => ({ fingerprint, ifDead });
const invalidates = true;
const superseded = true;
const doubted = { trusted: false };

function endpointWith(...seen: readonly Sighting[]): Endpoint {
  const endpoint = new Endpoint();
  for (const each of seen) endpoint.seen.add(each);
  return endpoint;
}

it.each<[string, Partial<Sighting>, Partial<Sighting>, object]>([
  ["no mark beside an older one", { since: 9, last: 9 }, {}, {}],
  ["no mark beside one of the same time", {}, {}, {}],
  ["the mark of a successor beside a newer one", { since: 11, last: 11 }, {}, { superseded }],
  [
    "doubt if it has tried since itself",
    { since: 11, last: 11 },
    { last: 12 },
    { unconfirmed: true },
  ],
  ["doubt if the older has tried since", { since: 9, last: 11 }, {}, { unconfirmed: true }],
  ["doubt beside one that may invalidate", { invalidates }, {}, { unconfirmed: true }],
  ["none if that one is superseded", { invalidates, superseded }, {}, {}],
])("an object gets %s", (_, theOther, theOwn, marks) => {
  const found = marksOf(endpointWith(other(theOther), own(theOwn)), own(theOwn));
  expect(found).toEqual(marks);
});

it("an object that is met alone is noted without a mark, as is one of no provider", () => {
  const state = { ...stateWithoutSecret(ID), fingerprint: "f" };
  const endpoint = endpointWith(other({ since: 11 }));
  const told = { known: { instance: "own" }, object: { instance: "own", superseded: false } };
  expect(noted(undefined, state, { instance: "own" })).toMatchObject(told);
  expect(endpoint.seen.of("own")).toBeUndefined();
  const { known, object } = noted(endpoint, state, { instance: "own" });
  expect(known).toEqual({ instance: "own", superseded });
  expect([object.superseded, endpoint.seen.of("own")]).toEqual([true, object]);
});

it.each<[string, boolean, Partial<Sighting>, Partial<Kept>]>([
  ["harms none that is still to be made", false, { invalidates }, {}],
  ["harms none that rotates anyway", false, { invalidates }, { prior: other(doubted) }],
  ["harms one that stays, if it invalidates", true, { invalidates }, { prior: other() }],
  ["harms one that stays, if it has tried since", true, { last: 11 }, { prior: other() }],
  ["harms none of the same time", false, {}, { prior: other() }],
  ["harms none once superseded", false, { invalidates, last: 11, superseded }, { prior: other() }],
  ["harms none that is replaced, by invalidating", false, { invalidates }, { replaces: other() }],
  ["harms one that is replaced, if it has tried since", true, { last: 11 }, { replaces: other() }],
])("a destroy %s", (_, harmful, destroyed, keptAs) => {
  expect(harms(own(destroyed), kept(keptAs))).toBe(harmful);
});

it.each<[string, boolean, Partial<Sighting>, Partial<Kept>]>([
  ["that adopts nothing", false, { invalidates }, {}],
  ["that adopts the secret of an object", false, {}, { adopts: adopts("f") }],
  ["that adopts another secret", true, {}, { adopts: adopts("g") }],
  ["that adopts a doubtful one", true, doubted, { adopts: adopts("f") }],
  ["that adopts one that is invalidated", true, { invalidates }, { adopts: adopts("f") }],
  ["that exists and adopts a newer one", false, {}, { adopts: adopts("g"), prior: other() }],
  [
    "that exists, beside one to invalidate",
    true,
    { invalidates },
    { adopts: adopts("f"), prior: other() },
  ],
  [
    "that exists, beside one superseded",
    false,
    { invalidates, superseded },
    { adopts: adopts("f"), prior: other() },
  ],
])("an adoption by an object %s", (_, dead, holder, keptAs) => {
  expect(deadBy(own(holder), kept(keptAs))).toEqual(dead ? [ifDead] : []);
});

it.each<[string, boolean, Partial<Kept>]>([
  ["nothing", false, { prior: other(doubted) }],
  ["at its creation", false, { adopts: adopts("f") }],
  ["what it holds for certain", false, { adopts: adopts("f"), prior: other() }],
  ["what it holds and doubts", true, { adopts: adopts("f"), prior: other(doubted) }],
  ["another than it holds", false, { adopts: adopts("g"), prior: other(doubted) }],
])("it is doubtful if an object adopts %s", (_, doubt, keptAs) => {
  expect(doubtful(kept(keptAs))).toEqual(doubt ? [ifDead] : []);
});

const summaries = (all: readonly { readonly summary: string }[]) => all.map((each) => each.summary);
const SHARED = `Two resources rotate the secret of ${ID}`;
const HARMFUL = `Another object of ${ID} would be left with a dead secret`;
const LAST = `Destroying it rotates the secret of ${ID} one last time`;

describe("of what a plan keeps", () => {
  const problems = (endpoint: Endpoint | undefined, object: Partial<Kept>, id: unknown = ID) =>
    summaries(keepingProblems(endpoint, { endpoint_id: id as string }, kept(object)));

  it("nothing is wrong without a provider, and while the endpoint is not known", () => {
    const endpoint = new Endpoint();
    expect([problems(undefined, {}), problems(endpoint, {}, UNKNOWN)]).toEqual([[], []]);
    expect(endpoint.kept.of("kept")).toBeUndefined();
  });

  it("there is one object, which may be planned again", () => {
    const endpoint = new Endpoint();
    expect([problems(endpoint, { prior: own() }), problems(endpoint, {})]).toEqual([[], []]);
    // A creation in place of it, which the apply plans once more.
    expect(endpoint.kept.of("kept")?.replaces).toEqual(own());
    problems(endpoint, {});
    expect(endpoint.kept.of("kept")?.replaces).toEqual(own());
    expect(problems(endpoint, { instance: "second" })).toEqual([SHARED]);
  });

  it("a dead secret is told once, whoever has it", () => {
    const endpoint = endpointWith(other(), other({ instance: "third" }));
    endpoint.destroyed.add(other({ instance: "fourth" }));
    expect(problems(endpoint, { adopts: adopts("g") })).toEqual([ifDead.summary]);
    const alone = new Endpoint();
    alone.destroyed.add(other());
    expect(problems(alone, { adopts: adopts("g") })).toEqual([ifDead.summary]);
    const prior = other(doubted);
    expect(problems(new Endpoint(), { adopts: adopts("f"), prior })).toEqual([ifDead.summary]);
  });

  it("the harm of a destroy is refused, but during apply no more", () => {
    const endpoint = new Endpoint();
    endpoint.destroyed.add(other({ invalidates }));
    expect(problems(endpoint, { prior: own() })).toEqual([HARMFUL]);
    expect(problems(endpointWith(other({ last: 11 })), { prior: own() })).toEqual([HARMFUL]);
    endpoint.applying = true;
    expect(problems(endpoint, { prior: own() })).toEqual([]);
  });
});

describe("of what a plan destroys", () => {
  const state = { ...stateWithoutSecret(ID), on_destroy: "invalidate" };
  const problems = (endpoint: Endpoint | undefined, object: Partial<Sighting> = {}) =>
    summaries(destroyingProblems(endpoint, state, own({ invalidates, ...object })));

  it("the last rotation is told, unless somebody takes care of the endpoint", () => {
    expect([problems(undefined), problems(new Endpoint())]).toEqual([[LAST], [LAST]]);
    expect(problems(new Endpoint(), { superseded })).toEqual([]);
    const ending = new Endpoint();
    ending.ends = true;
    expect(problems(ending)).toEqual([]);
    const endpoint = new Endpoint();
    endpoint.kept.add(kept());
    expect(problems(endpoint)).toEqual([]);
    expect(endpoint.destroyed.of("own")).toMatchObject({ instance: "own" });
  });

  it("its harm to another object is refused, and to itself is none", () => {
    const endpoint = new Endpoint();
    endpoint.kept.add(kept({ prior: other() }));
    expect(problems(endpoint)).toEqual([HARMFUL]);
    expect(problems(endpoint, { instance: "kept" })).toEqual([LAST]);
  });

  it("what another adopts of it is dead, unless that has been applied", () => {
    const endpoint = new Endpoint();
    endpoint.kept.add(kept({ adopts: adopts("f") }));
    expect(problems(endpoint)).toEqual([ifDead.summary]);
    endpoint.changed = { by: "another", fingerprint: "f" };
    expect(problems(endpoint)).toEqual([ifDead.summary]);
    endpoint.changed = { by: "kept", fingerprint: "f" };
    expect(problems(endpoint)).toEqual([]);
  });
});

it.each<[string, boolean, Partial<Kept>, readonly Sighting[]]>([
  ["stays", false, { prior: other() }, [other()]],
  ["is made, the first one", false, {}, []],
  ["is made beside one that was met", true, {}, [other()]],
  ["is made after itself alone was met", false, {}, [own()]],
  ["is made in place of one", true, { replaces: other() }, []],
])("the destroyed has a successor if another %s", (_, succeeds, keptAs, seen) => {
  const endpoint = endpointWith(...seen);
  endpoint.kept.add(kept(keptAs));
  expect(successionOf(endpoint, own())).toEqual(succeeds ? { superseded } : {});
  expect(successionOf(endpoint, kept())).toEqual({});
  expect(successionOf(undefined, own())).toEqual({});
});
