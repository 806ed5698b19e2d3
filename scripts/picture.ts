/** npm run picture: draws the demo's rotation, from what a run of it prints, for README.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/machine.js";

const SHOWN = /^== cdktf diff.*?(?=\n+== cdktf destroy.*^Done in )/ms;
const COLOURS = { "== ": "#79c0ff", "  ok": "#7ee787", "  | ": "#8b949e" };
const [WIDTH, LINE, MARGIN] = [800, 20, 20];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const [shown] = SHOWN.exec(readFileSync(0, "utf8")) ?? [];
if (shown === undefined) throw new Error("The demo does not print what is drawn.");
const lines = ["$ npm run demo", "", ...shown.split("\n")];
const texts = lines.map((line, index) => {
  const [, colour = "#e6edf3"] =
    Object.entries(COLOURS).find(([start]) => line.startsWith(start)) ?? [];
  return `  <text x="${MARGIN}" y="${MARGIN + (index + 0.75) * LINE}" fill="${colour}">${escaped(line)}</text>`;
});
const height = 2 * MARGIN + lines.length * LINE;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="monospace" font-size="14" xml:space="preserve">
  <title>npm run demo: a rotation, and a delivery with each secret</title>
  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${texts.join("\n")}
</svg>
`;
writeFileSync(join(root, "docs/images/demo.svg"), svg);
