// What is more than this much dearer for each resource grows more than linearly; less is noise.
const MORE = 1.15;

/** What a resource costs between two sizes: the difference of two rows, for each resource. */
function perResource(small, large, cores) {
  const of = (name) => (large[name] - small[name]) / (large.size - small.size);
  const [wall, core, plugin, api] = ["wall", "coreCpu", "pluginCpu", "simulatorCpu"].map(of);
  return { wall, core, plugin, api, idle: cores * wall - core - plugin - api };
}

/**
 * Where a resource is dearer between the two largest sizes than between the two before: its cost in
 * milliseconds then and now: wall time; CPU of the CLI's process (core), of its plugins and of the
 * simulated API; and the time of all cores that none of these took (idle).
 *
 * @returns {{ row: object, sizes: number[], before: object, after: object, factor: number,
 *   coreShare: number | undefined }[]} coreShare: core's part of the CPU time that came on top
 */
export function growthOf(rows, cores) {
  const sizes = [...new Set(rows.map(({ size }) => size))].filter(Boolean).sort((a, b) => a - b);
  if (sizes.length < 3) return [];
  const [small, middle, large] = sizes.slice(-3);
  return rows
    .filter(({ size }) => size === large)
    .map((row) => {
      const at = (size) =>
        rows.find(
          (other) =>
            other.size === size &&
            ["contestant", "latency", "operation"].every((name) => other[name] === row[name]),
        );
      const before = perResource(at(small), at(middle), cores);
      const after = perResource(at(middle), row, cores);
      const more = (name) => Math.max(0, after[name] - before[name]);
      const cpu = more("core") + more("plugin") + more("api");
      return {
        row,
        sizes: [small, middle, large],
        before,
        after,
        factor: after.wall / before.wall,
        coreShare: cpu > 0 ? more("core") / cpu : undefined,
      };
    })
    .filter(({ factor }) => factor > MORE);
}

/**
 * CPU of the provider's processes for each resource, in milliseconds, plan and apply together: what
 * an apply takes beyond the apply of one, over the number of resources beyond one. Undefined where
 * it is not known.
 */
export function providerCpu(rows, { contestant, latency, size, operation }) {
  const at = (wanted) =>
    rows.find(
      (row) =>
        row.contestant === contestant &&
        row.latency === latency &&
        row.operation === operation &&
        row.size === wanted,
    )?.pluginCpu;
  const [one, many] = [at(1), at(size)];
  return one === undefined || many === undefined ? undefined : (many - one) / (size - 1);
}
