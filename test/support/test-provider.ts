/** Providers that are made for tests, in test/support/providers. */
import { buildSync } from "esbuild";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./cli.js";
import { platformName } from "./workspace.js";

/** Puts the sink beside HCL, as registry.terraform.io/test/sink 1.0.0. */
export const placeSink = (folder: string): void => {
  place(folder, "sink", "registry.terraform.io/test/sink/1.0.0", "terraform-provider-sink_v1.0.0");
};

function place(folder: string, name: string, address: string, file: string): void {
  const target = join(folder, "terraform.d/plugins", address, platformName());
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
