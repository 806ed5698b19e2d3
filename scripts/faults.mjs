// npm run faults: each fault that can come between the provider and PolyAI, against each operation,
// with the real CLIs.
//
//   npm run faults [-- WORD …]     the rows whose title has every word: "rotate", "cut", "lasting" …
//   npm run faults -- --write      all of it, and docs/reliability.md anew
//
// CLIS says which CLIs, as for npm test. The exit code is 1 where a row is not as it has to be, and
// the last line is "N passed, N failed".
import { join } from "node:path";
import { bundle } from "./build.mjs";
import { localCache, root } from "./lib/paths.mjs";
import { main, passThrough } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

await main(async () => {
  await setup();
  // Two folders below the root, as the sources that look for it are.
  const outfile = join(localCache, "faults/main.cjs");
  await bundle("test/faults/main.ts", outfile, { packages: "external", sourcemap: "inline" });
  return passThrough(
    process.execPath,
    ["--enable-source-maps", outfile, ...process.argv.slice(2)],
    {
      cwd: root,
    },
  );
});
