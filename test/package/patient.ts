/** A machine with all that a rotation needs, which `doctor` looks at. */
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { thisPlatform } from "../../src/placement/package.js";
import type { Simulator } from "../../src/simulator/index.js";
import { Machine } from "../support/machine.js";
import { accessTo } from "../support/simulator.js";
import { PLUGIN_NAME, PROVIDER_VERSION, type Environment } from "../support/workspace.js";

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly subject: string;
    readonly status: string;
    readonly text: string;
    readonly wayOut?: string;
  }[];
}

/** Somebody for whom all is well, until something is changed. */
export class Patient extends Machine {
  readonly #key: string;

  constructor(simulator: Simulator, env: Environment = {}) {
    super({ PATH: "~/bin", ...accessTo(simulator), ...env });
    this.#key = simulator.apiKey;
    this.installs({ terraform: "echo Terraform v1.11.4" });
    symlinkSync(process.execPath, join(this.home, "bin/node"));
    symlinkSync("/usr/bin/env", join(this.home, "bin/env"));
  }

  lacks(name: string): void {
    rmSync(join(this.home, "bin", name));
  }

  /** The file that Terraform would start, beside the configuration. */
  get plugin(): string {
    const mirror = join(this.folder, "terraform.d/plugins/registry.terraform.io/polyai/polyai");
    return join(mirror, PROVIDER_VERSION, thisPlatform(), PLUGIN_NAME);
  }

  async report(args: readonly string[] = ["--offline"], env: Environment = {}): Promise<Report> {
    const { code, stdout, stderr } = await this.run(["doctor", ...args, "--json"], env);
    for (const key of [env["POLYAI_API_KEY"], this.#key]) {
      if (key) expect(stdout).not.toContain(key);
    }
    const report = JSON.parse(stdout) as Report;
    expect({ code, stderr }).toEqual({ code: report.ok ? 0 : 1, stderr: "" });
    return report;
  }

  /** The problems, each as "subject: text: way out". */
  async problems(...given: Parameters<Patient["report"]>): Promise<readonly string[]> {
    const { ok, checks } = await this.report(...given);
    const problems = checks.filter(({ status }) => status === "problem");
    expect(ok).toBe(problems.length === 0);
    return problems.map(({ subject, text, wayOut }) => `${subject}: ${text}: ${String(wayOut)}`);
  }

  /** Expects one problem, and gives it. */
  async problem(told: RegExp, ...given: Parameters<Patient["report"]>): Promise<string> {
    const problems = await this.problems(...given);
    expect(problems).toEqual([expect.stringMatching(told)]);
    return problems[0]!;
  }
}

/** One with the provider beside the configuration. */
export async function patientWith(simulator: Simulator, env: Environment = {}): Promise<Patient> {
  const person = new Patient(simulator, env);
  await person.json(["install", "--into", "."]);
  return person;
}
