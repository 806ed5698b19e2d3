import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledPlugin, type BundledPlugin } from "../../lib/bundled-plugin.js";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Gone when the test file's last test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "constructs-test-"));
  folders.push(folder);
  return folder;
}

/** A built package of that version, as npm would install it, whose plugin has that content. */
export function builtPackage(version: string, content = `plugin ${version}\n`): BundledPlugin {
  const root = temporaryFolder();
  mkdirSync(join(root, "dist", "plugin"), { recursive: true });
  mkdirSync(join(root, "dist", "cdktf"), { recursive: true });
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name: "terraform-provider-polyai", version }),
  );
  writeFileSync(join(root, "dist", "plugin", `terraform-provider-polyai_v${version}`), content);
  return bundledPlugin(join(root, "dist", "cdktf"));
}
