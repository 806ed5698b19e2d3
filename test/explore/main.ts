/** npm run explore -- --histories N --seed S */
import { parseArgs } from "node:util";
import { explore } from "./explore.js";

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "50000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

async function main(): Promise<void> {
  const report = await explore({
    histories: Number(values.histories),
    seed: Number(values.seed),
  });
  console.log(report.text);
  process.exitCode = report.broken ? 1 : 0;
}

void main();
