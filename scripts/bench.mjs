// npm run bench: how the provider compares with providers in Go and with terraform_data, measured
// beside each other on this machine. scripts/bench/arguments.mjs has the options.
import { join } from "node:path";
import { USAGE, readArguments } from "./bench/arguments.mjs";
import { overTarget, ratiosOf } from "./bench/ratios.mjs";
import { ratioTable, resultTables, setting } from "./bench/report.mjs";
import { runBench } from "./bench/run.mjs";
import { writeDocs } from "./bench/write-docs.mjs";
import { getClis } from "./cli.mjs";
import { writeWhole } from "./lib/files.mjs";
import { localCache, root } from "./lib/paths.mjs";
import { main, say } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

await main(async () => {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const found = await setup();
  const cli = wanted.cli === undefined ? found.cli : (await getClis(wanted.cli))[0];
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  const results = await runBench(wanted, cli, stop.signal);
  for (const sentence of results.missing) say(sentence);
  const ratios = ratiosOf(results.rows);
  console.log(`\n${setting(results)}\n\n${ratioTable(results, ratios)}\n`);
  if (!wanted.quick) {
    console.log(`${resultTables(results)}\n`);
    const file = join(localCache, `bench/${cli.product}.json`);
    writeWhole(file, JSON.stringify(results, null, 1));
    say(`The results, with every sample: ${file}`);
    if (wanted.writeDocs) writeDocs(results, root);
  }
  return wanted.check && overTarget(ratios).length > 0 ? 1 : 0;
});
