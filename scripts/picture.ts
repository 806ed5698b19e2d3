/** npm run picture: draws the demo's rotation, from a run of it, for README.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/machine.js";
import { main, run } from "./lib/process.js";

const SHOWN = /^== cdktf diff.*?(?=\n+== cdktf destroy)/ms;
const COLOURS = { "== ": "#79c0ff", "  ok": "#7ee787", "  | ": "#8b949e" };
const [WIDTH, LINE, MARGIN] = [800, 20, 20];

main(async () => {
  const output = await run(
    process.execPath,
    [join(root, "node_modules/tsx/dist/cli.mjs"), join(root, "scripts/demo.ts")],
    {},
  );
  const [shown] = SHOWN.exec(output) ?? [];
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
  mkdirSync(join(root, "docs/images"), { recursive: true });
  writeFileSync(join(root, "docs/images/demo.svg"), svg);
});

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
