// The ratios that are promised: this provider's median over another's, in one run.
const ROTATION = { node: 1.8, executable: 1.3 };
const RATIOS = [
  {
    what: "start to first schema",
    operation: "start",
    against: "go",
    targets: { node: 1.6, executable: 0.9 },
  },
  { what: "start to first schema", operation: "start", against: "go-floor" },
  {
    what: "apply of one",
    operation: "apply",
    size: 1,
    against: "go",
    targets: { node: 1.4, executable: 1 },
  },
  { what: "apply of one", operation: "apply", size: 1, against: "go-floor" },
  ...[100, 1000].flatMap((size) => [
    { what: `rotation of ${size}`, operation: "rotate", size, against: "floor", targets: ROTATION },
    { what: `rotation of ${size}`, operation: "rotate", size, against: "go" },
    { what: `rotation of ${size}`, operation: "rotate", size, against: "go-floor" },
  ]),
];

/**
 * The ratios that the rows of a run give, at the API's least latency.
 *
 * @returns {{ what: string, contestant: string, against: string, ours: number, theirs: number,
 *   ratio: number, target: number | undefined }[]} milliseconds
 */
export function ratiosOf(rows) {
  const least = Math.min(...rows.map(({ latency }) => latency ?? Infinity));
  const wall = (id, { operation, size }) =>
    rows.find(
      (row) =>
        row.contestant === id &&
        row.operation === operation &&
        row.size === size &&
        (row.latency ?? least) === least,
    )?.wall;
  return RATIOS.flatMap((ratio) =>
    ["node", "executable"].flatMap((contestant) => {
      const [ours, theirs] = [wall(contestant, ratio), wall(ratio.against, ratio)];
      if (ours === undefined || theirs === undefined) return [];
      const { what, against, targets } = ratio;
      return {
        what,
        contestant,
        against,
        ours,
        theirs,
        ratio: ours / theirs,
        target: targets?.[contestant],
      };
    }),
  );
}

/** The ratios that are over their target. */
export const overTarget = (ratios) =>
  ratios.filter(({ ratio, target }) => target !== undefined && ratio > target);
