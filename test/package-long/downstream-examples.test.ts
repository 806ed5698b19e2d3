/** The examples with prebuilt bindings of other providers, which are 560 MB of packages. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { shapesOfHcl, shapesOfStack } from "../constructs/hcl-twins.js";
import type { Json } from "../constructs/stack-fixture.js";
import { install, pack } from "../package/consumer.js";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const exec = promisify(execFile);
const EXAMPLES = ["aws-secrets-manager", "vault", "kubernetes"] as const;

let project: string;

const dependenciesOf = (example: string): readonly string[] => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, "examples", example, "package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([name]) => name !== "terraform-provider-polyai")
    .map(([name, version]) => `${name}@${version}`);
};

beforeAll(async () => {
  const { file } = await pack();
  project = await install(file, ...new Set(EXAMPLES.flatMap(dependenciesOf)));
}, 600_000);

async function synthesize(example: string): Promise<Json> {
  cpSync(join(ROOT, "examples", example), join(project, example), { recursive: true });
  const { app } = JSON.parse(readFileSync(join(project, example, "cdktf.json"), "utf8")) as {
    app: string;
  };
  const outdir = temporaryFolder();
  const [, ...args] = app.split(" ");
  await exec(process.execPath, args, {
    cwd: join(project, example),
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
  });
  const stack = join(outdir, "stacks", example, "cdk.tf.json");
  return JSON.parse(readFileSync(stack, "utf8")) as Json;
}

it.each(EXAMPLES)("examples/%s: the program and the HCL are the same", async (example) => {
  const shapes = shapesOfHcl(join(example, "main.tf"));
  expect(shapes.length).toBeGreaterThan(3);
  expect(shapes).toEqual(shapesOfStack(await synthesize(example)));
});
