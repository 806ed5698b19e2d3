/** The limits: a provider cannot know these, and so cannot mend them. Each stands in docs/reliability.md too. */
import type { Step } from "./history.js";
import type { Owner } from "./owners.js";
import type { Change } from "./plan-walk.js";
import type { Command, World } from "./world.js";

/** How an endpoint's secret changed last. */
interface Last {
  readonly world: World;
  readonly owner: Owner;
  /** The API acted when nobody waited for it any more. */
  readonly tooLate: boolean;
  readonly command: Command;
  /** The command's changes of resources of this endpoint. */
  readonly planned: readonly Change[];
}

const LIMITS: readonly { readonly reason: string; readonly applies: (last: Last) => boolean }[] = [
  {
    reason: "The API acted on a request after the client had given it up, or once more unasked.",
    applies: ({ tooLate }) => tooLate,
  },
  {
    reason: "Terraform was killed: what its provider answered is in no state.",
    applies: ({ command }) => command.interrupted === "kill Terraform",
  },
  {
    reason:
      "The plugin was killed within a destroy or a creation, of which core keeps only what was there before.",
    applies: ({ command, planned }) =>
      command.interrupted === "kill the plugin" &&
      planned.some(({ action }) => action !== "update"),
  },
  {
    reason: "A destroy with -target sees no other object of its endpoint.",
    applies: ({ command, owner, planned }) =>
      (command.run?.targets.length ?? 0) > 0 &&
      !planned.some(({ address }) => address === owner.address) &&
      planned.some(
        ({ action, before }) => action === "delete" && before?.state["on_destroy"] === "invalidate",
      ),
  },
  {
    reason:
      "initial_secret cannot be checked: a creation adopts a value that an earlier run has replaced, after a warning.",
    applies: ({ world, owner, command }) =>
      adoptsAsTainted(owner) ||
      (owner.held.state["rotated_at"] === null &&
        world.commands
          .slice(command.index + 1)
          .some(({ diagnostics }) =>
            diagnostics.some(({ summary }) => summary.includes("initial_secret is adopted")),
          )),
  },
];

/** With -refresh=false, nothing tells the plan of a creation of the object that it replaces. */
function adoptsAsTainted({ place, address, held }: Owner): boolean {
  const configured = place.configuration.get(address);
  return held.tainted && configured?.type === "polyai_webhook_secret" && configured.initial;
}

/** A plan may wait for days. */
export const FELL_DUE =
  "A saved plan is applied after the secret fell due: core plans again, does not say so, and refuses a rotation that it had not announced.";

export const ofSavedPlan = (step: Step, complaint: string): boolean =>
  step.do === "apply the saved plan" && complaint.includes("inconsistent final plan");

export function limitOf(world: World, endpoint: string, owner: Owner): string | undefined {
  const last = world.network.lastRotation.get(endpoint);
  const command = world.commands[last?.command ?? -1];
  if (last === undefined || command === undefined) return undefined;
  const planned = command.planned.filter(({ action, before, plan }) =>
    action === "none"
      ? false
      : [before?.state, plan.planned].some((each) => each?.["endpoint_id"] === endpoint),
  );
  const found = LIMITS.find(({ applies }) =>
    applies({ world, owner, tooLate: last.tooLate, command, planned }),
  );
  return found?.reason;
}
