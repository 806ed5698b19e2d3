/**
 * Imported before cdktf, which reads the name of the CLI for its matchers when it is loaded. They
 * run it with this process's environment, in which no configuration of a person may take part.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clis } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const [cli] = clis();
if (cli === undefined) throw new Error("There is neither Terraform nor OpenTofu here.");

const config = join(temporaryFolder(), "cli.tfrc");
writeFileSync(config, "");

Object.assign(process.env, {
  TERRAFORM_BINARY_NAME: cli.path,
  TF_CLI_CONFIG_FILE: config,
  CHECKPOINT_DISABLE: "1",
});
