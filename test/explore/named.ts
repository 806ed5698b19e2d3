/** Histories that once ended in a dead secret, or in a state that had lost a living one. */
import { RUN, type History, type Run, type Settings, type Step } from "./history.js";
import { CLEAN, type Fate } from "./network.js";
import type { SecretConfig } from "./state.js";

const here = { workspace: "default" } as const;

const edit = (address: string, to: Partial<Omit<SecretConfig, "type">>): Step => ({
  do: "edit",
  ...here,
  address,
  to,
});
const command =
  (what: "apply" | "plan" | "refresh" | "destroy") =>
  (run: Partial<Run> = {}): Step => ({ do: what, ...here, run: { ...RUN, ...run } });
const [apply, refresh, destroy] = [command("apply"), command("refresh"), command("destroy")];
const rename = (address: string, to: string): Step => ({
  do: "rename",
  ...here,
  address,
  to,
  moved: false,
});

const fate = (of: Partial<Fate>): Fate => ({ ...CLEAN, ...of });
const late = (wait: number): Fate => fate({ wait });
const status = (code: number, acts: Fate["acts"]): Fate => fate({ acts, answer: { status: code } });
const lost = fate({ answer: "lost" });
const soon = fate({ acts: "never", answer: { status: 429, retryAfter: 1 } });

const history = (...steps: readonly Step[]): History => ({
  endpoint: JSON.stringify(steps).includes('"e"'),
  steps,
});
/** A history that begins with an object that is made. */
const made = (first: Step, ...steps: readonly Step[]): History => history(first, apply(), ...steps);
const invalidating = edit("a", { invalidate: true });
const replacing = edit("a", { invalidate: true, createFirst: true });
const adopting = edit("a", { endpoint: "e", initial: true });
const trigger = (value: string): Step => edit("a", { trigger: value });

const imported = (address: string): Step => ({ do: "import", ...here, address, known: true });
/** `a` is tainted and to give up its endpoint, and `b` holds the same secret of it. */
const takenOver: readonly Step[] = [
  edit("a", { endpoint: "E2" }),
  edit("b", { endpoint: "E1" }),
  imported("b"),
  { do: "taint", ...here, address: "a" },
];
const stopped = (run: Partial<Run>, after: number): Step =>
  apply({ ...run, interrupt: { kind: "Ctrl-C", after } });

const SETTINGS: readonly Settings[] = ["other key", "other region", "path too much"];

export const NAMED: Readonly<Record<string, History>> = {
  "a rename without moved, whose destroy reaches PolyAI last": made(
    invalidating,
    rename("a", "b"),
    apply({ writes: [late(200), late(0)] }),
  ),
  "a rename without moved, whose destroy is asked to come back": made(
    invalidating,
    rename("a", "b"),
    apply({ writes: [soon, late(0)] }),
  ),
  "a renamed key, whose destroy meets a 503": made(
    edit('a["x"]', { invalidate: true }),
    rename('a["x"]', 'a["y"]'),
    apply({ writes: [status(503, "never"), late(0)] }),
  ),
  "a destroy that rotates and is not answered": made(
    invalidating,
    destroy({ retries: 0, writes: [lost] }),
  ),
  "a replacement whose destroy rotates and is not answered": made(
    invalidating,
    apply({ replace: ["a"], retries: 0, writes: [lost] }),
  ),
  "a destroy whose answer hangs": made(
    invalidating,
    destroy({ retries: 0, writes: [fate({ answer: "hung" })] }),
  ),
  ...Object.fromEntries(
    Object.entries<Partial<Run>>({
      "": {},
      ", planned after its successor": { order: [1] },
      ", without refresh and after its successor": { refresh: false, order: [1] },
      ", without refresh and a turn later": { refresh: false, order: [0, 1] },
    }).map(([how, last]) => [
      `a deposed object that a later run destroys${how}`,
      made(replacing, apply({ replace: ["a"], dependentsFail: ["a"] }), apply(last)),
    ]),
  ),
  "a new secret with half of a character in it": made(
    edit("a", {}),
    trigger("2"),
    apply({ retries: 0, writes: [fate({ answer: "surrogate" })] }),
  ),
  "a new secret in NFD": made(
    edit("a", {}),
    trigger("2"),
    apply({ retries: 0, writes: [fate({ answer: "nfd" })] }),
  ),
  "a new secret that cannot be encrypted": made(
    edit("a", { encrypted: true }),
    trigger("2"),
    apply({ writes: [fate({ answer: "not encrypted" })] }),
    apply(),
  ),
  "a secret in NFD that is imported as known": history(
    edit("a", {}),
    apply({ retries: 0, writes: [fate({ answer: "nfd" })] }),
    { do: "state rm", ...here, address: "a" },
    imported("a"),
  ),
  ...Object.fromEntries(
    [303, 307, 408, 409, 418, 500, 502, 503].map((code) => [
      `a rotation that acts and is answered with ${code}`,
      made(edit("a", {}), trigger("2"), apply({ retries: 0, writes: [status(code, "once")] })),
    ]),
  ),
  ...Object.fromEntries(
    SETTINGS.flatMap((settings) =>
      ([apply, refresh, destroy] as const).map((run) => [
        `${run().do} with ${settings}`,
        made(invalidating, run({ settings })),
      ]),
    ),
  ),
  "a 404 of a gateway": made(
    edit("a", {}),
    refresh({ reads: [fate({ acts: "never", answer: { status: 404, page: true } })] }),
  ),
  ...Object.fromEntries(
    [false, true].map((createFirst) => [
      `two resources exchange their endpoints, ${createFirst ? "create" : "destroy"} first`,
      history(
        edit("a", { invalidate: true, createFirst }),
        edit("b", { endpoint: "E2", invalidate: true, createFirst }),
        apply(),
        { do: "exchange endpoints", ...here, address: "a", with: "b" },
        apply({
          writes: createFirst ? [late(0), late(100), late(200)] : [late(0), late(200)],
        }),
      ),
    ]),
  ),
  "a resource takes over the endpoint that another gives up": made(
    invalidating,
    edit("a", { endpoint: "E2" }),
    edit("b", { endpoint: "E1" }),
    apply({ writes: [late(200), late(0)] }),
  ),
  "a rename in two runs": made(invalidating, rename("a", "b"), apply({ targets: ["b"] }), apply()),
  "a rename in two runs, the second planned the other way round": made(
    invalidating,
    rename("a", "b"),
    apply({ targets: ["b"] }),
    apply({ order: [1] }),
  ),
  "a rename whose destroy is refused, and runs later": made(
    invalidating,
    rename("a", "b"),
    apply({ writes: [status(403, "never"), late(0)] }),
    apply(),
  ),
  "two resources exchange their endpoints, of which one is tainted and was not destroyed": history(
    invalidating,
    edit("b", { endpoint: "E2", invalidate: true }),
    apply(),
    { do: "taint", ...here, address: "b" },
    apply({ retries: 0, writes: [fate({ acts: "never", answer: "unsent" })] }),
    { do: "exchange endpoints", ...here, address: "a", with: "b" },
    apply({ refresh: false, order: [0, 0, 1] }),
    apply(),
  ),
  ...Object.fromEntries(
    Object.entries<readonly Step[]>({
      "is to be replaced": [
        edit("a", {}),
        imported("a"),
        stopped({ refresh: false, replace: ["a"], order: [1, 1, 0, 1] }, 1),
      ],
      "is to be replaced, create first": [
        edit("a", { createFirst: true }),
        imported("a"),
        stopped({ refresh: false, replace: ["a"], order: [0, 1] }, 0),
      ],
      "is tainted": [
        edit("a", {}),
        imported("a"),
        { do: "taint", ...here, address: "a" },
        stopped({ order: [1, 0, 0, 1] }, 1),
      ],
    }).map(([what, steps]) => [
      `an apply that stops after a destroy that rotates, while another object of the endpoint ${what}`,
      made(edit("b", { invalidate: true }), { do: "drop", ...here, address: "b" }, ...steps),
    ]),
  ),
  "a tainted object that gives up its endpoint without refresh, before the one that takes over":
    made(replacing, ...takenOver, apply({ refresh: false, order: [1] })),
  "an object that is planned during apply, while the end of another of its endpoint rotates": made(
    replacing,
    ...takenOver,
    apply({ refresh: false, order: [3], writes: [late(20), late(20)] }),
  ),
  "a replacement that is refused, planned before the newer object of its endpoint goes": made(
    edit("a", { createFirst: true }),
    rename("a", "b"),
    apply({ targets: ["b"] }),
    rename("b", "a"),
    apply({
      replace: ["a"],
      order: [0],
      dependentsFail: ["a"],
      writes: [fate({ acts: "never", answer: { status: 404, page: true } })],
    }),
  ),
  "a creation before the destroy that rotates and is not answered": made(
    edit("a", { createFirst: true }),
    apply({ replace: ["a"], retries: 0, writes: [lost] }),
  ),
  "the plugin is killed in an update, and the trigger put back": made(
    edit("a", {}),
    trigger("2"),
    apply({ writes: [late(0)], interrupt: { kind: "kill the plugin", after: 1 } }),
    trigger("1"),
    apply(),
  ),
  "an initial secret after a rotation, by a rename": made(
    adopting,
    trigger("2"),
    apply(),
    rename("a", "b"),
    apply(),
  ),
  "an initial secret after a rotation, by a taint and create_before_destroy": made(
    edit("a", { endpoint: "e", initial: true, createFirst: true }),
    trigger("2"),
    apply(),
    { do: "taint", ...here, address: "a" },
    apply(),
  ),
  "an initial secret after a rotation, by encrypt_to": made(
    edit("a", { endpoint: "e" }),
    edit("a", { initial: true, encrypted: true }),
    apply(),
  ),
  "an initial secret, by a rename that invalidates": made(
    edit("a", { endpoint: "e", initial: true, invalidate: true }),
    rename("a", "b"),
    apply(),
  ),
  "an initial secret, by a rename that invalidates, the other way round": made(
    edit("a", { endpoint: "e", initial: true, invalidate: true }),
    rename("a", "b"),
    apply({ order: [2, 1, 1] }),
  ),
  "an initial secret, adopted again after the destroy of an older object has failed": made(
    edit("a", { endpoint: "e", initial: true, invalidate: true }),
    rename("a", "b"),
    apply({ targets: ["b"] }),
    edit("b", { encrypted: true }),
    apply({ retries: 0, writes: [lost] }),
    apply({ reads: [late(0), fate({ wait: 1, back: 10 })] }),
  ),
  "a tainted object, planned after another that holds its secret is read": made(
    invalidating,
    ...takenOver,
    edit("b", { trigger: "2" }),
    apply({ pauses: [0, 0, 0, 1], order: [0, 0, 0, 0, 3] }),
  ),
  ...Object.fromEntries(
    Object.entries<Partial<Run>>({
      "read after the older one": {},
      "planned between the older one's reading and its plan": { pauses: [0, 0, 0, 1] },
      "read first": { order: [1] },
    }).map(([how, last]) => [
      `a tainted newer object that gives up its endpoint, ${how}`,
      made(
        edit("a", {}),
        rename("a", "b"),
        apply({ targets: ["b"] }),
        rename("b", "a"),
        edit("b", { endpoint: "E2" }),
        { do: "taint", ...here, address: "b" },
        apply(last),
      ),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries<Partial<Run>>({
      "is refused": { retries: 0, writes: [status(403, "never")] },
      "meets another account": { refresh: false, settings: "other key" },
    }).map(([how, run]) => [
      `an older object whose end ${how} while the newer one ends, and that is configured again`,
      history(
        invalidating,
        apply(),
        rename("a", "b"),
        apply({ targets: ["b"] }),
        edit("b", { invalidate: false }),
        apply({ targets: ["b"] }),
        { do: "drop", ...here, address: "b" },
        apply(run),
        invalidating,
        apply(),
      ),
    ]),
  ),
  "an older object whose newer one has ended in an apply that stopped, destroyed with another key":
    made(
      invalidating,
      rename("a", "b"),
      imported("b"),
      edit("b", { endpoint: "E2" }),
      stopped({ order: [0, 0, 0, 1], reads: [late(1), fate({ wait: 1, back: 20 })] }, 2),
      apply({ refresh: false, settings: "other key" }),
    ),
  "an initial secret, after an earlier destroy that invalidated it": made(
    edit("a", { endpoint: "e", initial: true, invalidate: true }),
    { do: "drop", ...here, address: "a" },
    apply(),
    edit("b", { endpoint: "e", initial: true }),
    apply(),
  ),
};

/** Renames one after another; each rotation acts after 0 to 300 ms, and each third meets a 429. */
export const renames = (rounds: number): History =>
  made(
    edit("a0", { invalidate: true }),
    ...Array.from({ length: rounds }, (_, round): readonly Step[] => [
      rename(`a${round}`, `a${round + 1}`),
      apply({
        writes: [
          late((round * 127) % 301),
          ...(round % 3 === 0 ? [soon] : []),
          late((round * 211) % 301),
        ],
      }),
    ]).flat(),
  );

const run = apply({ writes: [late(5000)] });
/** An apply each day at the same second; each takes five. */
export const DAILY: History = history(
  edit("a", { days: 1 }),
  run,
  ...Array.from({ length: 5 }, (): readonly Step[] => [
    { do: "wait", days: 1 - 5 / 86_400 },
    run,
  ]).flat(),
);
