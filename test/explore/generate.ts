import * as fc from "fast-check";
import {
  RUN,
  type History,
  type Interrupt,
  type Run,
  type Settings,
  type Step,
  type Workspace,
} from "./history.js";
import { CLEAN, type Fate } from "./network.js";

const address = fc.constantFrom("a", "a", "a", "b", "b", "c");
const endpoint = fc.constantFrom("E1", "E1", "E1", "E2", "E2", "e");

const weighted = <T>(...options: readonly (readonly [number, fc.Arbitrary<T>])[]) =>
  fc.oneof(...options.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const rarely = <T>(usual: T, arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T> =>
  weighted([10, fc.constant(usual)], [weight, arbitrary]);

const workspace = weighted<Workspace>([9, fc.constant("default")], [1, fc.constant("other")]);

type Ending = Pick<Fate, "acts" | "answer">;
const acts = fc.constantFrom<Fate["acts"]>("once", "never");
const badWrite: fc.Arbitrary<Ending> = fc.oneof(
  fc.record({ acts, answer: fc.constantFrom<Fate["answer"]>("lost", "hung") }),
  fc.record({
    acts,
    answer: fc.record({ status: fc.constantFrom(503, 500, 502, 408, 409, 307, 303, 418) }),
  }),
  fc.constantFrom<Ending>(
    { acts: "never", answer: "unsent" },
    { acts: "never", answer: { status: 429, retryAfter: 1 } },
    { acts: "never", answer: { status: 503, retryAfter: 2 } },
    { acts: "never", answer: { status: 404, page: true } },
    { acts: "never", answer: { status: 403 } },
    { acts: "once", answer: "nfd" },
    { acts: "once", answer: "surrogate" },
    { acts: "once", answer: "not encrypted" },
    { acts: "once", answer: { body: "{}" } },
    { acts: "once", answer: { body: "<html>" } },
    { acts: "once", answer: { body: '{"signing_secret":""}' } },
    { acts: "late", answer: "hung" },
    { acts: "again", answer: "plain" },
  ),
);
const badRead = fc.constantFrom<Ending>(
  { acts: "never", answer: { status: 404, page: true } },
  { acts: "never", answer: { status: 500 } },
  { acts: "never", answer: "lost" },
);
const delay = rarely(0, fc.integer({ min: 1, max: 300 }), 6);
const fateOf = (bad: fc.Arbitrary<Ending>, weight: number): fc.Arbitrary<Fate> =>
  fc
    .record({ wait: delay, back: delay, ending: rarely<Ending>(CLEAN, bad, weight) })
    .map(({ wait, back, ending: { acts, answer } }) => ({ wait, back, acts, answer }));

const few = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  rarely<readonly T[]>([], fc.array(arbitrary, { minLength: 1, maxLength: 2 }));

/** A replacement whose dependents fail leaves a deposed object, if it is created first. */
const deposing = fc.constantFrom("a", "b").map((each) => ({
  replace: [each],
  dependentsFail: [each],
}));

const run: fc.Arbitrary<Run> = fc
  .record({
    refresh: rarely(true, fc.constant(false), 2),
    targets: few(address),
    replace: few(address),
    settings: rarely<Settings>(
      "right",
      fc.constantFrom<Settings>("other key", "other region", "path too much"),
    ),
    retries: fc.constantFrom(4, 4, 0),
    reads: fc.array(fateOf(badRead, 1), { maxLength: 3 }),
    writes: fc.array(fateOf(badWrite, 6), { maxLength: 4 }),
    readsLast: fc.boolean(),
    order: fc.array(fc.nat(3), { maxLength: 4 }),
    pauses: rarely<readonly number[]>([], fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }), 6),
    dependentsFail: few(address),
    deposes: rarely<Partial<Run>>({}, deposing),
    interrupt: rarely<Run["interrupt"] | null>(
      null,
      fc.record({
        kind: fc.constantFrom<Interrupt>("Ctrl-C", "kill the plugin", "kill Terraform"),
        after: fc.integer({ min: 0, max: 6 }),
      }),
    ),
  })
  .map(({ interrupt, deposes, ...rest }) => ({
    ...rest,
    ...deposes,
    ...(interrupt && { interrupt }),
  }));

const edit = fc.record({
  do: fc.constant("edit" as const),
  workspace,
  address,
  to: fc.record(
    {
      endpoint,
      trigger: fc.constantFrom("1", "2", null),
      days: fc.constantFrom(1, null),
      invalidate: fc.boolean(),
      initial: fc.boolean(),
      encrypted: fc.boolean(),
      createFirst: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
});
const at = { workspace, address };
const change = weighted<Step>(
  [5, edit],
  [1, fc.record({ do: fc.constant("drop" as const), ...at })],
  [3, fc.record({ do: fc.constant("rename" as const), ...at, to: address, moved: fc.boolean() })],
  [1, fc.record({ do: fc.constant("exchange endpoints" as const), ...at, with: address })],
  [2, fc.record({ do: fc.constantFrom("taint" as const, "state rm" as const), ...at })],
  [1, fc.record({ do: fc.constant("import" as const), ...at, known: fc.boolean() })],
  [1, fc.record({ do: fc.constant("wait" as const), days: fc.constantFrom(1, 2) })],
  [1, fc.constant({ do: "replace the API key" })],
  [
    1,
    fc.record({
      do: fc.constant("delete the endpoint" as const),
      endpoint: fc.constantFrom("E1", "E2", "e"),
    }),
  ],
);
const commands = ["plan", "save a plan", "apply the saved plan", "refresh", "destroy"] as const;
const command: fc.Arbitrary<Step> = fc.record({
  do: weighted<"apply" | (typeof commands)[number]>(
    [12, fc.constant("apply")],
    [5, fc.constantFrom(...commands)],
  ),
  workspace,
  run,
});
/** Up to two changes, and a command that meets them. */
const round = fc
  .tuple(fc.array(change, { maxLength: 2 }), command)
  .map(([changes, last]): readonly Step[] => [...changes, last]);

/** Every history begins with a resource that is made without a fault. */
const beginning = fc
  .record({
    invalidate: fc.boolean(),
    createFirst: fc.boolean(),
    made: fc.boolean(),
    initial: fc.boolean(),
    encrypted: rarely(false, fc.constant(true), 2),
    second: fc.boolean(),
  })
  .map(({ made, initial, second, ...rest }): readonly Step[] => [
    {
      do: "edit",
      workspace: "default",
      address: "a",
      to: { endpoint: made ? "e" : "E1", initial: made && initial, ...rest },
    },
    ...(second
      ? [
          {
            do: "edit" as const,
            workspace: "default" as const,
            address: "b",
            to: { endpoint: "E2", invalidate: rest.invalidate },
          },
        ]
      : []),
    { do: "apply", workspace: "default", run: RUN },
  ]);

const here = { workspace: "default" } as const;
const apply = (options: Partial<Run>): Step => ({
  do: "apply",
  ...here,
  run: { ...RUN, ...options },
});
const renamed: Step = { do: "rename", ...here, address: "a", to: "b", moved: false };
const imported = (known: boolean): Step => ({ do: "import", ...here, address: "b", known });
const tainted = (address: string): Step => ({ do: "taint", ...here, address });
const moved = (address: string, to: string): Step => ({
  do: "edit",
  ...here,
  address,
  to: { endpoint: to },
});
/** Two objects of one endpoint, which few histories come to by chance. */
const twins = fc.constantFrom<readonly Step[]>(
  [renamed, imported(true)],
  [renamed, imported(false)],
  [moved("a", "E2"), moved("b", "E1"), imported(true)],
  [moved("a", "E2"), moved("b", "E1"), imported(true), tainted("a")],
  [renamed, apply({ targets: ["b"] })],
  [renamed, apply({ refresh: false, interrupt: { kind: "Ctrl-C", after: 2 } })],
  [tainted("b"), { do: "exchange endpoints", ...here, address: "a", with: "b" }],
  [apply({ replace: ["a"], dependentsFail: ["a"] })],
);

export const history: fc.Arbitrary<History> = fc
  .tuple(
    beginning,
    weighted<readonly Step[]>([2, fc.constant([])], [1, twins]),
    fc.array(round, { minLength: 1, maxLength: 5 }),
  )
  .map(([first, second, rounds]) => ({
    endpoint: JSON.stringify([first, rounds]).includes('"e"'),
    steps: [...first, ...second, ...rounds.flat()],
  }));
