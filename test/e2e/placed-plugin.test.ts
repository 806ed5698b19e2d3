import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, describeForEachCli, isAtLeast, succeed } from "../support/cli.js";
import { PROVIDER_ADDRESS, Workspace } from "../support/workspace.js";

interface ProvidersSchema {
  readonly provider_schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The versions from which on a CLI knows of a part of the schema, and prints it. */
const PARTS = {
  functions: { terraform: "1.8", tofu: "1.7" },
  ephemeral_resource_schemas: { terraform: "1.10", tofu: "1.11" },
  // No OpenTofu has them yet.
  list_resource_schemas: { terraform: "1.14", tofu: "2" },
  resource_identity_schemas: { terraform: "1.12", tofu: "1.12" },
  write_only: { terraform: "1.11", tofu: "1.11" },
} as const;

describeForEachCli((cli) => {
  const workspace = Workspace.make(cli, {});

  it("reads the schema that the bindings and the docs are made from", async () => {
    await workspace.init();
    const { stdout } = await succeed(workspace.run(["providers", "schema", "-json"]));
    const read = (JSON.parse(stdout) as ProvidersSchema).provider_schemas[PROVIDER_ADDRESS];
    // At any depth: what the CLI does not know it does not print.
    const built = JSON.parse(
      readFileSync(join(ROOT, "dist/schema.json"), "utf8"),
      (part, value: unknown) =>
        !(part in PARTS) || isAtLeast(cli, PARTS[part as keyof typeof PARTS]) ? value : undefined,
    ) as ProvidersSchema;
    expect(read).toEqual(built.provider_schemas[PROVIDER_ADDRESS]);
  });
});
