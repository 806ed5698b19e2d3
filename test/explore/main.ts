/** npm run explore -- --histories N --seed S: random histories, shared out to the machine's cores. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { explore } from "./explore.js";

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "50000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 30) },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const [histories, seed, jobs] = [values.histories, values.seed, values.jobs].map(Number) as [
  number,
  number,
  number,
];

async function alone(): Promise<number> {
  const { broken, text } = await explore({ histories, seed });
  console.log(text);
  return broken ? 1 : 0;
}

/** A job's number is added to the seed, so that one job repeats what it did among others. */
async function job(index: number): Promise<number> {
  const share = Math.ceil(histories / jobs);
  const options = [`--histories=${share}`, `--seed=${seed + index}`, "--jobs=1"];
  const child = spawn(process.execPath, [...process.execArgv, __filename, ...options], {
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

async function main(): Promise<void> {
  // Node ends without a word if a promise is left that nothing can settle.
  process.exitCode = 1;
  console.log(`Explores ${histories} histories; --seed=${seed} repeats them.`);
  const codes = await Promise.all(
    jobs === 1 ? [alone()] : Array.from({ length: jobs }, (_, index) => job(index)),
  );
  process.exitCode = Math.max(...codes);
}

void main();
