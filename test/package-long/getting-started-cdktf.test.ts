/** getting-started-cdktf.md, as it stands: from an empty folder, with an empty home. */
import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { clis } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { blocksOf } from "../support/markdown.js";
import { pack } from "../package/consumer.js";

const [INSTALL, JSON_FILE, PROGRAM, SIMULATE, DEPLOY, ROTATE, READ, ...more] = blocksOf(
  "docs/guides/getting-started-cdktf.md",
).map(({ text }) => text);

const machine = new Machine({ HTTPS_PROXY: undefined });
beforeAll(async () => {
  const install = INSTALL!.replace("terraform-provider-polyai", (await pack()).file);
  await machine.shell(install.replace(/^mkdir alerts\ncd alerts\n/, ""));
  machine.write("cdktf.json", JSON_FILE!);
  machine.write("main.ts", PROGRAM!);
}, 900_000);

let simulator: ChildProcess | undefined;
afterEach(async () => {
  if (simulator?.exitCode !== null) return;
  // npx, and what it has started.
  process.kill(-simulator.pid!, "SIGINT");
  await once(simulator, "close");
});

it.each([
  ["commonjs", clis()[0]!.path],
  ["module", clis().at(-1)!.path],
])(
  "deploys, rotates and reads the secret, as %s",
  async (type, cli) => {
    expect(more).toEqual([]);
    await machine.shell(`npm pkg set type=${type}\nrm -rf cdktf.out *.tfstate*`);
    const { cwd, env } = { cwd: machine.folder, env: machine.env as NodeJS.ProcessEnv };
    const [command = "", ...args] = SIMULATE!.trim().split(" ");
    simulator = spawn(command, args, { cwd, env, detached: true });
    let printed = "";
    for await (const chunk of simulator.stdout!) {
      printed += String(chunk);
      if (printed.includes("Press Ctrl-C")) break;
    }
    const exports = printed.match(/export \S+/g)!.join("\n");
    const [, id] = /endpoint_id += "(\w+)"/.exec(printed)!;
    const run = (commands: string) =>
      machine.shell(`${exports}\nexport ENDPOINT_ID=${id!}\n${commands}`, {
        TERRAFORM_BINARY_NAME: cli,
      });

    await run(DEPLOY!);
    await run(READ!);
    const before = machine.read("outputs.json");
    const { stdout } = await run(ROTATE!);
    expect(stdout).toContain("rotation_trigger");
    await run(`export ROTATION=2\n${READ!}`);
    const [first, second] = [before, machine.read("outputs.json")].map(
      (text) => (JSON.parse(text) as Outputs).alerts.AlertsSecret_signing_secret,
    );
    expect(first).toMatch(/^whsec_/);
    expect(second).toMatch(/^whsec_/);
    expect(second).not.toBe(first);
    expect(stdout).not.toContain(second);
  },
  600_000,
);

interface Outputs {
  readonly alerts: { readonly AlertsSecret_signing_secret: string };
}
