import { createRequire } from "node:module";
import { join } from "node:path";
import { localCache, root } from "../lib/paths.mjs";

/**
 * A certificate such as Terraform makes for itself at each start of a plugin, in PEM. The
 * provider's own code makes it.
 */
export async function hostCertificate() {
  const { build } = await import("esbuild");
  const outfile = join(localCache, "bench-certificate.cjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/plugin/protocol/certificate.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "warning",
  });
  return createRequire(import.meta.url)(outfile).createCertificate();
}
