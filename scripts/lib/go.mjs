import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { run, step } from "./process.mjs";

/** Whether the Go toolchain is here. */
export function hasGo() {
  return spawnSync("go", ["version"], { stdio: "ignore" }).status === 0;
}

/**
 * Builds a command of a Go module, as the module proxy has it, into `output`.
 *
 * `go install module@version` refuses a module with replace directives, as Terraform and OpenTofu
 * have; so the build runs inside the module's own folder in the module cache, where it is the main
 * module and its replacements hold. Go checks each download against the checksum database; `sum`
 * (as in go.sum, "h1:…"), where given, must match as well.
 */
export async function buildGoModule({ module, version, sum, command, variables = {}, output }) {
  const env = {
    ...process.env,
    CGO_ENABLED: "0",
    GOFLAGS: "",
    GOWORK: "off",
    // The Go here may be older than the module asks for; "auto" lets it fetch the one it needs.
    GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? "auto",
  };
  const at = `${module}@v${version}`;
  const draft = `${output}.${process.pid}`;
  mkdirSync(dirname(output), { recursive: true });
  const source = await step(`Downloading ${at} from the Go module proxy`, async () =>
    JSON.parse(await run("go", ["mod", "download", "-json", at], { env })),
  );
  if (sum !== undefined && source.Sum !== sum) {
    throw new Error(`The Go module proxy gave ${at} with checksum ${source.Sum}, not ${sum}.`);
  }
  const flags = ["-s", "-w", ...Object.entries(variables).map(([k, v]) => `-X ${k}=${v}`)];
  try {
    await step(`Building ${at} (some minutes, once)`, () =>
      run(
        "go",
        [
          "build",
          "-mod=readonly",
          "-trimpath",
          "-buildvcs=false",
          `-ldflags=${flags.join(" ")}`,
          `-o=${draft}`,
          command,
        ],
        { cwd: source.Dir, env },
      ),
    );
    chmodSync(draft, 0o755);
    renameSync(draft, output);
  } finally {
    rmSync(draft, { force: true });
  }
}
