import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../support/cli.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { PROVIDER_ADDRESS } from "../../support/workspace.js";

it("the generators ask a CLI for its version without a person's settings", async () => {
  const folder = temporaryFolder();
  const cli = join(folder, "cli");
  writeFileSync(cli, '#!/bin/sh\necho "with $TF_CLI_CONFIG_FILE" >&2\n', { mode: 0o755 });
  const args = `${JSON.stringify(PROVIDER_ADDRESS)}, "1.2.3", ${JSON.stringify(folder)}`;
  const program = `
    const { writeBindings } = require("./src/codegen/bindings.ts");
    const schema = require("./dist/schema.json");
    const write = (cdk) => writeBindings(cdk, schema, ${args} + "/" + cdk);
    write("cdktf").then(() => write("cdktn"));
  `;
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ["node_modules/tsx/dist/cli.mjs", "--eval", program],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        TERRAFORM_BINARY_NAME: cli,
        TF_CLI_CONFIG_FILE: join(folder, "missing"),
      },
    },
  );
  expect(stderr).toBe(`with ${devNull}\n`.repeat(2));
});
