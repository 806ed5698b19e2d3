/** The examples with prebuilt bindings of other providers, which are 560 MB of packages. */
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shapesOfHcl, shapesOfStack, synthesize } from "../constructs/hcl-twins.js";
import { install, pack } from "../package/consumer.js";
import { ROOT } from "../support/cli.js";

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

it.each(EXAMPLES)("examples/%s: the program and the HCL are the same", (example) => {
  cpSync(join(ROOT, "examples", example), join(project, example), { recursive: true });
  const shapes = shapesOfHcl(join(example, "main.tf"));
  expect(shapes.length).toBeGreaterThan(3);
  expect(shapes).toEqual(shapesOfStack(synthesize(join(project, example))[example]));
});
