import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, describeForEachCli, succeed } from "../support/cli.js";
import { PROVIDER_ADDRESS, PROVIDER_VERSION, makeWorkspace } from "../support/workspace.js";

describeForEachCli((cli) => {
  const workspace = makeWorkspace(cli, {});

  it("finds the plugin beside the stack, with no registry and no configuration", async () => {
    const { stdout } = await workspace.init();
    // Terraform leaves its own registry's name out.
    const address = cli.product === "terraform" ? "polyai/polyai" : PROVIDER_ADDRESS;
    expect(stdout).toContain(`Installed ${address} v${PROVIDER_VERSION} (unauthenticated)`);
  });

  it("reads the schema that the bindings and the docs are made from", async () => {
    const { stdout } = await succeed(workspace.run(["providers", "schema", "-json"]));
    const read = JSON.parse(stdout) as { provider_schemas: Record<string, unknown> };
    const built = JSON.parse(readFileSync(join(ROOT, "dist/schema.json"), "utf8")) as typeof read;
    expect(read.provider_schemas[PROVIDER_ADDRESS]).toEqual(
      built.provider_schemas[PROVIDER_ADDRESS],
    );
  });
});
