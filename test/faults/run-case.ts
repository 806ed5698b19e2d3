import type { FaultKind } from "../../src/simulator/index.js";
import type { Leak } from "../support/canary.js";
import type { Environment } from "../support/workspace.js";
import type { Applied, Bench, Said } from "./bench.js";
import type { FaultCase, Operation } from "./faults.js";
import type { Surroundings } from "./surroundings.js";

/** What came of one row of the matrix. */
export interface Row {
  readonly case: FaultCase;
  /** What the person saw; undefined where the run ended well and said nothing. */
  readonly saw: Said | undefined;
  readonly exitCode: number | null;
  /** What the API did under the fault. */
  readonly calls: number;
  readonly rotations: number;
  /** Whether the state held the secret with which PolyAI signed then. */
  readonly state: "true" | "false" | "empty";
  /** Whether the person was told that the secret may have changed. */
  readonly told: boolean;
  /** Whether the next apply ended well, with the secret that is valid in the state. */
  readonly healed: boolean;
  /** What came of putting the trigger back instead: only where a rotation failed. */
  readonly putBack: "rotates and heals" | "nothing to do" | undefined;
  readonly leaks: readonly Leak[];
  /** How it differs from what has to be. */
  readonly problems: readonly string[];
}

const TOLD = /may have changed[^]*receivers may be refusing deliveries now[^]*Apply again/;

/** Runs one row: the fault, then what a person would do next. */
export async function runCase(
  bench: Bench,
  surroundings: Surroundings,
  faultCase: FaultCase,
): Promise<Row> {
  const { simulator, elsewhere } = surroundings;
  const { operation, fault } = faultCase;
  await (operation === "create" ? bench.beginAnew() : bench.beginWithSecret());
  if (operation === "rotate") bench.setTrigger(bench.trigger + 1);

  const seenBefore = elsewhere.seen.length;
  const rotationsBefore = simulator.rotations(bench.endpoint);
  const callsBefore = callsOf(faultCase, bench, surroundings);
  const { env, end } = inject(faultCase, bench, surroundings);
  const applied = await bench.apply(env, ...OPTIONS[operation]);
  end();

  const row = {
    case: faultCase,
    saw: applied.said[0],
    exitCode: applied.code,
    calls: callsOf(faultCase, bench, surroundings) - callsBefore,
    rotations: simulator.rotations(bench.endpoint) - rotationsBefore,
    state: bench.stateIs(),
    told: applied.said.some(({ detail }) => TOLD.test(detail)),
  };
  const putBack =
    operation === "rotate" && applied.code !== 0
      ? await tryPuttingBack(bench, row.told)
      : undefined;
  const next = await heal(bench, applied);
  const leaks = bench.takeLeaks();
  const done = { ...row, putBack, healed: next.healed, leaks };
  const travelled = elsewhere.seen.length > seenBefore;
  return {
    ...done,
    problems: [
      ...problemsOf(done),
      ...next.problems,
      ...(travelled ? [`a request followed the redirect of "${fault.name}"`] : []),
    ],
  };
}

const OPTIONS: Readonly<Record<Operation, readonly string[]>> = {
  create: [],
  // Without the read before, so that the fault meets the rotation and nothing else.
  rotate: ["-refresh=false"],
  refresh: ["-refresh-only"],
};

const SPOILT_CALL = {
  create: "rotateWebhookSigningSecret",
  rotate: "rotateWebhookSigningSecret",
  refresh: "getWebhookEndpoint",
} as const;

/** Begins the fault. It may need an environment, and an end. */
function inject(
  { operation, fault: { injection }, span }: FaultCase,
  { endpoint }: Bench,
  { simulator, addresses, elsewhere }: Surroundings,
): { readonly env: Environment; end(): void } {
  if (injection.by === "address") {
    return { env: { POLYAI_BASE_URL: addresses[injection.address] }, end: () => undefined };
  }
  const fault: FaultKind =
    injection.by === "simulator"
      ? injection.fault
      : { kind: "redirect", location: `${elsewhere.url}/v1/stolen` };
  const id = simulator.setFault({
    ...fault,
    operation: SPOILT_CALL[operation],
    resourceId: endpoint,
    ...(span === "once" ? { times: 1 } : {}),
  });
  return { env: {}, end: () => simulator.clearFaults(id) };
}

/** How often the API got the call that the fault spoils. */
const callsOf = ({ operation }: FaultCase, { endpoint }: Bench, { simulator }: Surroundings) =>
  simulator.requests.filter(
    ({ resourceId, operation: called }) =>
      resourceId === endpoint && called === SPOILT_CALL[operation],
  ).length;

/** Puts the trigger back to what the state has, and afterwards state and trigger to what they were. */
async function tryPuttingBack(bench: Bench, told: boolean): Promise<Row["putBack"]> {
  const { trigger } = bench;
  const failed = bench.state();
  bench.setTrigger(trigger - 1);
  try {
    if (!told) return (await bench.plansSomething()) ? undefined : "nothing to do";
    const { code } = await bench.apply();
    return code === 0 && bench.stateIs() === "true" ? "rotates and heals" : undefined;
  } finally {
    bench.setTrigger(trigger);
    if (told && failed !== undefined) bench.putState(failed);
  }
}

/** The next apply: it heals what failed, and does nothing where nothing did. */
async function heal(
  bench: Bench,
  { code }: Applied,
): Promise<{ readonly healed: boolean; readonly problems: readonly string[] }> {
  const wasTrue = code === 0 && bench.stateIs() === "true";
  const before = bench.storedSecret();
  const next = await bench.apply();
  const healed = next.code === 0 && bench.stateIs() === "true";
  const idle = !wasTrue || bench.storedSecret() === before;
  return { healed, problems: idle ? [] : ["the next apply rotated once more for nothing"] };
}

/** What has to be, whatever the provider thinks of it. */
function problemsOf(row: Omit<Row, "problems">): readonly string[] {
  const { operation, fault, span } = row.case;
  const passes = fault.passing && span === "once";
  const gone = operation === "refresh" && fault.name === "404";
  const wrong = (bad: boolean, problem: string) => (bad ? [problem] : []);
  return [
    ...wrong((row.exitCode === 0) !== (passes || gone), `the run ended with ${row.exitCode}`),
    ...wrong(passes && row.saw !== undefined, "a run that ended well complained"),
    ...wrong(passes && row.state !== "true", `the run ended well, and the state is ${row.state}`),
    ...wrong(!passes && row.saw === undefined, "nothing was said"),
    ...wrong(row.state === "false" && !row.told, "the state is false and nothing says so"),
    ...wrong(
      row.state === "empty" && row.rotations > 0 && !row.told,
      "the secret changed and nothing says so",
    ),
    ...wrong(
      row.told !== (!passes && fault.ambiguous && operation !== "refresh"),
      row.told ? "a change that cannot have been is warned of" : "a possible change is not told",
    ),
    ...wrong(operation === "refresh" && row.rotations > 0, "a refresh rotated"),
    ...wrong(!row.healed, "the next apply did not heal"),
    ...wrong(
      operation === "rotate" &&
        !passes &&
        row.putBack !== (row.told ? "rotates and heals" : "nothing to do"),
      "putting the trigger back did not do what it has to",
    ),
    ...row.leaks.map(({ place, what }) => `leak: ${what}, in ${place}`),
  ];
}
