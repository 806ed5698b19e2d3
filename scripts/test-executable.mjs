// npm run test:executable: the tests that start the built provider, on the executable for this
// machine. Jest gets the arguments; CLIS says which CLIs (see cli.mjs).
import { join } from "node:path";
import { executablePath } from "./lib/executable.mjs";
import { root } from "./lib/paths.mjs";
import { main, passThrough } from "./lib/process.mjs";

await main(async () => {
  await executablePath();
  return passThrough(
    process.execPath,
    [
      join(root, "scripts/test.mjs"),
      ...["--selectProjects", "e2e", "protocol", "executable"],
      ...process.argv.slice(2),
    ],
    { cwd: root, env: { ...process.env, POLYAI_PROVIDER_RUNTIME: "executable" } },
  );
});
