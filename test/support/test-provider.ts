/** Places the provider that is made for tests, in sink.ts. */
import { buildSync } from "esbuild";
import { chmodSync } from "node:fs";
import { basename, join } from "node:path";
import { thisPlatform } from "../../src/placement/package.js";
import { ROOT } from "./cli.js";

/** Puts the sink beside HCL, as registry.terraform.io/test/sink 1.0.0. */
export const placeSink = (folder: string): void =>
  place(join(folder, "terraform.d/plugins/registry.terraform.io/test/sink"), "1.0.0");

/** Puts it in place of hashicorp/null into a home, for each registry that this may mean. */
export const placeNull = (home: string): void => {
  for (const registry of ["registry.terraform.io", "registry.opentofu.org"]) {
    place(join(home, ".terraform.d/plugins", registry, "hashicorp/null"), "3.2.4");
  }
};

function place(folder: string, version: string): void {
  const name = `terraform-provider-${basename(folder)}_v${version}`;
  const outfile = join(folder, version, thisPlatform(), name);
  buildSync({
    entryPoints: [join(ROOT, "test/support/sink.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "error",
  });
  chmodSync(outfile, 0o755);
}
