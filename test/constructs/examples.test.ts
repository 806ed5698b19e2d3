import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { shapesOfHcl, shapesOfStack, synthesize } from "./hcl-twins.js";

it.each([
  ["alerts", "alerts", "main.tf"],
  ["quick-start", "quick-start", "main.tf"],
  ["receiver-restart", "receiver-restart", "main.tf"],
  ["rotation-reasons", "rotation-reasons", "main.tf"],
  ["two-regions", "two-regions", "main.tf"],
  ["cross-stack", "secrets", "secrets/main.tf"],
  ["cross-stack", "receiver", "receiver/main.tf"],
])("examples/%s: stack %s and %s are the same", (name, stack, file) => {
  const shapes = shapesOfHcl(join(name, file));
  expect(shapes.length).toBeGreaterThan(0);
  expect(shapes).toEqual(shapesOfStack(synthesize(join(ROOT, "examples", name))[stack]));
});

it("examples/quick-start is what the clone's own cdktf.json runs", () => {
  const { app } = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8")) as { app: string };
  expect(app).toBe("npx tsx examples/quick-start/main.ts");
});
