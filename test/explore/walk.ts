/** A step of core's graph. */
export interface Node {
  readonly name: string;
  /** Nodes that must have succeeded before. Names of no node count as done. */
  readonly needs: readonly string[];
  /** Gives whether it succeeded. */
  readonly run: () => Promise<boolean>;
}

/**
 * Runs a graph as core does: what does not depend on each other runs at the same time, and what
 * needs a node that failed is left out. Gives whether everything succeeded.
 *
 * @param order which of the nodes that are ready begins first
 * @param stopped true as soon as nothing may begin any more
 */
export async function walk(
  nodes: readonly Node[],
  order: readonly number[],
  stopped: () => boolean = () => false,
): Promise<boolean> {
  const runs = new Map<string, Promise<boolean>>();
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const run = (node: Node): Promise<boolean> => {
    const begun =
      runs.get(node.name) ??
      Promise.all(node.needs.map((name) => done(name))).then((needed) =>
        needed.every(Boolean) && !stopped() ? node.run() : false,
      );
    runs.set(node.name, begun);
    return begun;
  };
  const done = (name: string): Promise<boolean> => {
    const node = byName.get(name);
    return node === undefined ? Promise.resolve(true) : run(node);
  };
  const ends = await Promise.all(ordered(nodes, order).map(run));
  return ends.every(Boolean);
}

/** Takes them one by one: each number says how many of those that are left to pass over. */
function ordered<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  const left = [...items];
  return items.flatMap((_, at) => left.splice((order[at] ?? 0) % left.length, 1));
}
