import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./cli.js";

/**
 * The standard age command: from PATH, or built where Go is here. Undefined where there is neither;
 * in CI that throws.
 */
export function ageCommand(): string | undefined {
  const path = execFileSync(process.execPath, [join(ROOT, "scripts/age.mjs")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (path === "" && process.env["CI"] !== undefined) {
    throw new Error("age is needed in CI: install it, or Go to build it with.");
  }
  return path === "" ? undefined : path;
}
