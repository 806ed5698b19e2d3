import { buildSync } from "esbuild";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { temporaryFolder } from "../support/temporary-folder.js";

it("no text from outside blocks the event loop, wherever it is read", () => {
  const outfile = join(temporaryFolder(), "worst-inputs.js");
  buildSync({
    entryPoints: [join(__dirname, "../support/worst-inputs.ts")],
    bundle: true,
    platform: "node",
    outfile,
    logLevel: "error",
  });
  const output = execFileSync(process.execPath, [outfile], { encoding: "utf8" });
  const { places, slow } = JSON.parse(output) as { places: number; slow: unknown };
  expect(places).toBeGreaterThan(200);
  expect(slow).toEqual([]);
});
