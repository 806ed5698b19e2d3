/** A program of examples/, run by CDKTF's own command in a folder apart. */
import { join } from "node:path";
import { example, ROOT, type Cli } from "./cli.js";
import { temporaryFolder } from "./temporary-folder.js";
import { Workspace, type Environment } from "./workspace.js";

/** CDKTF's command, as a person would start it. */
export const CDKTF_CLI = [
  process.execPath,
  join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf.js"),
] as const;

/** For a person's Terraform or OpenTofu, and with nobody at the keyboard. */
export const cdktfEnvironment = (cli: Cli) => ({
  CI: "true",
  // CDKTF's plugin cache is the whole machine's; the plugin is placed beside the stack anyway.
  CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
  FORCE_COLOR: "0",
  TERRAFORM_BINARY_NAME: cli.path,
});

/** @param access the API's key and URL, and whatever else the program reads */
export function cdktfProgram(cli: Cli, name: string, access: Environment) {
  const folder = temporaryFolder();
  const [node, cdktf] = CDKTF_CLI;
  const env = {
    ...access,
    ...cdktfEnvironment(cli),
    // Otherwise it is looked for in the stack's folder.
    TF_CLI_CONFIG_FILE: join(folder, "home/cli.tfrc"),
  };
  const workspace = new Workspace({ ...cli, path: node }, folder, env);
  const settings = JSON.parse(example(`${name}/cdktf.json`)) as object;
  const main = join(ROOT, "examples", name, "main.ts");
  const app = `"${node}" "${join(ROOT, "node_modules/tsx/dist/cli.mjs")}" "${main}"`;
  workspace.write({ "cdktf.json": JSON.stringify({ ...settings, app }) });
  return {
    folder,
    /** Starts a command such as `deploy`. */
    start: (trigger: string, ...args: readonly string[]) =>
      workspace.start([cdktf, ...args, name], { env: { ROTATION_TRIGGER: trigger } }),
    /** The stack's outputs; empty if it has none. */
    outputs: async () => {
      const stack = new Workspace(cli, join(folder, "cdktf.out/stacks", name), env);
      const outputs = Object.entries(await stack.outputs()) as [string, string][];
      const ending = (end: string) => outputs.find(([key]) => key.endsWith(end))?.[1] ?? "";
      return { secret: ending("signing_secret"), fingerprint: ending("fingerprint") };
    },
  };
}
