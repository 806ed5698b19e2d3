import { spawnSync } from "node:child_process";
import { goTool, hasGo } from "../../scripts/lib/go.js";

/**
 * The standard age command: from PATH, or built where Go is here. Undefined where there is neither;
 * in CI that throws.
 */
export function ageCommand(): string | undefined {
  if (spawnSync("age", ["--version"], { stdio: "ignore" }).status === 0) return "age";
  if (hasGo()) {
    return goTool("age", {
      module: "filippo.io/age",
      version: "1.3.2",
      sum: "h1:r6RSZLFSMm6rzKepZ7ZAYkKCu14f3/Me8c7uKYh7C8c=",
      command: "./cmd/age",
    });
  }
  if (process.env["CI"] === undefined) return undefined;
  throw new Error("age is needed in CI: install it, or Go to build it with.");
}
