// Finds the age command (https://age-encryption.org) on PATH, or builds it from the Go module proxy.
//
//   node scripts/age.mjs     prints its path; nothing where it is not here and there is no Go
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildGoModule, hasGo } from "./lib/go.mjs";
import { madeOnce } from "./lib/lock.mjs";
import { platform, userCache } from "./lib/paths.mjs";
import { isMain, main } from "./lib/process.mjs";

const AGE = {
  module: "filippo.io/age",
  version: "1.3.2",
  sum: "h1:r6RSZLFSMm6rzKepZ7ZAYkKCu14f3/Me8c7uKYh7C8c=",
  command: "./cmd/age",
};

/** The command to run; undefined where there is none and no Go to build it with. */
export async function findOrBuildAge() {
  if (spawnSync("age", ["--version"], { stdio: "ignore" }).status === 0) return "age";
  const { name, exe } = platform();
  const output = join(userCache(), "age", AGE.version, name, `age${exe}`);
  if (existsSync(output)) return output;
  if (!hasGo()) return undefined;
  return madeOnce(output, () => buildGoModule({ ...AGE, output }));
}

if (isMain(import.meta.url)) {
  await main(async () => {
    process.stdout.write((await findOrBuildAge()) ?? "");
  });
}
