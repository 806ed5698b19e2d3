/** npm run explore -- --histories N --seed S */
import { parseArgs } from "node:util";
import { census, explore } from "./explore.js";

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "50000" },
    census: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

async function main(): Promise<void> {
  if (values.census) {
    console.log(await census(Number(values.histories), Number(values.seed)));
    return;
  }
  const report = await explore({
    histories: Number(values.histories),
    seed: Number(values.seed),
  });
  console.log(report.text);
  process.exitCode = report.broken ? 1 : 0;
}

void main();
