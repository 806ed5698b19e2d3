// npm run lint: eslint, prettier and the type checker, all of them even where one complains.
import { join } from "node:path";
import { build } from "./build.mjs";
import { installDependencies } from "./lib/dependencies.mjs";
import { root } from "./lib/paths.mjs";
import { main, passThrough, say, seconds } from "./lib/process.mjs";

const checks = [
  ["eslint", "node_modules/eslint/bin/eslint.js", "."],
  ["prettier", "node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."],
  ["tsc", "node_modules/typescript/bin/tsc", "-p", "."],
];

await main(async () => {
  await installDependencies();
  // Types come from generated sources, too.
  await build(["protocol", "codegen"]);
  let failed = 0;
  for (const [name, script, ...args] of checks) {
    const start = performance.now();
    const code = await passThrough(process.execPath, [join(root, script), ...args], { cwd: root });
    say(`${name} ${code === 0 ? "passed" : "failed"} in ${seconds(start)}`);
    if (code !== 0) failed++;
  }
  return failed === 0 ? 0 : 1;
});
