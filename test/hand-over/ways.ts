/** The ways in which a secret reaches a receiver, and the faults that a hand-over meets. */
import type { Fault } from "../../src/simulator/index.js";
import { ALICE, encryptTo } from "../support/age.js";

/** Outputs of the CLI, and variables of an environment. */
export type Outputs = Readonly<Record<string, string | undefined>>;

export interface Way {
  readonly title: string;
  /** The receiver's source, in receiver.mjs. */
  readonly source: string;
  /** HCL beside the secret, and the secret's own arguments. */
  readonly hcl: string;
  readonly args?: string;
  /** The receiver's environment by the outputs: it is restarted after each apply. */
  readonly environment?: (outputs: Outputs) => Outputs;
  /** The output that the deployment writes to the receiver's file after each apply. */
  readonly fileOutput?: string;
  /** Kubernetes brings a changed Secret to the pods' folder about once a minute. */
  readonly isMounted?: boolean;
  /** Status of a receiver that refuses for good. */
  readonly refusal?: number;
}

const output = (name: string): string => `
output "${name}" {
  value     = polyai_webhook_secret.alerts.${name}
  sensitive = true
}
`;

/** A place outside of Terraform, by a provider for tests, that is written as the secret changes. */
const sink = (secret: string): string => `
resource "sink_secret" "alerts" {
  name              = "alerts"
  secret_wo         = ${secret}
  secret_wo_version = polyai_webhook_secret.alerts.rotation_count
}
`;

const BOTH = `jsonencode({
    POLYAI_SECRET          = polyai_webhook_secret.alerts.signing_secret
    POLYAI_PREVIOUS_SECRET = polyai_webhook_secret.alerts.previous_signing_secret
  })`;

const OUTPUTS: Way = {
  title: "output, environment and restart",
  source: "environment",
  hcl: output("signing_secret") + output("previous_signing_secret"),
  environment: ({ signing_secret, previous_signing_secret }) => ({
    POLYAI_SECRET: signing_secret,
    POLYAI_PREVIOUS_SECRET: previous_signing_secret,
  }),
};

export const WAYS: readonly Way[] = [
  OUTPUTS,
  { title: "Kubernetes Secret, mounted", source: "mounted", hcl: sink(BOTH), isMounted: true },
  { title: "secret store, 30 s cache", source: "store", hcl: sink(BOTH) },
  {
    title: "ciphertext, opened by age",
    source: "ciphertext",
    hcl: output("encrypted_signing_secret"),
    args: encryptTo(ALICE),
    fileOutput: "encrypted_signing_secret",
  },
  {
    title: "write-only argument",
    source: "file",
    hcl: `
ephemeral "polyai_webhook_secret" "alerts" {
  encrypted_signing_secret = polyai_webhook_secret.alerts.encrypted_signing_secret
  identity                 = "${ALICE.identity}"
}
${sink("ephemeral.polyai_webhook_secret.alerts.signing_secret")}`,
    args: encryptTo(ALICE),
  },
];

/** Shows that the bench sees a loss. */
export const REFUSED_FOR_GOOD: Way = {
  ...OUTPUTS,
  title: "the first way, with 401 for 503",
  refusal: 401,
};

export interface HandOverFault {
  readonly title: string;
  readonly api?: Fault;
  /** Kills the CLI once PolyAI has rotated. The pipeline's next run is two minutes later. */
  readonly kills?: boolean;
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
