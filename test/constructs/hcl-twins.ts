/** Compares an example's HCL with its CDKTF program. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import type { Json } from "./stack-fixture.js";

/** A block's kind and the names of its arguments: `resource null_resource: triggers`. */
type Shape = string;

const KINDS = ["provider", "resource", "ephemeral"] as const;

/** Of formatted HCL, in which arguments are two spaces in. */
export function shapesOfHcl(file: string): readonly Shape[] {
  const text = readFileSync(join(ROOT, "examples", file), "utf8");
  return [...text.matchAll(/^(provider|resource|ephemeral) "([^"]*)".*\{\n([^]*?)^\}/gm)]
    .map(([, kind, type, body]) => {
      const names = [...body!.matchAll(/^ {2}(\w+)(?: +=| \{| ")/gm)].map(([, name]) => name!);
      return shape(kind!, type!, names);
    })
    .sort();
}

export const shapesOfStack = (stack: Json | undefined): readonly Shape[] =>
  KINDS.flatMap((kind) =>
    Object.entries(stack?.[kind] ?? {}).flatMap(([type, blocks]) =>
      Object.values(blocks).map((block) =>
        shape(
          kind,
          type,
          Object.keys(block).filter((name) => name !== "//"),
        ),
      ),
    ),
  ).sort();

const shape = (kind: string, type: string, names: readonly string[]): Shape =>
  `${kind} ${type}: ${[...names].sort().join(", ")}`;

/** Runs an example's program by the command in its cdktf.json, as the CLI does; gives its stacks. */
export function synthesize(folder: string): Json {
  const { app } = JSON.parse(readFileSync(join(folder, "cdktf.json"), "utf8")) as { app: string };
  const outdir = temporaryFolder();
  const [command, ...args] = app.split(" ") as [string, ...string[]];
  execFileSync(command === "node" ? process.execPath : command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stacks = join(outdir, "stacks");
  return Object.fromEntries(
    readdirSync(stacks).map((stack) => [
      stack,
      JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")) as Json,
    ]),
  );
}
