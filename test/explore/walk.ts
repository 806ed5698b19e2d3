/** A step of core's graph. */
export interface Node {
  readonly name: string;
  /** Nodes that must have succeeded before. Names of no node count as done. */
  readonly needs: readonly string[];
  /** Gives whether it succeeded. */
  readonly run: () => Promise<boolean>;
}

/** Longer than a node takes that meets no fault. */
export const TURN_MS = 10;

/**
 * Runs a graph as core does: what does not depend on each other runs at the same time, and what
 * needs a node that failed is left out. Gives whether everything succeeded.
 *
 * @param order says of each node how long it waits, once it is ready
 * @param sleep takes milliseconds of virtual time
 * @param stopped true as soon as nothing may begin any more
 */
export async function walk(
  nodes: readonly Node[],
  order: readonly number[],
  sleep: (milliseconds: number) => Promise<void>,
  stopped: () => boolean = () => false,
): Promise<boolean> {
  const runs = new Map<string, Promise<boolean>>();
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const run = (node: Node): Promise<boolean> => {
    const begun =
      runs.get(node.name) ??
      Promise.all(node.needs.map((name) => done(name))).then(async (needed) => {
        const turns = order[nodes.indexOf(node)] ?? 0;
        if (turns > 0) await sleep(turns * TURN_MS);
        return needed.every(Boolean) && !stopped() ? node.run() : false;
      });
    runs.set(node.name, begun);
    return begun;
  };
  const done = (name: string): Promise<boolean> => {
    const node = byName.get(name);
    return node === undefined ? Promise.resolve(true) : run(node);
  };
  const ends = await Promise.all(nodes.map(run));
  return ends.every(Boolean);
}
