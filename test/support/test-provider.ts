/** Providers that are made for tests, in test/support/providers. */
import { buildSync } from "esbuild";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./cli.js";
import { platformName } from "./workspace.js";

/** Puts the sink beside HCL, as registry.terraform.io/test/sink 1.0.0. */
export const placeSink = (folder: string): void => {
  const address = "registry.terraform.io/test/sink/1.0.0";
  place(join(folder, "terraform.d/plugins"), "sink", address, "terraform-provider-sink_v1.0.0");
};

/** Puts the one in place of hashicorp/null into a home, for each registry that this may mean. */
export const placeNull = (home: string): void => {
  for (const host of ["registry.terraform.io", "registry.opentofu.org"]) {
    const address = `${host}/hashicorp/null/3.2.4`;
    place(join(home, ".terraform.d/plugins"), "null", address, "terraform-provider-null_v3.2.4");
  }
};

function place(mirror: string, name: string, address: string, file: string): void {
  const target = join(mirror, address, platformName());
  mkdirSync(target, { recursive: true });
  buildSync({
    entryPoints: [join(ROOT, `test/support/providers/${name}.ts`)],
    outfile: join(target, file),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "error",
  });
  chmodSync(join(target, file), 0o755);
}
