// npm test: set-up, then jest, which gets the arguments.
//
// CLIS says which CLIs the end-to-end tests run against (see cli.mjs); the default is every product
// that is here.
import { join } from "node:path";
import { root } from "./lib/paths.mjs";
import { main, passThrough } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

// Jest leaves one core free, which on two cores means no parallel run at all.
function workers(args) {
  const chosen = args.some((arg) => /^(-i|-w|--runInBand|--maxWorkers|--watch)/.test(arg));
  return chosen ? [] : ["--maxWorkers=100%"];
}

await main(async () => {
  const args = process.argv.slice(2);
  const { cli } = await setup();
  // cdktf's own matchers and CLI use the one that this names.
  const env = { ...process.env, TERRAFORM_BINARY_NAME: cli.path };
  return passThrough(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), ...workers(args), ...args],
    { cwd: root, env },
  );
});
