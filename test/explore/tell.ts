/** A history as numbered steps that a person can follow. */
import type { Run, Step } from "./history.js";
import type { Fate } from "./network.js";

export const tell = (steps: readonly Step[]): string =>
  steps.map((step, index) => `${String(index + 1).padStart(3)}. ${sentence(step)}`).join("\n");

function sentence(step: Step): string {
  switch (step.do) {
    case "edit":
      return `${where(step)}: configure ${step.address} ${JSON.stringify(step.to)}`;
    case "drop":
      return `${where(step)}: take ${step.address} out of the configuration`;
    case "rename":
      return `${where(step)}: rename ${step.address} to ${step.to}, ${step.moved ? "with" : "without"} moved`;
    case "exchange endpoints":
      return `${where(step)}: let ${step.address} and ${step.with} exchange their endpoint_id`;
    case "taint":
    case "state rm":
      return `${where(step)}: terraform ${step.do} ${step.address}`;
    case "import":
      return `${where(step)}: terraform import ${step.address}, ${step.known ? "with" : "without"} the secret that is valid`;
    case "wait":
      return `wait ${step.days} days`;
    case "delete the endpoint":
      return `somebody deletes the endpoint ${step.endpoint}`;
    case "replace the API key":
      return "replace the account's API key";
    default:
      return `${where(step)}: ${[step.do, ...options(step.run)].join("\n       ")}`;
  }
}

const where = ({ workspace }: { readonly workspace: string }): string =>
  workspace === "default" ? "here" : "other state";

function* options(run: Run): Generator<string> {
  const flags = [
    ...(run.refresh ? [] : ["-refresh=false"]),
    ...run.targets.map((target) => `-target=${target}`),
    ...run.replace.map((address) => `-replace=${address}`),
  ];
  if (flags.length > 0) yield flags.join(" ");
  if (run.settings !== "right") yield `with the wrong settings: ${run.settings}`;
  if (run.retries !== 4) yield `max_retries = ${run.retries}`;
  yield* run.reads.flatMap((each, index) => fate(`request ${index + 1} that reads`, each));
  yield* run.writes.flatMap((each, index) => fate(`request ${index + 1} that writes`, each));
  if (run.readsLast) yield "reads what is not configured last, as Terraform 1.11 does";
  if (run.order.some((passed) => passed > 0))
    yield `turns that the nodes wait: ${run.order.join(" ")}`;
  if (run.pauses.some((turns) => turns > 0)) yield `turns before the RPCs: ${run.pauses.join(" ")}`;
  for (const address of run.dependentsFail) yield `what uses ${address} fails`;
  if (run.interrupt) yield `${run.interrupt.kind} after ${run.interrupt.after} events of the apply`;
}

const fate = (request: string, { wait, back, acts, answer }: Fate): readonly string[] =>
  wait === 0 && back === 0 && acts === "once" && answer === "plain"
    ? []
    : [
        `${request}: acts ${acts}, after ${wait} ms; ${back} ms later the answer: ${JSON.stringify(answer)}`,
      ];
