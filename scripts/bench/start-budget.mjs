// node scripts/bench/start-budget.mjs [--update]: what a start of the provider on Node loads until it
// has answered for its schema, beside what start-budget.json allows; exit code 1 where it is more.
// With --update, the file takes what there is now.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../build.mjs";
import { root } from "../lib/paths.mjs";
import { isMain, main, say } from "../lib/process.mjs";
import { hostCertificate } from "./host-certificate.mjs";
import { startLoads } from "./start-loads.mjs";
import { count, table } from "./table.mjs";

const FILE = join(root, "scripts/bench/start-budget.json");
// So that not every small change needs another budget.
const CODE_STEP = 4096;

/** The budget that just holds what was found. */
export const budgetFor = ({ code, modules }) => ({
  code: Math.ceil(code / CODE_STEP) * CODE_STEP,
  modules,
});

/**
 * What was found beside the budget: a table to print, and a sentence for everything that is over.
 * Times and node's internal modules differ from machine to machine and are only shown.
 *
 * @param {{ code: number, modules: string[] }} budget
 * @param {{ code: number, modules: string[], internal: number, cpu: number }} found
 */
export function compare(budget, found) {
  const more = found.modules.filter((name) => !budget.modules.includes(name));
  const less = budget.modules.filter((name) => !found.modules.includes(name));
  const over = [
    ...(found.code > budget.code
      ? [
          `The start compiles ${count(found.code)} bytes of code, ${count(found.code - budget.code)} more than it may.`,
        ]
      : []),
    ...(more.length > 0 ? [`The start loads what it may not: ${more.join(", ")}.`] : []),
  ];
  const rows = [
    ["code, bytes", count(found.code), count(budget.code)],
    ["node's public modules", count(found.modules.length), count(budget.modules.length)],
    ["node's internal modules", count(found.internal), ""],
    ["CPU, ms", found.cpu.toFixed(1), ""],
  ];
  return { over, less, table: table(["until the first schema", "found", "budget"], rows) };
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await build();
    const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const plugin = join(root, "dist/plugin", `${name}_v${version}`);
    const found = await startLoads(plugin, await hostCertificate());
    if (process.argv.includes("--update")) {
      writeFileSync(FILE, `${JSON.stringify(budgetFor(found), null, 2)}\n`);
    }
    const result = compare(JSON.parse(readFileSync(FILE, "utf8")), found);
    console.log(
      `${result.table}\n\nNode ${process.versions.node}; modules: ${found.modules.join(", ")}`,
    );
    if (result.less.length > 0) {
      say(`No longer loaded: ${result.less.join(", ")}. --update takes them from the budget.`);
    }
    for (const sentence of result.over) say(sentence);
    return result.over.length > 0 ? 1 : 0;
  });
}
