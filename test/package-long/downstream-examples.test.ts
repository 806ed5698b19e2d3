/** The examples with prebuilt bindings of other providers, which are 560 MB of packages. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { shapesOfHcl, shapesOfStack, synthesize } from "../constructs/hcl-twins.js";
import { install, pack } from "../package/consumer.js";
import { example, ROOT } from "../support/cli.js";

const EXAMPLES = ["aws-secrets-manager", "vault", "kubernetes"] as const;

let project: string;

const dependenciesOf = (name: string): readonly string[] => {
  const { dependencies, devDependencies } = JSON.parse(example(`${name}/package.json`)) as Record<
    string,
    Record<string, string>
  >;
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([dependency]) => dependency !== "terraform-provider-polyai")
    .map((each) => each.join("@"));
};

beforeAll(async () => {
  const { file } = await pack();
  project = await install(file, ...new Set(EXAMPLES.flatMap(dependenciesOf)));
}, 600_000);

it.each(EXAMPLES)("examples/%s: the program and the HCL are the same", (name) => {
  cpSync(join(ROOT, "examples", name), join(project, name), { recursive: true });
  const shapes = shapesOfHcl(join(name, "main.tf"));
  expect(shapes.length).toBeGreaterThan(3);
  expect(shapes).toEqual(shapesOfStack(synthesize(join(project, name))[name]));
});
