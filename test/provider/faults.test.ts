/**
 * Everything that can go wrong between the provider and PolyAI, and what a practitioner is left with:
 * a state that is true, or an error that says it may not be, and a next apply that heals.
 */
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import {
  startSimulator,
  type Fault,
  type FaultKind,
  type Simulator,
} from "../../src/simulator/index.js";
import { NOTHING } from "../support/host.js";
import { summaries, unknownNames } from "../support/provider.js";
import { SecretStory } from "./secret-story.js";

type Operation = "create" | "rotate" | "refresh";

/**
 * `refused`: nothing was rotated. `unclear`: it may have been. `final`: trying again cannot help.
 * `lost`: trying again is no help, and it may have been rotated.
 */
type Verdict = "refused" | "unclear" | "final" | "lost";
type Spoilt = FaultKind & Pick<Fault, "afterActing">;

const status = (code: number, more: Partial<Fault> = {}): Spoilt =>
  ({ kind: "status", status: code, ...more }) as Spoilt;

const LONG_AGO = "Fri, 31 Dec 1999 23:59:59 GMT";

const FAULTS: readonly (readonly [string, Verdict, Spoilt])[] = [
  ["429, Retry-After in seconds", "refused", status(429, { retryAfter: 1 })],
  ["429, Retry-After as a date", "refused", status(429, { retryAfter: LONG_AGO })],
  ["408", "unclear", status(408)],
  ["503, Retry-After in seconds", "unclear", status(503, { retryAfter: 1 })],
  ["503", "unclear", status(503)],
  ["500", "unclear", status(500)],
  ["502", "unclear", status(502)],
  ["504", "unclear", status(504)],
  ["500 after acting", "unclear", status(500, { afterActing: true })],
  ["504 after acting", "unclear", status(504, { afterActing: true })],
  ["the answer too late", "unclear", { kind: "slow", delayMs: 3000, afterActing: true }],
  ["no answer, ever", "unclear", { kind: "hang" }],
  ["no answer, ever, after acting", "unclear", { kind: "hang", afterActing: true }],
  ["connection cut before acting", "unclear", { kind: "cut" }],
  ["connection cut after acting", "unclear", { kind: "cut", afterActing: true }],
  ["connection reset before acting", "unclear", { kind: "reset" }],
  ["connection reset after acting", "unclear", { kind: "reset", afterActing: true }],
  ["200 with a web page", "unclear", { kind: "html" }],
  ["502 with a web page", "unclear", { kind: "html", status: 502 }],
  ["200 with no body", "unclear", { kind: "empty" }],
  ["200 with half of the JSON", "unclear", { kind: "truncated" }],
  ["200, cut within the body", "unclear", { kind: "cutBody" }],
  ["200 without a secret", "unclear", { kind: "secret" }],
  ["200 with an empty secret", "unclear", { kind: "secret", value: "" }],
  ["200 with a number for a secret", "unclear", { kind: "secret", value: 7 }],
  ["200 with 10 MiB of body", "unclear", { kind: "huge" }],
  ["200 with a body without end", "unclear", { kind: "endless" }],
  ["200, a piece every 0.1 s", "unclear", { kind: "endless", delayMs: 100 }],
  ["401", "final", status(401)],
  ["403", "final", status(403)],
  ["404", "final", status(404)],
  ["422", "final", status(422)],
  ["400", "final", status(400)],
  ["409", "lost", status(409)],
  ["418 after acting", "lost", status(418, { afterActing: true })],
  ["a redirect to nobody", "lost", { kind: "redirect", location: "http://127.0.0.1:9/v1" }],
];

const CALLS = {
  create: "rotateWebhookSigningSecret",
  rotate: "rotateWebhookSigningSecret",
  refresh: "getWebhookEndpoint",
} as const;
const TOLD = /may have changed[^]*receivers may be refusing deliveries now[^]*Apply again/;

const ONE_RETRY = { max_retries: 1, request_timeout: 1 };

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

/** A secret as the practitioner has it before the operation. */
async function begin(operation: Operation): Promise<SecretStory> {
  const story = await SecretStory.begin(simulator, ONE_RETRY);
  if (operation !== "create") await story.apply({ rotation_trigger: "1" });
  return story;
}

async function run(story: SecretStory, operation: Operation): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await (operation === "refresh"
    ? story.read()
    : story.attempt({ rotation_trigger: operation === "create" ? "1" : "2" }));
  return diagnostics;
}

/** True if the state holds the secret with which PolyAI signs now. */
const isTrue = (story: SecretStory): boolean => story.state["signing_secret"] === story.current();

/** Checks a run that met a fault, and the practitioner's next step. */
async function expectSound(
  story: SecretStory,
  operation: Operation,
  verdict: Verdict,
  diagnostics: readonly Diagnostic[],
  prior: ObjectValue | null,
): Promise<void> {
  const text = JSON.stringify(diagnostics);
  expect(text).not.toContain(simulator.apiKey);
  expect(text).not.toMatch(/whsec_\w{8}/);
  const told = diagnostics.some(({ detail }) => TOLD.test(detail));
  expect(told).toBe((verdict === "unclear" || verdict === "lost") && operation !== "refresh");
  const { state } = story.instance;
  if (operation === "refresh") {
    expect(diagnostics).not.toEqual([]);
    expect(isTrue(story) || state === null).toBe(true);
  } else {
    // Core keeps a creation that may have rotated, as tainted.
    if (operation === "create" && told) {
      expect(state).toMatchObject({ signing_secret: null, fingerprint: null, rotation_count: 0 });
      story.instance = NOTHING;
    } else {
      expect(state).toEqual(prior);
    }
    expect(summaries(diagnostics)).toEqual([
      `error: Could not rotate the signing secret of ${story.endpoint}`,
    ]);
    if (operation === "rotate" && !told) expect(isTrue(story)).toBe(true);
  }

  if (operation === "rotate") {
    // With the trigger put back, the next plan rotates if the secret may have changed, else never.
    const back = await story.plan({ rotation_trigger: "1" });
    expect(unknownNames(back).includes("signing_secret")).toBe(told);
    expect(summaries(back.diagnostics)).toEqual(
      told ? [`warning: An earlier rotation of ${story.endpoint} was not confirmed`] : [],
    );
  }
  const rotation_trigger = operation === "rotate" ? "2" : "1";
  const idle = isTrue(story) && operation === "refresh";
  const before = story.rotations();
  await story.apply({ rotation_trigger });
  expect(isTrue(story)).toBe(true);
  if (idle) expect(story.rotations()).toBe(before);
  expect((await story.plan({ rotation_trigger })).planned).toEqual(story.state);
}

async function meetsOnce(operation: Operation, verdict: Verdict, fault: Spoilt): Promise<void> {
  const story = await begin(operation);
  const { state: prior } = story.instance;
  const before = story.rotations();
  spoil(story, operation, { ...fault, times: 1 });
  const diagnostics = await run(story, operation);
  if (isFinal(verdict)) return expectFinal(story, operation, verdict, fault, diagnostics, prior);
  expect(diagnostics).toEqual([]);
  expect(isTrue(story)).toBe(true);
  if (operation === "refresh") expect(story.rotations()).toBe(before);
}

async function meetsAlways(operation: Operation, verdict: Verdict, fault: Spoilt): Promise<void> {
  const story = await begin(operation);
  const { state: prior } = story.instance;
  const before = story.rotations();
  const calls = callsFor(story, operation);
  const id = spoil(story, operation, fault);
  const diagnostics = await run(story, operation);
  simulator.clearFaults(id);
  expect(callsFor(story, operation) - calls).toBe(isFinal(verdict) ? 1 : 2);
  if (operation === "refresh") expect(story.rotations()).toBe(before);
  if (isFinal(verdict)) return expectFinal(story, operation, verdict, fault, diagnostics, prior);
  await expectSound(story, operation, verdict, diagnostics, prior);
}

const isFinal = (verdict: Verdict): boolean => verdict === "final" || verdict === "lost";

/** A 404 of a read is a deletion; whatever else is final is an error. */
async function expectFinal(
  story: SecretStory,
  operation: Operation,
  verdict: Verdict,
  fault: Spoilt,
  diagnostics: readonly Diagnostic[],
  prior: ObjectValue | null,
) {
  const gone = operation === "refresh" && fault.kind === "status" && fault.status === 404;
  expect(diagnostics.map(({ severity }) => severity)).toEqual([gone ? "warning" : "error"]);
  if (gone) expect(story.instance.state).toBeNull();
  await expectSound(story, operation, verdict, diagnostics, prior);
}

const callsFor = ({ endpoint }: SecretStory, operation: Operation): number =>
  simulator.requests.filter(
    (each) => each.resourceId === endpoint && each.operation === CALLS[operation],
  ).length;

const spoil = ({ endpoint }: SecretStory, operation: Operation, fault: Fault): string =>
  simulator.setFault({ ...fault, operation: CALLS[operation], resourceId: endpoint });

describe.each(FAULTS)("%s", (_, verdict, fault) => {
  const operations = (["create", "rotate", "refresh"] as const).filter(
    // An answer to a read has no secret that could be missing.
    (each) => each !== "refresh" || fault.kind !== "secret",
  );

  // All at once, each with an endpoint of its own: most of the time is waiting.
  it("in one request: the next attempt succeeds, unless it cannot", async () => {
    await Promise.all(operations.map((each) => meetsOnce(each, verdict, fault)));
  });

  it("in every request: the error says what may have happened, and the next apply heals", async () => {
    await Promise.all(operations.map((each) => meetsAlways(each, verdict, fault)));
  });
});

it("with nobody at the address, nothing was rotated, and the error says so", async () => {
  const gone = await startSimulator();
  await gone.close();
  for (const operation of ["create", "rotate", "refresh"] as const) {
    const story = await begin(operation);
    const { instance } = story;
    const before = story.rotations();
    await story.configure({ ...ONE_RETRY, base_url: gone.url });
    const diagnostics = await run(story, operation);
    await story.configure(ONE_RETRY);
    expect(story.rotations()).toBe(before);
    await expectSound(story, operation, "refused", diagnostics, instance.state);
  }
});
