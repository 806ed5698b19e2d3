/**
 * The limits: a provider cannot know these, and so cannot mend them. Each stands in
 * docs/reliability.md, by the first words of its entry there.
 */
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

interface Limit {
  /** The first words in docs/reliability.md. */
  readonly documented: string;
  readonly reason: string;
  readonly applies: (last: Last) => boolean;
}

const LIMITS: readonly Limit[] = [
  {
    documented: "PolyAI may finish a request whose connection is gone",
    reason: "The API acted on a request after the client had given it up, or once more unasked.",
    applies: ({ tooLate }) => tooLate,
  },
  {
    documented: "If Terraform is killed during a rotation",
    reason: "Terraform was killed: what its provider answered is in no state.",
    applies: ({ command }) => command.interrupted === "kill Terraform",
  },
  {
    documented: "If the provider is killed within a creation or a destroy",
    reason:
      "The plugin was killed within a destroy or a creation, of which core keeps only what was there before.",
    applies: ({ command, planned }) =>
      command.interrupted === "kill the plugin" &&
      planned.some(({ action }) => action !== "update"),
  },
  {
    documented:
      "A destroy with `-target` or `-refresh=false`, in another state or by another provider configuration",
    // Core starts a process for each provider configuration, and neither learns of the other's. A
    // tainted object is in no plan, and an object whose turn does not come learns nothing.
    reason:
      "A destroy with -target or -refresh=false sees no other object of its endpoint, and has warned of that.",
    applies: ({ command, owner, planned }) =>
      (warned(command) || warned(command.plannedBy)) &&
      planned.some(
        ({ address, action, before }) =>
          address !== owner.address &&
          (action === "delete" || action === "replace") &&
          before?.state["on_destroy"] === "invalidate" &&
          before.state["endpoint_id"] === owner.held.state["endpoint_id"] &&
          ((command.plannedBy.run?.targets.length ?? 0) > 0 ||
            (command.plannedBy.run?.refresh === false &&
              (before.tainted || command.interrupted !== undefined))),
      ) &&
      (command.interrupted !== undefined ||
        !planned.some(({ address }) => address === owner.address)),
  },
  {
    documented: "An older object of an endpoint whose newer one",
    reason:
      "The newer object of an endpoint was taken away where nothing marks the older one: by -target, out of the state, tainted and with -refresh=false, or by an apply that stopped before the older one's turn.",
    applies: ({ world, owner, command }) =>
      world.commands
        .slice(command.index)
        .flatMap((each) => takenFrom(each, owner))
        .some(
          ({ address, before }) =>
            address !== owner.address &&
            before?.state["endpoint_id"] === owner.held.state["endpoint_id"],
        ),
  },
  {
    documented: "`initial_secret` cannot be checked",
    reason:
      "initial_secret cannot be checked: a creation adopts a value that an earlier run has replaced, after a warning.",
    applies: ({ world, owner, command }) =>
      adoptsAsTainted(owner) ||
      (owner.held.state["rotated_at"] === null &&
        world.commands
          .slice(command.index + 1)
          .some(({ diagnostics }) =>
            diagnostics.some(({ summary }) => /^initial_secret(_wo)? is adopted/.test(summary)),
          )),
  },
];

/** The objects that a command takes away while nothing marks the older one. */
function takenFrom(
  { step, before, plannedBy, planned, interrupted }: Command,
  { address: older, held }: Owner,
): readonly Taken[] {
  if (step.do === "state rm") {
    return [{ address: step.address, before: before.get(step.address)?.current }];
  }
  const { targets = [], refresh = true } = plannedBy.run ?? {};
  // Of an object that is read first, or not at all, only its own turn in the apply is sure to come
  // after the newer one's. The two cannot wait for each other: either may depend on the other.
  const ends = planned.some(({ address, action }) => address === older && action === "delete");
  const stopped = interrupted !== undefined && (!refresh || ends);
  return planned.filter(
    ({ action, before: newer }) =>
      (action === "delete" || action === "replace") &&
      (targets.length > 0 ||
        stopped ||
        // A tainted object that is not read is in no plan.
        (!refresh &&
          newer?.tainted === true &&
          newer.state["fingerprint"] !== held.state["fingerprint"])),
  );
}

type Taken = Pick<Change, "address" | "before">;

const warned = ({ diagnostics }: Command): boolean =>
  diagnostics.some(({ summary }) => summary.startsWith("Destroying it rotates the secret of"));

/** With -refresh=false, nothing tells the plan of a creation of the object that it replaces. */
function adoptsAsTainted({ place, address, held }: Owner): boolean {
  const configured = place.configuration.get(address);
  return held.tainted && configured?.type === "polyai_webhook_secret" && configured.initial;
}

/**
 * The entries of docs/reliability.md, of which no history plays the last two. The first of the
 * others lasts, though a plan does not pass unanswered: nothing tells the provider that core plans a
 * creation again during apply, so that one asks for the endpoint, too, and may be refused then.
 */
export const DOCUMENTED: readonly string[] = [
  ...LIMITS.map(({ documented }) => documented),
  "If another API key applies a `create_before_destroy` replacement",
  "A saved plan that is applied after `rotate_after_days` fell due",
  "A state restored from a backup",
  "A saved plan holds the prior secret",
];

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
