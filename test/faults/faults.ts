import type { Fault, FaultKind } from "../../src/simulator/index.js";

export type Operation = "create" | "rotate" | "refresh";

/** How long a fault lasts: it spoils one request, or every one until the person looks into it. */
export type Span = "once" | "lasting";

/** How a fault is brought about. */
export type Injection =
  | { readonly by: "simulator"; readonly fault: FaultKind & Pick<Fault, "afterActing"> }
  /** A redirect to another server, which notes whatever reaches it. */
  | { readonly by: "redirect" }
  /** The provider is told to ask there. */
  | { readonly by: "address"; readonly address: Address };

/** Nothing listens; a server whose certificate nobody vouches for; a host name that nobody has. */
export type Address = "closed port" | "wrong certificate" | "unknown host";

export interface FaultUnderTest {
  readonly name: string;
  readonly injection: Injection;
  /** Whether it may pass by itself, so that trying again is right. */
  readonly passing: boolean;
  /** Whether a rotation may have happened whose secret did not arrive. */
  readonly ambiguous: boolean;
  /** What it can meet; every operation where not given. */
  readonly operations?: readonly Operation[];
}

const status = (code: number): Pick<FaultUnderTest, "name" | "injection"> => ({
  name: String(code),
  injection: { by: "simulator", fault: { kind: "status", status: code } },
});

const spoilt = (
  name: string,
  fault: FaultKind & Pick<Fault, "afterActing">,
  operations?: readonly Operation[],
): FaultUnderTest => ({
  name,
  injection: { by: "simulator", fault },
  passing: true,
  ambiguous: true,
  ...(operations === undefined ? {} : { operations }),
});

const refused = { passing: true, ambiguous: false };
const unclear = { passing: true, ambiguous: true };
const final = { passing: false, ambiguous: false };
const WITH_SECRET: readonly Operation[] = ["create", "rotate"];

/** Everything that can go wrong, in the order of the table. */
export const FAULTS: readonly FaultUnderTest[] = [
  {
    name: "429, Retry-After in seconds",
    injection: { by: "simulator", fault: { kind: "status", status: 429, retryAfter: 1 } },
    ...refused,
  },
  {
    name: "429, Retry-After as a date",
    injection: {
      by: "simulator",
      fault: { kind: "status", status: 429, retryAfter: 1, retryAfterAs: "date" },
    },
    ...refused,
  },
  { ...status(408), ...refused },
  {
    name: "503, Retry-After in seconds",
    injection: { by: "simulator", fault: { kind: "status", status: 503, retryAfter: 1 } },
    ...refused,
  },
  { ...status(503), ...unclear },
  { ...status(500), ...unclear },
  { ...status(502), ...unclear },
  { ...status(504), ...unclear },
  spoilt("500 after acting", { kind: "status", status: 500, afterActing: true }, WITH_SECRET),
  spoilt("504 after acting", { kind: "status", status: 504, afterActing: true }, WITH_SECRET),
  spoilt("the answer too late", { kind: "slow", delayMs: 4000, afterActing: true }),
  spoilt("no answer, ever", { kind: "hang" }),
  spoilt("no answer, ever, after acting", { kind: "hang", afterActing: true }, WITH_SECRET),
  spoilt("connection cut before acting", { kind: "cut" }),
  spoilt("connection cut after acting", { kind: "cut", afterActing: true }, WITH_SECRET),
  spoilt("connection reset before acting", { kind: "reset" }),
  spoilt("connection reset after acting", { kind: "reset", afterActing: true }, WITH_SECRET),
  spoilt("200 with a web page", { kind: "html" }),
  spoilt("502 with a web page", { kind: "html", status: 502 }),
  spoilt("200 with no body", { kind: "empty" }),
  spoilt("200 with half of the JSON", { kind: "truncated" }),
  spoilt("200, cut within the body", { kind: "cutBody" }),
  spoilt("200 without a secret", { kind: "noSecret" }, WITH_SECRET),
  spoilt("200 with an empty secret", { kind: "secret", value: "" }, WITH_SECRET),
  spoilt("200 with a number for a secret", { kind: "secret", value: 7 }, WITH_SECRET),
  spoilt("200 with 10 MiB of body", { kind: "huge" }),
  spoilt("200 with a body without end", { kind: "endless" }),
  spoilt("200, a byte every 0.1 s", { kind: "drip" }),
  { name: "307 to another host", injection: { by: "redirect" }, ...final },
  { ...status(401), ...final },
  { ...status(404), ...final },
  { ...status(422), ...final },
  { name: "API down", injection: { by: "address", address: "closed port" }, ...refused },
  { name: "host not known", injection: { by: "address", address: "unknown host" }, ...refused },
  {
    name: "certificate not verified",
    injection: { by: "address", address: "wrong certificate" },
    ...final,
  },
];

/** One row of the matrix, before it is run. */
export interface FaultCase {
  readonly operation: Operation;
  readonly fault: FaultUnderTest;
  readonly span: Span;
}

const OPERATIONS: readonly Operation[] = ["create", "rotate", "refresh"];

/** The whole matrix, for one CLI. */
export const CASES: readonly FaultCase[] = OPERATIONS.flatMap((operation) =>
  FAULTS.filter(({ operations = OPERATIONS }) => operations.includes(operation)).flatMap((fault) =>
    spansOf(fault).map((span) => ({ operation, fault, span })),
  ),
);

/** Where the provider asks at the wrong place, it does so at each request. */
function spansOf({ injection }: FaultUnderTest): readonly Span[] {
  return injection.by === "address" ? ["lasting"] : ["once", "lasting"];
}

export const titleOf = ({ operation, fault, span }: FaultCase): string =>
  `${operation}: ${fault.name}, ${span}`;
