import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { madeOnce } from "../lib/lock.mjs";
import { platform, root, userCache } from "../lib/paths.mjs";
import { run, step } from "../lib/process.mjs";

const source = join(root, "scripts/bench/go-floor");

/** Builds the Go provider that does nothing (see go-floor/main.go), once; gives the path. */
export async function getGoFloor() {
  const hash = createHash("sha256");
  for (const file of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(source, file)));
  const { name, exe } = platform();
  const version = hash.digest("hex").slice(0, 16);
  const output = join(userCache(), "bench-go-floor", version, name, `go-floor${exe}`);
  return madeOnce(output, () => build(output));
}

async function build(output) {
  const draft = `${output}.${process.pid}`;
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
  mkdirSync(dirname(output), { recursive: true });
  try {
    await step("Building a Go provider that does nothing (a minute, once)", () =>
      run(
        "go",
        ["build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", `-o=${draft}`],
        { cwd: source, env },
      ),
    );
    renameSync(draft, output);
  } finally {
    rmSync(draft, { force: true });
  }
}
