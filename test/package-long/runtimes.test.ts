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

it("says in one sentence that a Node is too old which cannot read newer code", async () => {
  const PATH = await pathTo("node", "node@16.20.2");
  const { stdout, stderr } = await new Machine({ PATH }).start(program, []);
  const sentence = "needs Node.js 20 or later, and node on PATH is v16.20.2.";
  expect([stdout, stderr]).toEqual([`terraform-provider-polyai ${sentence}\n`, ""]);
}, 300_000);
