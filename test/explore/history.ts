import type { Fate } from "./network.js";
import type { SecretConfig } from "./state.js";

/** The address and account of a run: the account of the history, or of one without its endpoints. */
export type Settings = "right" | "other key" | "other region" | "path too much";

export type Workspace = "default" | "other";

/** How one command of Terraform runs. */
export interface Run {
  /** False: -refresh=false */
  readonly refresh: boolean;
  /** -target, by address. */
  readonly targets: readonly string[];
  /** -replace */
  readonly replace: readonly string[];
  readonly settings: Settings;
  /** The provider's max_retries. */
  readonly retries: number;
  /** The fates of its requests that read, and of those that write; clean after the last. */
  readonly reads: readonly Fate[];
  readonly writes: readonly Fate[];
  /**
   * True for versions of core, such as 1.11, that read an object which is not configured any more
   * only after its destroy is planned.
   */
  readonly readsLast: boolean;
  /** By node, in the plan and in the apply: how many turns it waits, once it is ready. */
  readonly order: readonly number[];
  /** RPC by RPC, of each provider process: how many turns core waits before it calls. */
  readonly pauses: readonly number[];
  /** Addresses whose dependents fail. */
  readonly dependentsFail: readonly string[];
  /** Meets the apply after so many events. */
  readonly interrupt?: { readonly kind: Interrupt; readonly after: number };
}

export type Interrupt = "Ctrl-C" | "kill the plugin" | "kill Terraform";

type At = { readonly workspace: Workspace; readonly address: string };

export type Step =
  /** Changes the configuration; an address that is not there yet is added. */
  | ({ readonly do: "edit"; readonly to: Partial<Omit<SecretConfig, "type">> } & At)
  | ({ readonly do: "drop" } & At)
  | ({ readonly do: "rename"; readonly to: string; readonly moved: boolean } & At)
  | ({ readonly do: "exchange endpoints"; readonly with: string } & At)
  | {
      readonly do:
        "apply" | "plan" | "save a plan" | "apply the saved plan" | "refresh" | "destroy";
      readonly workspace: Workspace;
      readonly run: Run;
    }
  | ({ readonly do: "taint" | "state rm" } & At)
  /** @param known with the secret that is valid, in POLYAI_SIGNING_SECRET */
  | ({ readonly do: "import"; readonly known: boolean } & At)
  | { readonly do: "wait"; readonly days: number }
  /** Somebody else deletes an endpoint: `E1`, `E2`, or the one that `e` has made. */
  | { readonly do: "delete the endpoint"; readonly endpoint: string }
  /** The account gets a new API key, and the old one ends. */
  | { readonly do: "replace the API key" };

export interface History {
  /** True if `e`, a polyai_webhook_endpoint, is configured beside the secrets. */
  readonly endpoint: boolean;
  readonly steps: readonly Step[];
}

export const RUN: Run = {
  refresh: true,
  targets: [],
  replace: [],
  settings: "right",
  retries: 4,
  reads: [],
  writes: [],
  readsLast: false,
  order: [],
  pauses: [],
  dependentsFail: [],
};

/** The same history, all of whose commands run with these options. */
export const withRuns = ({ steps, ...rest }: History, options: Partial<Run>): History => ({
  ...rest,
  steps: steps.map((step) =>
    "run" in step ? { ...step, run: { ...step.run, ...options } } : step,
  ),
});
