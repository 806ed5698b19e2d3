import { appearancesOf } from "./appearances.mjs";
import { titleOf } from "./measure.mjs";
import { count } from "./table.mjs";
import { OPERATIONS } from "./workspace.mjs";

const WIDTH = 860;
const LEFT = 130;
const RIGHT = 24;
const LANE = 6;
const LEGEND_COLUMNS = 3;
const LEGEND_LINE = 20;

// A shape and a colour for each: the shape for those who do not tell the colours apart. Colours are
// dark on light paper, and light on dark.
const MARKS = {
  node: { light: "#2563a8", dark: "#7db4f0", path: "M-4,0 a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0 Z" },
  executable: { light: "#b4430f", dark: "#f5a06a", path: "M-4,-4 H4 V4 H-4 Z" },
  go: { light: "#17734a", dark: "#6fd3a4", path: "M0,-5 L5,4 H-5 Z" },
  "go-floor": { light: "#7a3aa0", dark: "#cf9bee", path: "M0,-5 L5,0 L0,5 L-5,0 Z" },
  floor: { light: "#5c6066", dark: "#b3b8bf", path: "M0,5 L-5,-4 H5 Z" },
};

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 13px }
  .small { font-size: 11px; fill: #57606a }
  .paper { fill: #ffffff }
  .grid { stroke: #d8dee4 }
  .minor { stroke: #eef1f4 }
  ${Object.entries(MARKS)
    .map(([id, { light }]) => `.${id} { stroke: ${light}; fill: ${light} }`)
    .join(" ")}
  .slow { fill: #ffffff; stroke-width: 1.6 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9aa4af }
    .paper { fill: #0d1117 }
    .grid { stroke: #3d444d }
    .minor { stroke: #1c2128 }
    ${Object.entries(MARKS)
      .map(([id, { dark }]) => `.${id} { stroke: ${dark}; fill: ${dark} }`)
      .join(" ")}
    .slow { fill: #0d1117 }
  }`;

/**
 * An SVG picture of a run: a panel for each size, a row for each operation, and a mark for each
 * contestant on a logarithmic axis of time.
 */
export function chart(results) {
  const entrants = entrantsOf(results);
  const rows = results.rows.filter(({ size, wall }) => size !== undefined && wall > 0);
  const x = logarithmic(rows.map(({ wall }) => wall));
  const legend = 34 + Math.ceil(entrants.length / LEGEND_COLUMNS) * LEGEND_LINE;
  const rowHeight = (entrants.length + 1) * LANE;
  const panelHeight = Object.keys(OPERATIONS).length * rowHeight;
  const panels = results.jobs.map(({ size }, index) => {
    const top = legend + 34 + index * (panelHeight + 62);
    return panel({ size, top, rowHeight, panelHeight, x, entrants, rows });
  });
  const height = legend + results.jobs.length * (panelHeight + 62) + 6;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t">
<title id="t">Wall time of each operation, by number of resources and provider</title>
<style>${STYLE}
</style>
<rect class="paper" width="${WIDTH}" height="${height}"/>
${text(16, 22, "Wall time of a command: median, on a logarithmic axis", "title")}
${entrants.map(legendEntry).join("\n")}
${panels.join("\n")}
</svg>
`;
}

const entrantsOf = (results) =>
  appearancesOf(results).map(({ id, latency, title, first }) => ({
    id,
    latency,
    // The second latency of a contestant is drawn hollow.
    hollow: !first,
    title: latency === null ? title : `${title}, API calls take ${latency} ms`,
  }));

function legendEntry({ title, ...entrant }, index) {
  const x = 24 + (index % LEGEND_COLUMNS) * ((WIDTH - 24) / LEGEND_COLUMNS);
  const y = 46 + Math.floor(index / LEGEND_COLUMNS) * LEGEND_LINE;
  return `${mark(entrant, x, y - 4)}${text(x + 12, y, title)}`;
}

function panel({ size, top, rowHeight, panelHeight, x, entrants, rows }) {
  const bottom = top + panelHeight;
  const grid = x.ticks.map(({ at, label }) => {
    const line = `<path class="${label === "" ? "minor" : "grid"}" d="M${at},${top} V${bottom}"/>`;
    return label === "" ? line : `${line}${text(at, bottom + 15, label, "small", "middle")}`;
  });
  const operations = Object.keys(OPERATIONS).map((operation, index) => {
    const y = top + index * rowHeight;
    const marks = entrants.flatMap((entrant, lane) => {
      const row = rows.find(
        (of) =>
          of.size === size &&
          of.operation === operation &&
          of.contestant === entrant.id &&
          of.latency === entrant.latency,
      );
      return row === undefined ? [] : mark(entrant, x.at(row.wall), y + (lane + 1) * LANE);
    });
    return `<path class="grid" d="M${LEFT},${y} H${WIDTH - RIGHT}"/>
${text(LEFT - 10, y + rowHeight / 2 + 4, titleOf(operation), "", "end")}${marks.join("")}`;
  });
  const title = size === 1 ? "One secret" : `${count(size)} secrets`;
  return `${text(16, top - 10, title, "title")}
${grid.join("")}
${operations.join("\n")}
<path class="grid" d="M${LEFT},${bottom} H${WIDTH - RIGHT}"/>`;
}

const mark = ({ id, hollow }, x, y) =>
  `<path class="${id}${hollow ? " slow" : ""}" transform="translate(${round(x)},${round(y)})" d="${MARKS[id].path}"/>`;

/** An axis of milliseconds: where a value goes, and where lines and labels do. */
function logarithmic(values) {
  const low = Math.log10(Math.min(...values) / 1.15);
  const high = Math.log10(Math.max(...values) * 1.15);
  const at = (value) =>
    round(LEFT + ((Math.log10(value) - low) / (high - low)) * (WIDTH - LEFT - RIGHT));
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (let digit = 1; digit < 10; digit++) {
      const value = digit * 10 ** power;
      const log = Math.log10(value);
      if (log < low || log > high) continue;
      ticks.push({ at: at(value), label: [1, 2, 5].includes(digit) ? unit(value) : "" });
    }
  }
  return { at, ticks };
}

const unit = (milliseconds) =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;

const round = (number) => Math.round(number * 10) / 10;

const escape = (value) => value.replace(/&/g, "&amp;").replace(/</g, "&lt;");

function text(x, y, value, className = "", anchor = "start") {
  const of = className === "" ? "" : ` class="${className}"`;
  const where = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${x}" y="${y}"${of}${where}>${escape(value)}</text>`;
}
