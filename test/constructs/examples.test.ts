import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { shapesOfHcl, shapesOfStack } from "./hcl-twins.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import type { Json } from "./stack-fixture.js";

const EXAMPLES = join(ROOT, "examples");

/** Runs an example by the command in its cdktf.json, as the CLI does; gives its stacks. */
function synthesize(name: string): Json {
  const { app } = JSON.parse(readFileSync(join(EXAMPLES, name, "cdktf.json"), "utf8")) as {
    app: string;
  };
  const outdir = temporaryFolder();
  const [command, ...args] = app.split(" ") as [string, ...string[]];
  execFileSync(command === "node" ? process.execPath : command, args, {
    cwd: join(EXAMPLES, name),
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stacks = join(outdir, "stacks");
  return Object.fromEntries(
    readdirSync(stacks).map((stack) => [
      stack,
      JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")) as Json,
    ]),
  );
}

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
  expect(shapes).toEqual(shapesOfStack(synthesize(name)[stack]));
});

it("examples/quick-start is what the clone's own cdktf.json runs", () => {
  const { app } = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8")) as { app: string };
  expect(app).toBe("npx tsx examples/quick-start/main.ts");
});
