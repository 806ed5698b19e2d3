import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, copyFileSync, mkdirSync, openSync } from "node:fs";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { platform } from "../lib/paths.mjs";
import { watchUsage } from "./process-usage.mjs";

const CHANGE = ["-input=false", "-no-color"];

/** What is measured, in the order in which a person does it. */
export const OPERATIONS = {
  validate: { args: () => ["validate", "-no-color"], says: () => "Success!" },
  plan: {
    title: "plan (create)",
    needs: "nothing",
    args: (trigger) => ["plan", ...CHANGE, trigger],
    says: (size) => `Plan: ${size} to add, 0 to change, 0 to destroy.`,
  },
  apply: {
    title: "apply (create)",
    needs: "nothing",
    leaves: "resources",
    args: (trigger) => ["apply", "-auto-approve", ...CHANGE, trigger],
    says: (size) => `Resources: ${size} added, 0 changed, 0 destroyed.`,
  },
  noop: {
    title: "plan (no change)",
    needs: "resources",
    args: (trigger) => ["plan", "-detailed-exitcode", ...CHANGE, trigger],
    says: () => "No changes.",
  },
  rotate: {
    title: "apply (rotate)",
    needs: "resources",
    turns: true,
    args: (trigger) => ["apply", "-auto-approve", ...CHANGE, trigger],
    says: (size, replaces) =>
      replaces
        ? `Resources: ${size} added, 0 changed, ${size} destroyed.`
        : `Resources: 0 added, ${size} changed, 0 destroyed.`,
  },
  destroy: {
    needs: "resources",
    leaves: "nothing",
    args: (trigger) => ["destroy", "-auto-approve", ...CHANGE, trigger],
    says: (size) => `Resources: ${size} destroyed.`,
  },
};

/** A folder with the configuration of one contestant and one size, and its state. */
export class Workspace {
  #has = "nothing";
  #trigger = 0;

  /**
   * @param {{ folder: string, contestant: import("./contestants.mjs").Contestant, size: number,
   *   cli: import("../cli.mjs").Cli, environment: Record<string, string>, endpoints: string[],
   *   signal: AbortSignal }} of
   */
  constructor(of) {
    Object.assign(this, of);
  }

  async prepare() {
    const { folder, contestant, endpoints } = this;
    mkdirSync(folder, { recursive: true });
    const { plugin } = contestant;
    if (plugin !== undefined) {
      const path = join(
        folder,
        "terraform.d/plugins",
        plugin.source,
        plugin.version,
        platform().name,
        plugin.file,
      );
      mkdirSync(dirname(path), { recursive: true });
      copyFileSync(plugin.path, path);
      chmodSync(path, 0o755);
    }
    writeFileSync(join(folder, "main.tf"), configuration(contestant));
    writeFileSync(join(folder, "terraform.tfvars.json"), JSON.stringify({ size: this.size }));
    writeFileSync(join(folder, "ids.json"), JSON.stringify(endpoints));
    writeFileSync(join(folder, "cli.tfrc"), "");
    await this.#run(["init", "-input=false", "-no-color"]);
  }

  /** Brings about what an operation starts from; not to be measured. */
  async ready(operation) {
    const { needs = this.#has } = OPERATIONS[operation];
    if (needs === this.#has) return;
    if (needs === "nothing") {
      rmSync(join(this.folder, "terraform.tfstate"), { force: true });
      this.#has = "nothing";
    } else {
      await this.measure("apply");
    }
  }

  /**
   * Does an operation. Gives its wall time in milliseconds and, where the system tells, what its
   * processes used (see watchUsage). Throws where it does not end as it has to.
   */
  async measure(operation) {
    const { title = operation, args, says, leaves = this.#has, turns } = OPERATIONS[operation];
    if (turns) this.#trigger++;
    const { output, ...measured } = await this.#run(args(`-var=trigger=${this.#trigger}`));
    const said = says(this.size, this.contestant.replaces);
    if (!output.includes(said)) {
      throw new Error(`"${title}" of ${this.contestant.title} does not say "${said}":\n${output}`);
    }
    this.#has = leaves;
    return measured;
  }

  async #run(args) {
    const { folder: cwd, cli, signal } = this;
    // A file takes the output at no cost to this process, which may have one core with the others.
    const log = join(cwd, "output.txt");
    const fd = openSync(log, "w");
    const begin = performance.now();
    const child = spawn(cli.path, args, {
      cwd,
      // NODE_EXTRA_CA_CERTS, where it is set, slows every start of node down; it is left out here.
      env: {
        PATH: process.env.PATH,
        HOME: cwd,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: join(cwd, "cli.tfrc"),
        TF_IN_AUTOMATION: "1",
        ...this.environment,
      },
      stdio: ["ignore", fd, fd],
      signal,
    });
    const usage = child.pid === undefined ? undefined : watchUsage(child.pid);
    try {
      const [code] = await once(child, "exit");
      const wall = performance.now() - begin;
      const output = readFileSync(log, "utf8");
      if (code !== 0) {
        throw new Error(
          `\`${cli.product} ${args.join(" ")}\` ended with ${code}:\n${tail(output)}`,
        );
      }
      return { wall, ...usage?.stop(), output: tail(output) };
    } finally {
      usage?.stop();
      closeSync(fd);
    }
  }
}

const tail = (text) => text.slice(-2000);

function configuration({ plugin, resource }) {
  const [, name] = /\/([^/]+)$/.exec(plugin?.source ?? "") ?? [];
  const required = plugin && `required_providers { ${name} = { source = "${plugin.source}" } }`;
  return `terraform {
  ${required ?? ""}
}
variable "size" { type = number }
variable "trigger" { type = string }
locals { ids = jsondecode(file("ids.json")) }
${resource}
`;
}
