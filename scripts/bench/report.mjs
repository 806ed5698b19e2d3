import { appearancesOf } from "./appearances.mjs";
import { growthOf, providerCpu } from "./growth.mjs";
import { titleOf } from "./measure.mjs";
import { count, duration, fixed, mebibytes, table } from "./table.mjs";
import { OPERATIONS } from "./workspace.mjs";

const PRODUCTS = { terraform: "Terraform", tofu: "OpenTofu" };

/** What was measured on, in a sentence, with nothing that names the machine. */
export const setting = ({ machine, cli, node }) =>
  `${PRODUCTS[cli.product]} ${cli.version}, Node ${node}; ${machine.cores} cores, ${machine.memory}, ${machine.system}`;

const titlesOf = ({ contestants }) => new Map(contestants.map(({ id, title }) => [id, title]));

export function ratioTable(results, ratios) {
  const titles = titlesOf(results);
  return table(
    ["", "beside", "ours", "theirs", "ratio", "target"],
    ratios.map(({ what, contestant, against, ours, theirs, ratio, target }) => [
      `${titles.get(contestant)}: ${what}`,
      titles.get(against),
      duration(ours),
      duration(theirs),
      fixed(ratio, 2),
      target === undefined ? "" : `${target}${ratio > target ? " (missed)" : ""}`,
    ]),
  );
}

/** Contestants as columns: those that call the API once for each latency. */
const columnsOf = (results) =>
  appearancesOf(results).map(({ id, latency, title }) => ({
    id,
    latency,
    title: latency === null ? title : `${title}, ${latency} ms`,
  }));

const sizesOf = ({ jobs }) => jobs.map(({ size }) => size);

const find = (results, { id, latency }, size, operation) =>
  results.rows.find(
    (row) =>
      row.contestant === id &&
      row.latency === latency &&
      row.size === size &&
      row.operation === operation,
  );

export function startTable({ contestants, rows }) {
  const starts = contestants.flatMap(({ id, title }) => {
    const row = rows.find(
      ({ contestant, operation }) => contestant === id && operation === "start",
    );
    return row === undefined ? [] : [{ title, wall: row.wall }];
  });
  return table(
    ["", ...starts.map(({ title }) => title)],
    [["start to first schema", ...starts.map(({ wall }) => duration(wall))]],
  );
}

export function timeTable(results, size) {
  const columns = columnsOf(results);
  return table(
    ["", ...columns.map(({ title }) => title)],
    Object.keys(OPERATIONS).map((operation) => [
      titleOf(operation),
      ...columns.map((column) => duration(find(results, column, size, operation)?.wall)),
    ]),
  );
}

/** CPU for each resource, peak memory and API calls of the providers' processes. */
export function providerTable(results) {
  const columns = columnsOf(results).filter(({ id }) => id !== "floor");
  const many = sizesOf(results).filter((size) => size > 1);
  const cpu = many.flatMap((size) =>
    ["apply", "rotate"].map((operation) => [
      `CPU a resource, ${titleOf(operation)} of ${count(size)}`,
      ...columns.map(({ id, latency }) => {
        const each = providerCpu(results.rows, { contestant: id, latency, size, operation });
        return each === undefined ? "–" : `${fixed(each, 2)} ms`;
      }),
    ]),
  );
  const memory = sizesOf(results).map((size) => [
    `peak memory, ${count(size)}`,
    ...columns.map((column) => {
      const peaks = Object.keys(OPERATIONS).map(
        (operation) => find(results, column, size, operation)?.pluginPeak,
      );
      return mebibytes(peaks.includes(undefined) ? undefined : Math.max(...peaks));
    }),
  ]);
  const calls = many.slice(-1).flatMap((size) =>
    ["apply", "rotate"].map((operation) => [
      `API calls a resource, ${titleOf(operation)}`,
      ...columns.map((column) => {
        const total = find(results, column, size, operation)?.apiCalls;
        return total === undefined ? "–" : String(Math.round((total / size) * 100) / 100);
      }),
    ]),
  );
  return table(["", ...columns.map(({ title }) => title)], [...cpu, ...memory, ...calls]);
}

/** Where a resource gets dearer as they get more, and whose time that is; "" where none does. */
export function growthTable(results) {
  const grown = growthOf(results.rows, results.machine.cores);
  if (grown.length === 0) return "";
  const columns = columnsOf(results);
  const [small, middle, large] = grown[0].sizes.map(count);
  const change = (before, after) => `${fixed(before, 1)} → ${fixed(after, 1)}`;
  return table(
    [
      `ms a resource, ${small} to ${middle} → ${middle} to ${large}`,
      "wall",
      "core's CPU",
      "provider's CPU",
      "API's CPU",
      "rest",
      "core's part",
    ],
    grown.map(({ row, before, after, coreShare }) => {
      const { title } = columns.find(
        ({ id, latency }) => id === row.contestant && latency === row.latency,
      );
      return [
        `${title}: ${titleOf(row.operation)}`,
        ...["wall", "core", "plugin", "api", "idle"].map((name) =>
          change(before[name], after[name]),
        ),
        coreShare === undefined ? "–" : `${Math.round(coreShare * 100)} %`,
      ];
    }),
  );
}

/** All tables of a full run, for a terminal. */
export function resultTables(results) {
  return [
    startTable(results),
    ...sizesOf(results).map((size) => `${count(size)}:\n${timeTable(results, size)}`),
    providerTable(results),
    growthTable(results),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}
