// npm test: set-up, then jest, which gets the arguments.
//
// CLIS says which CLIs the end-to-end tests run against (see cli.mjs); the default is every product
// that is here.
import { join } from "node:path";
import { root } from "./lib/paths.mjs";
import { setup } from "./setup.mjs";
import { main, passThrough } from "./lib/process.mjs";

await main(async () => {
  await setup();
  return passThrough(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), ...process.argv.slice(2)],
    { cwd: root },
  );
});
