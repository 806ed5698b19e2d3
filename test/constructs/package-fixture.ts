import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledPackage, type ProviderPackage } from "../../src/placement/package.js";
import { temporaryFolder } from "../support/temporary-folder.js";

/** A built package of that version, as npm would install it, whose launcher has that content. */
export function builtPackage(
  version: string,
  content = `plugin ${version}\n`,
): ProviderPackage & { folder: string } {
  const root = temporaryFolder();
  mkdirSync(join(root, "dist", "plugin"), { recursive: true });
  mkdirSync(join(root, "dist", "cdktf"), { recursive: true });
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name: "terraform-provider-polyai", version }),
  );
  const plugin = join(root, "dist", "plugin");
  writeFileSync(join(plugin, `terraform-provider-polyai_v${version}`), content);
  writeFileSync(join(plugin, "main.cjs"), "main\n");
  return { ...bundledPackage(join(root, "dist", "cdktf")), folder: plugin };
}
