import { createRequire } from "node:module";
import { join } from "node:path";
import { bundle } from "../build.mjs";
import { localCache } from "../lib/paths.mjs";

/**
 * A certificate such as Terraform makes for itself at each start of a plugin, in PEM. The
 * provider's own code makes it.
 */
export async function hostCertificate() {
  const outfile = join(localCache, "bench-certificate.cjs");
  await bundle("src/plugin/go-plugin/certificate.ts", outfile, {});
  return createRequire(import.meta.url)(outfile).createCertificate();
}
