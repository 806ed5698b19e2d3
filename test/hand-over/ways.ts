/** The ways in which a secret reaches a receiver, and the faults that a hand-over meets. */
import type { Fault } from "../../src/simulator/index.js";
import { ALICE, encryptTo } from "../support/age.js";

export interface Way {
  readonly title: string;
  /** The receiver's source, in receiver.mjs. */
  readonly source: "environment" | "mounted" | "cached" | "ciphertext" | "file";
  /** Arguments of the secret. */
  readonly args?: string;
  /** HCL beside the secret. */
  readonly hcl: string;
  /** The status of a receiver that refuses for good. */
  readonly refusal?: number;
}

const output = (name: string): string => `
output "${name}" {
  value     = polyai_webhook_secret.alerts.${name}
  sensitive = true
}
`;

/** A place outside of Terraform, by a provider for tests, that is written as the secret changes. */
const sink = (secret: string, previous: string): string => `
resource "sink_secret" "alerts" {
  name              = "alerts"
  secret_wo         = jsonencode({ POLYAI_SECRET = ${secret}, POLYAI_PREVIOUS_SECRET = ${previous} })
  secret_wo_version = polyai_webhook_secret.alerts.signing_secret_version
}
`;
const BOTH = sink(
  "polyai_webhook_secret.alerts.signing_secret",
  "polyai_webhook_secret.alerts.previous_signing_secret",
);

export const OUTPUTS: Way = {
  title: "output, environment, restart",
  source: "environment",
  hcl: output("signing_secret") + output("previous_signing_secret"),
};

export const WAYS: readonly Way[] = [
  OUTPUTS,
  { title: "Kubernetes Secret, mounted", source: "mounted", hcl: BOTH },
  { title: "secret store, 30 s cache", source: "cached", hcl: BOTH },
  {
    title: "ciphertext, opened by age",
    source: "ciphertext",
    args: encryptTo(ALICE),
    hcl: output("encrypted_signing_secret"),
  },
  {
    title: "write-only argument",
    source: "file",
    args: encryptTo(ALICE),
    hcl: `
ephemeral "polyai_webhook_secret" "alerts" {
  encrypted_signing_secret = polyai_webhook_secret.alerts.encrypted_signing_secret
  identity                 = "${ALICE.identity}"
}
${sink("ephemeral.polyai_webhook_secret.alerts.signing_secret", "null")}`,
  },
];

/** Shows that the bench sees a loss. */
export const REFUSED_FOR_GOOD: Way = {
  ...OUTPUTS,
  title: "the first, with 401 for 503",
  refusal: 401,
};

export interface HandOverFault {
  readonly title: string;
  readonly api?: Fault;
  /** Kills the CLI once PolyAI has rotated. */
  readonly kills?: boolean;
  /** Restarts the receiver, which is not there for so long. */
  readonly restartMs?: number;
}

const operation = "rotateWebhookSigningSecret";

export const NO_FAULT: HandOverFault = { title: "no fault" };

export const FAULTS: readonly HandOverFault[] = [
  NO_FAULT,
  { title: "lost answer", api: { kind: "cut", operation, afterActing: true, times: 1 } },
  { title: "429", api: { kind: "status", status: 429, retryAfter: 1, operation, times: 1 } },
  {
    title: "killed CLI",
    api: { kind: "slow", delayMs: 60_000, operation, afterActing: true, times: 1 },
    kills: true,
  },
  { title: "slow restart", restartMs: 90_000 },
];
