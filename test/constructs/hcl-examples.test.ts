/** The HCL in examples/ that the docs show: each folder is a valid configuration. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeForEachCli, isAtLeast, ROOT, run, succeed } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { placePlugin, Workspace } from "../support/workspace.js";

const EXAMPLES = join(ROOT, "examples");
/** The oldest CLI that knows each kind. */
const KINDS = {
  resources: { terraform: "0", tofu: "0" },
  "data-sources": { terraform: "0", tofu: "0" },
  functions: { terraform: "1.8", tofu: "1.7" },
  "ephemeral-resources": { terraform: "1.10", tofu: "1.11" },
};
const examplesOf = (kind: string): string[] =>
  existsSync(join(EXAMPLES, kind))
    ? readdirSync(join(EXAMPLES, kind)).map((type) => join(kind, type))
    : [];

function* variablesOf(example: string): Generator<string> {
  for (const file of readdirSync(join(EXAMPLES, example))) {
    const text = readFileSync(join(EXAMPLES, example, file), "utf8");
    for (const [, name] of text.matchAll(/^variable "(.*)"/gm)) yield name!;
  }
}

it("there is an example for each resource", () => {
  const { provider_schemas: schemas } = JSON.parse(
    readFileSync(join(ROOT, "dist/schema.json"), "utf8"),
  ) as { provider_schemas: Record<string, { resource_schemas: object }> };
  const types = Object.values(schemas).flatMap(({ resource_schemas: of }) => Object.keys(of));
  expect(examplesOf("resources")).toEqual(types.map((type) => `resources/${type}`));
});

describeForEachCli((cli) => {
  // The ways to import exclude each other in one configuration; by identity is the newer one.
  const importing = isAtLeast(cli, { terraform: "1.12", tofu: "1.12" })
    ? "import-by-identity.tf"
    : "import-by-string-id.tf";

  it("all are valid", async () => {
    const folder = temporaryFolder();
    const provider = readFileSync(join(EXAMPLES, "provider/provider.tf"), "utf8");
    writeFileSync(join(folder, "provider.tf"), `${provider}variable "unknown" {}\n`);
    const examples = Object.entries(KINDS)
      .filter(([, oldest]) => isAtLeast(cli, oldest))
      .flatMap(([kind]) => examplesOf(kind));
    for (const example of examples) {
      // Each is a module of one configuration: one run for all is many times as fast.
      const name = example.replace("/", "-");
      const inputs = [...variablesOf(example)].map((variable) => `  ${variable} = var.unknown\n`);
      const call = `module "${name}" {\n  source = "./${example}"\n${inputs.join("")}}\n`;
      writeFileSync(join(folder, `${name}.tf`), call);
      const module = join(folder, example);
      mkdirSync(module, { recursive: true });
      // Without the provider block, which is the root module's.
      writeFileSync(join(module, "terraform.tf"), provider.replace(/^provider .*$/m, ""));
      for (const file of readdirSync(join(EXAMPLES, example))) {
        const text = readFileSync(join(EXAMPLES, example, file), "utf8");
        if (file === importing) {
          // Only the root module may import.
          const imports = text.replace(/\bto += /g, `to = module.${name}.`);
          writeFileSync(join(folder, `${name}-${file}`), imports);
        } else if (file.endsWith(".tf") && !file.startsWith("import-")) {
          writeFileSync(join(module, file), text);
        }
      }
    }
    placePlugin(folder);
    const workspace = new Workspace(cli, folder);
    await workspace.init();
    const { stdout } = await succeed(workspace.validate());
    expect(stdout).toContain("Success! The configuration is valid.\n");
  });

  // Those that need no provider but ours.
  it.each([
    "alerts",
    "quick-start",
    "rotation-due",
    "rotation-reasons",
    "two-regions",
    "cross-stack/secrets",
    "cross-stack/receiver",
  ])("%s, beside its program, is valid", async (example) => {
    const main = readFileSync(join(EXAMPLES, example, "main.tf"), "utf8");
    const workspace = Workspace.make(cli, { "main.tf": main, "versions.tf": "" });
    await workspace.init();
    await succeed(workspace.validate());
  });

  it("all are formatted", async () => {
    await succeed(run(cli, ["fmt", "-check", "-recursive"], { cwd: EXAMPLES }));
  });
});
