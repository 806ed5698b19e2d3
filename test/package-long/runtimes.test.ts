/** The placed plugin on the Nodes and Buns that npm has: it starts and answers, or says why not. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { answer } from "../protocol/support/answers.js";
import { install } from "../package/consumer.js";
import { Machine } from "../support/machine.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PLUGIN_FOLDER, PLUGIN_NAME } from "../support/workspace.js";

const program = join(PLUGIN_FOLDER, PLUGIN_NAME);

/** Installs a runtime, and gives a PATH that has it under this name and none of the others. */
async function pathTo(name: "node" | "bun", runtime: string): Promise<string> {
  const folder = await install(runtime);
  const bin = join(temporaryFolder(), "bin");
  mkdirSync(bin);
  const [kind] = runtime.split("@");
  symlinkSync(join(folder, "node_modules/.bin", kind ?? ""), join(bin, name));
  return bin;
}

it.each([
  ["node", "node@20.20.2"],
  ["node", "node@22.23.3"],
  ["node", "node@24.21.0"],
  ["node", "node@26.10.0"],
  ["node", "bun@1.4.5"],
  ["bun", "bun@1.4.5"],
] as const)(
  "answers if %s is %s",
  async (name, runtime) => {
    const PATH = await pathTo(name, runtime);
    expect(await answer([program], { PATH })).toEqual(["sign", "verify"]);
  },
  300_000,
);

it.each([
  ["node@16.20.2", "needs Node.js 20 or later, and node on PATH is v16.20.2."],
  ["node@18.20.8", "needs Node.js 20 or later, and node on PATH is v18.20.8."],
  [
    "bun@1.3.14",
    "needs Node.js 20, Bun 1.4 or later, or its executable, and node on PATH is Bun 1.3.14.",
  ],
] as const)(
  "says in one sentence that %s is too old",
  async (runtime, sentence) => {
    const PATH = await pathTo("node", runtime);
    const { stdout, stderr } = await new Machine({ PATH }).start(program, []);
    expect([stdout, stderr]).toEqual([`terraform-provider-polyai ${sentence}\n`, ""]);
  },
  300_000,
);
