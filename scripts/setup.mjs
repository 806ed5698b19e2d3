// Makes a fresh clone ready: packages, build, and a CLI. Does nothing, at once, where all is there.
import { build } from "./build.mjs";
import { findOrGetCli } from "./cli.mjs";
import { installDependencies } from "./lib/dependencies.mjs";
import { isMain, main, say } from "./lib/process.mjs";

const OLDEST_NODE = 20;

/**
 * Installs the packages that package-lock.json names, builds what is stale, and finds or gets
 * Terraform or OpenTofu.
 *
 * @returns {Promise<{ cli: import("./cli.mjs").Cli }>} the CLI to use
 */
export async function setup() {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    throw new Error(`Node ${OLDEST_NODE} or newer is needed; this is ${process.versions.node}.`);
  }
  await installDependencies();
  await build();
  return { cli: await findOrGetCli() };
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { cli } = await setup();
    say(`Ready, with ${cli.product} ${cli.version} (${cli.path}).`);
  });
}
