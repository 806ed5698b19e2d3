import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startSimulator } from "../../src/simulator/index.js";
import { describeForEachCli, succeed } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { PLUGIN, REQUIRED_PROVIDERS, Workspace } from "../support/workspace.js";

describeForEachCli((cli) => {
  it("attaches to a provider that a person started with -debug, again and again", async () => {
    const simulator = await startSimulator();
    const { id } = await simulator.createEndpoint();
    const plugin = spawn(PLUGIN, ["-debug"], {
      env: { PATH: process.env.PATH, TMPDIR: temporaryFolder(), ...accessTo(simulator) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      let attach = "";
      for await (const line of createInterface(plugin.stdout)) {
        attach = /^\tTF_REATTACH_PROVIDERS='(.*)'$/.exec(line)?.[1] ?? "";
        if (attach !== "") break;
      }
      const workspace = new Workspace(cli, temporaryFolder(), { TF_REATTACH_PROVIDERS: attach });
      workspace.write({
        "versions.tf": REQUIRED_PROVIDERS,
        "main.tf": `resource "polyai_webhook_secret" "this" {\n  endpoint_id = "${id}"\n}\n`,
      });
      await workspace.init();
      expect((await workspace.plan()).code).toBe(2);
      await succeed(workspace.apply());
      expect(simulator.rotations(id)).toBe(1);
      expect((await workspace.plan()).code).toBe(0);
      plugin.kill("SIGINT");
      expect(await once(plugin, "close")).toEqual([0, null]);
    } finally {
      plugin.kill("SIGKILL");
      await simulator.close();
    }
  });
});
