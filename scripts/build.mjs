// Builds what is stale into dist/ (and the generated sources that go there).
//
//   node scripts/build.mjs [step …]     all steps but those on demand, or these; see `steps` below
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { doStamped, isStale } from "./lib/fingerprint.mjs";
import { withLock } from "./lib/lock.mjs";
import { localCache, platform, root } from "./lib/paths.mjs";
import { isMain, main, run, step } from "./lib/process.mjs";

const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const plugin = "dist/plugin";
const launcher = `${name}_v${version}`;
const providerSources = [
  ...["launcher.sh", "main.ts", "plugin.ts", "service.ts"].map((file) => `src/${file}`),
  ...["generated", "plugin", "provider", "polyai", "webhooks"].map((part) => `src/${part}`),
];
const toolchain = ["package.json", "package-lock.json", "tsconfig.json", "scripts/build.mjs"];

const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "warning",
};

// axios looks at these when it is loaded: Node would then load its own fetch, which takes 20 ms of
// each process, and form-data the list of all media types. axios' http adapter needs neither.
const axiosOptions = {
  define: { globalThis: "{}", fetch: "undefined" },
  alias: { "form-data": "axios/unsafe/helpers/null.js" },
};

/** The provider as an executable for this machine: see lib/executable.mjs. */
export const executableFile = join(
  localCache,
  "executable",
  platform().name,
  `${name}_v${version}${platform().exe}`,
);

/** What executables of all platforms are made of, and the licences of what they hold. */
export const executableBundle = join(localCache, "executable/main.js");
export const executableLicencesFile = join(localCache, "executable/licences.txt");

// In order: a later step may use what an earlier one made.
const steps = [
  {
    name: "protocol",
    title: "Generating the protocol's messages",
    inputs: ["src/plugin/tfplugin6/buf.gen.yaml", "src/plugin/tfplugin6/tfplugin6.proto"],
    outputs: ["src/plugin/tfplugin6/generated"],
    async build() {
      clear("src/plugin/tfplugin6/generated");
      const buf = join(root, "node_modules/@bufbuild/buf/bin/buf");
      await node(buf, "generate", "--template", "src/plugin/tfplugin6/buf.gen.yaml");
    },
  },
  {
    name: "api",
    title: "Generating the types of PolyAI's API",
    inputs: ["api/openapi.json"],
    outputs: ["src/generated/openapi.ts"],
    build: () =>
      node(
        join(root, "node_modules/openapi-typescript/bin/cli.js"),
        ...["api/openapi.json", "--immutable", "-o", "src/generated/openapi.ts"],
      ),
  },
  {
    name: "schema",
    title: "Encoding the schema",
    inputs: [
      "src/codegen/build-step.ts",
      "src/codegen/encoded-schema.ts",
      ...["plugin", "polyai", "provider", "webhooks"].map((part) => `src/${part}`),
    ],
    outputs: ["src/generated/encoded-schema.ts"],
    async build() {
      await bundle("src/codegen/encoded-schema.ts", ".cache/encoded-schema.js", {
        packages: "external",
      });
      mkdirSync(join(root, "src/generated"), { recursive: true });
      await node(
        join(localCache, "encoded-schema.js"),
        join(root, "src/generated/encoded-schema.ts"),
      );
    },
  },
  {
    name: "plugin",
    title: "Bundling the provider",
    inputs: providerSources,
    outputs: [`${plugin}/${launcher}`],
    async build() {
      // Under another name first: a synth meanwhile finds the plugin that was there.
      const made = ".cache/plugin";
      clear(made);
      // Packages that are loaded when they are first needed, so from a file of their own.
      const late = { axios: "./axios.cjs", "age-encryption": "./age-encryption.cjs" };
      await Promise.all([
        // An old Node must be able to read it, to say that it is old.
        bundle("src/main.ts", `${made}/main.cjs`, { target: "node10", external: ["./plugin.cjs"] }),
        bundleSmall("src/plugin.ts", `${made}/plugin.cjs`, {
          alias: late,
          external: Object.values(late),
        }),
        bundleSmall("axios", `${made}/axios.cjs`, { ...axiosOptions, minifyIdentifiers: true }),
        bundleSmall("age-encryption", `${made}/age-encryption.cjs`, { minifyIdentifiers: true }),
      ]);
      copyFileSync(join(root, "src/launcher.sh"), join(root, made, launcher));
      chmodSync(join(root, made, launcher), 0o755);
      clear(plugin);
      mkdirSync(join(root, "dist"), { recursive: true });
      renameSync(join(root, made), join(root, plugin));
    },
  },
  {
    name: "codegen",
    title: "Generating the schema JSON and the bindings",
    inputs: [
      ...["codegen", "plugin", "provider", "polyai", "webhooks"].map((part) => `src/${part}`),
      ...["provider", "resources", "data-sources", "ephemeral-resources", "functions"].map(
        (kind) => `examples/${kind}`,
      ),
    ],
    outputs: [
      "dist/schema.json",
      "docs/index.md",
      "lib/bindings/index.ts",
      ".cache/cdktn/lib/bindings/index.ts",
    ],
    async build() {
      // The generators are big and stay outside the bundle.
      await bundle("src/codegen/main.ts", ".cache/codegen.js", { packages: "external" });
      await node(join(localCache, "codegen.js"), root);
    },
  },
  {
    name: "cdktf",
    title: "Compiling the constructs for cdktf",
    inputs: ["lib", "src/placement", "scripts/tsconfig"],
    outputs: ["dist/cdktf/lib/index.js", "dist/cdktf/lib/index.d.ts"],
    async build() {
      clear("dist/cdktf");
      await compile("cdktf");
    },
  },
  {
    name: "cdktn",
    title: "Compiling the constructs for cdktn",
    inputs: ["lib", "src/placement", ".cache/cdktn/lib/bindings", "scripts/tsconfig"],
    outputs: ["dist/cdktn/lib/index.js", "dist/cdktn/lib/index.d.ts"],
    async build() {
      clear("dist/cdktn");
      copyForCdktn();
      await compile("cdktn");
    },
  },
  {
    name: "webhooks",
    title: "Compiling the webhook verifier",
    inputs: ["src/webhooks", "scripts/tsconfig"],
    outputs: ["dist/webhooks/index.js", "dist/webhooks/index.d.ts"],
    async build() {
      clear("dist/webhooks");
      await compile("webhooks");
    },
  },
  {
    name: "simulator",
    title: "Bundling the simulator",
    inputs: ["api", "src/simulator", "src/generated", "src/webhooks", "scripts/tsconfig"],
    outputs: ["dist/simulator/index.js", "dist/simulator/index.d.ts"],
    async build() {
      clear("dist/simulator");
      await compile("simulator");
      await bundle("src/simulator/index.ts", "dist/simulator/index.js", {
        legalComments: "external",
      });
    },
  },
  {
    name: "cli",
    needs: "src/cli/main.ts",
    title: "Bundling the command",
    inputs: [
      "src/cli",
      "src/placement",
      "src/simulator",
      "src/polyai",
      "src/webhooks",
      "src/plugin",
      "src/provider",
    ],
    outputs: ["dist/cli.js"],
    async build() {
      await bundle("src/cli/main.ts", "dist/cli.js", {
        banner: { js: "#!/usr/bin/env node" },
        legalComments: "external",
      });
      chmodSync(join(root, "dist/cli.js"), 0o755);
    },
  },
  {
    name: "executable-bundle",
    title: "Bundling the provider for executables",
    onDemand: true,
    inputs: [
      ...providerSources,
      ...["lib/bun", "lib/packages", "release/licences"].map((file) => `scripts/${file}.mjs`),
    ],
    outputs: [executableBundle, executableLicencesFile],
    async build() {
      const { executableLicences } = await import("./release/licences.mjs");
      const { metafile } = await bundle("src/plugin.ts", executableBundle, {
        minify: true,
        legalComments: "none",
        metafile: true,
      });
      writeFileSync(executableLicencesFile, executableLicences(metafile));
    },
  },
  {
    name: "executable",
    title: "Making the executable for this machine",
    onDemand: true,
    inputs: [executableBundle, "scripts/lib/bun.mjs", "scripts/release"],
    outputs: [executableFile],
    async build() {
      const { compile: toExecutable } = await import("./release/compile.mjs");
      const { platformCalled } = await import("./release/platforms.mjs");
      await toExecutable(executableBundle, platformCalled(), executableFile);
    },
  },
]
  .filter(({ needs = "" }) => existsSync(join(root, needs)))
  .map((work) => ({ ...work, inputs: [...work.inputs, ...toolchain] }));

const usual = steps.filter((work) => !work.onDemand).map((work) => work.name);

/** Builds what is stale; gives the names of the steps that were done. */
export async function build(only = usual) {
  const unknown = only.find((wanted) => !steps.some((work) => work.name === wanted));
  if (unknown !== undefined) throw new Error(`There is no build step "${unknown}".`);
  const chosen = steps.filter((work) => only.includes(work.name));
  if (!chosen.some(isStale)) return [];
  return withLock(join(localCache, "build.lock"), async () => {
    const done = [];
    for (const work of chosen) {
      // Asked again at its turn: the steps before, or another process, may have changed the answer.
      if (!isStale(work)) continue;
      await step(work.title, () => doStamped(work, work.build));
      done.push(work.name);
    }
    return done;
  });
}

/** Bundles a source into one file, with esbuild; both paths from the root. Gives esbuild's result. */
export async function bundle(entry, output, options) {
  // Loaded here, since set-up imports this file before node_modules exists.
  const { build: esbuild } = await import("esbuild");
  mkdirSync(dirname(resolve(root, output)), { recursive: true });
  return esbuild({ ...bundleOptions, entryPoints: [entry], outfile: output, ...options });
}

/**
 * The same without white space, since Terraform hashes and Node reads the file several times for each
 * command. The packages inside it are named at its end.
 */
async function bundleSmall(entry, output, options) {
  const small = { minifySyntax: true, minifyWhitespace: true, legalComments: "none" };
  const { metafile } = await bundle(entry, output, { ...options, ...small, metafile: true });
  const modules = Object.keys(metafile.inputs).filter((file) => file.startsWith("node_modules/"));
  appendFileSync(join(root, output), modules.map((file) => `// ${file}\n`).join(""));
}

function compile(project) {
  return node(
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    join(root, `scripts/tsconfig/${project}.json`),
  );
}

// The same sources, with the other CDK's name where they import it. The bindings beside them are
// the other CDK's own.
function copyForCdktn() {
  const target = join(localCache, "cdktn/lib");
  for (const entry of existsSync(target) ? readdirSync(target) : []) {
    if (entry !== "bindings") rmSync(join(target, entry), { recursive: true });
  }
  const placement = "src/placement";
  cpSync(join(root, placement), join(localCache, "cdktn", placement), { recursive: true });
  const bindings = join(root, "lib/bindings");
  cpSync(join(root, "lib"), target, { recursive: true, filter: (from) => from !== bindings });
  for (const file of readdirSync(target, { recursive: true })) {
    if (file.startsWith("bindings") || !file.endsWith(".ts")) continue;
    const path = join(target, file);
    const source = readFileSync(path, "utf8");
    writeFileSync(
      path,
      source.replace(/(\bfrom |\bimport\(|\brequire\()"cdktf(["/])/g, '$1"cdktn$2'),
    );
  }
}

function clear(folder) {
  rmSync(join(root, folder), { recursive: true, force: true });
}

function node(script, ...args) {
  return run(process.execPath, [script, ...args], { cwd: root });
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const only = process.argv.slice(2);
    await build(only.length > 0 ? only : undefined);
  });
}
