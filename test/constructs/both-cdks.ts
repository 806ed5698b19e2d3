/** The constructs of both builds, each with its CDK: the sources for cdktf, dist/ for cdktn. */
import type * as Cdktf from "cdktf";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as Constructs from "../../lib/index.js";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import type { Json } from "./stack-fixture.js";

export interface Build {
  readonly cdk: typeof Cdktf;
  readonly lib: typeof Constructs;
}

type Make = (stack: Cdktf.TerraformStack, build: Build) => void;

/** cdktn refuses features that are newer than the oldest CLIs of a project, which it must know. */
const context = { targetVersions: { terraform: ">=1.11.0", opentofu: ">=1.11.0" } };

const BUILDS = {
  cdktf: (): Build => ({
    cdk: require("cdktf") as typeof Cdktf,
    lib: require("../../lib/index.js") as typeof Constructs,
  }),
  cdktn: (): Build => ({
    cdk: require("cdktn") as typeof Cdktf,
    lib: require(join(ROOT, "dist/cdktn/lib/index.js")) as typeof Constructs,
  }),
};

/** Describes the suite once for each build; `synth` gives a stack's folder and configuration. */
export function describeForEachCdk(
  suite: (synth: (make: Make) => { folder: string; json: Json }, build: Build) => void,
): void {
  for (const [name, load] of Object.entries(BUILDS)) {
    describe(name, () => {
      const build = load();
      suite((make) => {
        const outdir = temporaryFolder();
        const app = new build.cdk.App({ outdir, context });
        const stack = new build.cdk.TerraformStack(app, "stack");
        // By default the state is beside the program, which is this repository's root.
        new build.cdk.LocalBackend(stack, { path: join(outdir, "terraform.tfstate") });
        make(stack, build);
        app.synth();
        const folder = join(outdir, "stacks", "stack");
        return { folder, json: configuration(folder) };
      }, build);
    });
  }
}

/** Without what each CDK notes for itself. */
const configuration = (folder: string): Json =>
  JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"), (key, value: unknown) =>
    key === "//" ? undefined : value,
  ) as Json;
