import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname } from "node:path";
import { cachedProgram } from "./machine.js";
import { say } from "./process.js";

export interface GoCommand {
  readonly module: string;
  readonly version: string;
  /** The module's checksum, as in go.sum; the checksum database is asked in any case. */
  readonly sum?: string;
  /** The package of the command in the module. Default ".". */
  readonly command?: string;
  /** A variable of the module and the value that the linker gives it. */
  readonly linked?: string;
  readonly output: string;
}

/** True if the Go toolchain is installed. */
export const hasGo = (): boolean =>
  spawnSync("go", ["version"], { env: process.env, stdio: "ignore" }).status === 0;

/**
 * Builds a command of a Go module, from the module proxy, into `output`.
 *
 * `go install module@version` refuses a module with replace directives, such as Terraform's. A build
 * in the module's folder of the module cache takes it, since it is the main module there.
 */
export function buildGo({ module, version, sum, command = ".", linked, output }: GoCommand) {
  const at = `${module}@v${version}`;
  // The Go here may be older than the module asks for; "auto" lets it fetch the one it needs.
  const { GOTOOLCHAIN = "auto" } = process.env;
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN };
  say(`Building ${at} from the Go module proxy (some minutes, once) …`);
  const downloaded = execFileSync("go", ["mod", "download", "-json", at], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const source = JSON.parse(downloaded) as { Dir: string; Sum: string };
  if (sum !== undefined && source.Sum !== sum) {
    throw new Error(`The Go module proxy gave ${at} with checksum ${source.Sum}, not ${sum}.`);
  }
  const flags = linked === undefined ? "-s -w" : `-s -w -X ${linked}`;
  // Under another name until it is whole.
  const draft = `${output}.${process.pid}`;
  mkdirSync(dirname(output), { recursive: true });
  const args = ["-trimpath", "-buildvcs=false", `-ldflags=${flags}`, "-o", draft, command];
  execFileSync("go", ["build", ...args], { cwd: source.Dir, env, stdio: ["ignore", 2, 2] });
  chmodSync(draft, 0o755);
  renameSync(draft, output);
}

/** Builds a Go command into the user's cache, once. Gives the path. */
export function goTool(name: string, of: Omit<GoCommand, "output">): string {
  const output = cachedProgram(basename(of.module), of.version, name);
  if (!existsSync(output)) buildGo({ ...of, output });
  return output;
}
