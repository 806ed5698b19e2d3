/**
 * Everything that can go wrong between the provider and PolyAI while a secret rotates, and what a
 * practitioner is left with: a state that is true, or an error that says it may not be, and a next
 * apply that heals.
 */
import type { Fault, FaultKind } from "../../src/simulator/index.js";
import { located, summaries, unknownNames } from "../support/provider.js";
import { expectLive, simulator, spoilRotation, story } from "./secret-story.js";

/** If it is tried again, and if the secret may have been rotated. */
const VERDICTS = {
  refused: { retried: true, unclear: false },
  unclear: { retried: true, unclear: true },
  final: { retried: false, unclear: false },
  lost: { retried: false, unclear: true },
};
type Spoilt = FaultKind & Pick<Fault, "afterActing">;

const status = (code: number, more: Partial<Fault> = {}): Spoilt =>
  ({ kind: "status", status: code, ...more }) as Spoilt;

/** A few statuses of each verdict: the tests of the client have them all. */
const FAULTS: readonly (readonly [string, keyof typeof VERDICTS, Spoilt])[] = [
  ["429, Retry-After in seconds", "refused", status(429, { retryAfter: 1 })],
  ["500 after acting", "unclear", status(500, { afterActing: true })],
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
  ["404", "final", status(404)],
  ["422", "final", status(422)],
  ["409", "lost", status(409)],
  ["a redirect to nobody", "lost", { kind: "redirect", location: "http://127.0.0.1:9/v1" }],
];
const TOLD = /may have changed[^]*receivers may be refusing deliveries now[^]*Apply again/;

beforeEach(() => story.configure({ max_retries: 1, request_timeout: 1 }));

/** Applies a change of the trigger, which meets a fault; counts the requests that it takes. */
async function rotateInto(fault: Fault) {
  const prior = await story.apply({ rotation_trigger: "1" });
  simulator.clearRequests();
  spoilRotation(fault);
  const failed = await story.attempt({ rotation_trigger: "2" });
  simulator.clearFaults();
  return { ...failed, prior, asked: simulator.requests.length };
}

describe.each(FAULTS)("%s", (_, verdict, fault) => {
  const { retried, unclear } = VERDICTS[verdict];

  if (retried) {
    it("in one request: the next attempt succeeds", async () => {
      const { diagnostics, asked } = await rotateInto({ ...fault, times: 1 });
      expect([diagnostics, asked]).toEqual([[], 2]);
      expectLive();
    });
  }

  it("in every request: the error says what may have happened, and the next apply heals", async () => {
    const { prior, diagnostics, asked, state } = await rotateInto(fault);
    expect(asked).toBe(retried ? 2 : 1);
    expect(state).toEqual(prior);
    expect(located(diagnostics)).toEqual([
      `error at endpoint_id: Could not rotate the signing secret of ${story.endpoint}`,
    ]);
    expect(TOLD.test(diagnostics[0]?.detail ?? "")).toBe(unclear);
    expect(JSON.stringify(diagnostics)).not.toMatch(/whsec_\w{8}/);
    if (!unclear) expectLive();

    // With the trigger put back, the next plan rotates if the secret may have changed, else never.
    const back = await story.plan({ rotation_trigger: "1" });
    expect(unknownNames(back).includes("signing_secret")).toBe(unclear);
    expect(summaries(back.diagnostics)).toEqual(
      unclear ? [`warning: An earlier rotation of ${story.endpoint} was not confirmed`] : [],
    );
    const rotation_reason = unclear ? "rotation not confirmed" : "created";
    expect(await story.applyPlan(back)).toMatchObject({ rotation_reason });
    expectLive();
    await story.apply({ rotation_trigger: "2" });
    expectLive();
  });
});

it("a creation that may have rotated is in the state, without a secret", async () => {
  spoilRotation({ kind: "empty" });
  const { state, diagnostics } = await story.attempt();
  expect(diagnostics[0]?.detail).toMatch(TOLD);
  expect(state).toMatchObject({ signing_secret: null, fingerprint: null, rotation_count: 0 });
});

it("a creation that was plainly refused is in no state", async () => {
  spoilRotation({ kind: "status", status: 401 });
  const { state, diagnostics } = await story.attempt();
  expect([state, summaries(diagnostics)]).toEqual([
    null,
    [`error: Could not rotate the signing secret of ${story.endpoint}`],
  ]);
});
