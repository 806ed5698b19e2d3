/** What a provider cannot know, and so cannot mend. Each stands in docs/reliability.md too. */
import type { Owner } from "./owners.js";
import type { World } from "./world.js";

interface Limit {
  readonly reason: string;
  /** Whether the endpoint's last rotation is of this kind. */
  readonly applies: (last: {
    readonly world: World;
    readonly owner: Owner;
    readonly tooLate: boolean;
    readonly command: World["commands"][number];
  }) => boolean;
}

const LIMITS: readonly Limit[] = [
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
      "The plugin was killed within a destroy or a creation, of which core keeps nothing but what was there before.",
    applies: ({ command }) =>
      command.interrupted === "kill the plugin" &&
      command.planned.some(({ action }) => ["create", "replace", "delete"].includes(action)),
  },
  {
    reason: "A destroy with -target sees no other object of its endpoint.",
    applies: ({ command, owner }) =>
      (command.run?.targets.length ?? 0) > 0 &&
      !command.planned.some(({ address }) => address === owner.address) &&
      command.planned.some(
        ({ action, before }) =>
          action === "delete" &&
          before?.state["on_destroy"] === "invalidate" &&
          before.state["endpoint_id"] === owner.held.state["endpoint_id"],
      ),
  },
  {
    reason:
      "initial_secret cannot be checked: a creation adopts a value that an earlier run has replaced, after a warning.",
    applies: ({ world, owner, command }) =>
      owner.held.state["rotated_at"] === null &&
      world.commands
        .slice(command.index + 1)
        .some(({ diagnostics }) =>
          diagnostics.some(({ summary }) => /initial_secret is adopted/.test(summary)),
        ),
  },
];

export function limitOf(world: World, endpoint: string, owner: Owner): string | undefined {
  const last = world.network.lastRotation.get(endpoint);
  const command = world.commands[last?.command ?? -1];
  if (last === undefined || command === undefined) return undefined;
  const found = LIMITS.find(({ applies }) =>
    applies({ world, owner, tooLate: last.tooLate, command }),
  );
  return found?.reason;
}
