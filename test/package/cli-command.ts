/** Runs the built command as a person would, with a home of their own. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, type RunResult } from "../support/cli.js";
import { PROVIDER_VERSION } from "../support/workspace.js";
import { consumerFolder } from "./consumer.js";

export const COMMAND = join(ROOT, "dist/cli.js");

export type Environment = Readonly<Record<string, string | undefined>>;

/** A person's machine: an empty home, an empty CLI configuration, a folder to work in, no network. */
export class Person {
  readonly home = consumerFolder();
  readonly folder = join(this.home, "work");
  /** What every program of theirs sees. */
  readonly env: Environment;

  /** @param env where ~ is the home */
  constructor(env: Environment = {}) {
    mkdirSync(this.folder);
    const own = Object.entries(env).map(([name, value]) => [name, value?.replace("~", this.home)]);
    this.env = {
      PATH: process.env.PATH,
      HOME: this.home,
      CHECKPOINT_DISABLE: "1",
      // Nobody listens there.
      HTTPS_PROXY: "http://127.0.0.1:9",
      TF_CLI_CONFIG_FILE: join(this.home, "cli.tfrc"),
      ...(Object.fromEntries(own) as Environment),
    };
    this.write("../cli.tfrc", "");
  }

  /** Runs the command in their folder. */
  run(args: readonly string[], env: Environment = {}): Promise<RunResult> {
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env: { ...this.env, ...env } };
      execFile(process.execPath, [COMMAND, ...args], options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), signal: null, stdout, stderr }),
      );
    });
  }

  /** The same, where it must succeed and print JSON. */
  async json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout) as T;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Installs an npm package with an executable beside what they work on. */
  writePlatformPackage(suffix: string, files: Readonly<Record<string, string>>): void {
    const name = `terraform-provider-polyai-${suffix}`;
    const folder = join(this.folder, "node_modules", name);
    mkdirSync(join(folder, "bin"), { recursive: true });
    const lines = Object.entries(files).map(([file, content]) => {
      writeFileSync(join(folder, "bin", file), content);
      return `${createHash("sha256").update(content).digest("hex")}  ${file}\n`;
    });
    const hash = createHash("sha256").update(lines.sort(byName).join("")).digest("base64");
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name, version: PROVIDER_VERSION, terraform: { hash: `h1:${hash}` } }),
    );
  }
}

const byName = (a: string, b: string): number => (a.slice(66) < b.slice(66) ? -1 : 1);
