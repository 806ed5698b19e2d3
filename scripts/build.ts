/**
 * npm run build: everything in dist/, and the sources that are generated.
 *
 * It runs each time and takes seconds: a file is written only if its text changes, so that tsc and
 * whoever reads dist/ at the same time see no difference.
 */
import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { build as esbuild, type BuildOptions } from "esbuild";
import { exports } from "../package.json";
import { apiFacts } from "../src/codegen/api-facts.js";
import { placeFile } from "../src/placement/real-files.js";
import { writeNotices } from "./lib/notices.js";
import { localCache, root } from "./lib/machine.js";
import { main, run } from "./lib/process.js";

export const { name: NAME, version: VERSION } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
) as { name: string; version: string };

const API = "api/openapi.json";

const EXECUTABLE = 0o755;

// axios looks at these when it is loaded: Node would then load its own fetch, which takes 20 ms of
// each process, and form-data the list of all media types. axios' http adapter needs neither.
const AXIOS: BuildOptions = {
  define: { globalThis: "{}", fetch: "undefined" },
  alias: { "form-data": "axios/unsafe/helpers/null.js" },
};

// Terraform hashes these files and Node reads them several times for each command. Names stay, for
// the stack of a fault.
const SMALL: BuildOptions = { minifySyntax: true, minifyWhitespace: true };

// Packages that are loaded when they are first needed, so from a file of their own.
const LATE = { axios: "./axios.cjs", "age-encryption": "./age-encryption.cjs" };

/** Builds all of dist/. */
export async function build(): Promise<void> {
  await generateMessages();
  await generateApiTypes();
  write("src/generated/api-facts.ts", apiFacts(readFileSync(join(root, API), "utf8")));
  await generate("encoded-schema", join(root, "src/generated/encoded-schema.ts"));
  const [bundled] = await Promise.all([bundles(), generate("main", root)]);
  writeSubpaths();
  copyForCdktn();
  const projects = ["cdktf", "cdktn", "types"];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await node(tsc, "--build", ...projects.map((name) => join("scripts/tsconfig", `${name}.json`)));
  // For the ES module, which TypeScript would otherwise take for CommonJS.
  write("dist/webhooks/index.d.mts", 'export * from "./index.js";\n');
  // The constructs' users install no package for it.
  const zips = await Promise.all(
    ["cdktf", "cdktn"].map((cdk) =>
      bundle("src/placement/zip.ts", `dist/${cdk}/src/placement/zip.js`, { minify: true }),
    ),
  );
  writeNotices([...new Set([...bundled, ...zips.flat()])].sort());
}

/** Bundles an entry point with esbuild. Gives the folders of the packages that are in the output. */
export async function bundle(
  entry: string,
  outfile: string,
  options: BuildOptions = {},
  mode = 0o644,
): Promise<readonly string[]> {
  const { outputFiles, metafile } = await esbuild({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    logLevel: "warning",
    ...options,
    metafile: true,
    write: false,
  });
  for (const { path, contents } of outputFiles) write(relative(root, path), contents, mode);
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
}

/** Gives the folders of all packages that are in a bundle. */
async function bundles(): Promise<readonly string[]> {
  const plugin = "dist/plugin";
  const launcher = readFileSync(join(root, "src/launcher.sh"));
  write(`${plugin}/${NAME}_v${VERSION}`, launcher, EXECUTABLE);
  const all = await Promise.all([
    // An old Node must be able to read it, to say that it is old.
    bundle("src/main.ts", `${plugin}/main.cjs`, { target: "node10", external: ["./plugin.cjs"] }),
    bundle("src/plugin.ts", `${plugin}/plugin.cjs`, {
      ...SMALL,
      alias: LATE,
      external: Object.values(LATE),
    }),
    bundle("axios", `${plugin}/axios.cjs`, { ...AXIOS, minify: true }),
    bundle("age-encryption", `${plugin}/age-encryption.cjs`, { minify: true }),
    bundle("src/webhooks/index.ts", "dist/webhooks/index.js", { platform: "neutral" }),
    bundle("src/webhooks/index.ts", "dist/webhooks/index.mjs", {
      platform: "neutral",
      format: "esm",
    }),
    bundle("src/simulator/index.ts", "dist/simulator/index.js"),
    bundle("src/cli/main.ts", "dist/cli.js", { banner: { js: "#!/usr/bin/env node" } }, EXECUTABLE),
  ]);
  // The launcher of another version.
  for (const file of readdirSync(join(root, plugin))) {
    if (!file.endsWith(".cjs") && file !== `${NAME}_v${VERSION}`) rmSync(join(root, plugin, file));
  }
  return [...new Set(all.flat())].sort();
}

/** Resolvers that know no `exports` find a subpath by a folder of its name, with a package.json. */
function writeSubpaths(): void {
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === "string" || path === ".") continue;
    const { default: main, types } = "import" in target ? target.default : target;
    const files = { main: relative(path, main), types: relative(path, types) };
    write(join(path, "package.json"), `${JSON.stringify(files)}\n`);
  }
}

/** The types of PolyAI's API, from its document. */
async function generateApiTypes(): Promise<void> {
  const [from, to] = [API, "src/generated/openapi.ts"];
  if (isNewer(to, from)) return;
  await node("node_modules/openapi-typescript/bin/cli.js", from, "--immutable", "-o", to);
}

/** The protocol's messages, from its .proto file, which hardly ever changes. */
async function generateMessages(): Promise<void> {
  const folder = "src/plugin/tfplugin6";
  if (isNewer(`${folder}/generated/tfplugin6.ts`, `${folder}/tfplugin6.proto`)) return;
  await node(
    "node_modules/@bufbuild/buf/bin/buf",
    "generate",
    "--template",
    `${folder}/buf.gen.yaml`,
  );
}

/** False if it is not there. */
const isNewer = (made: string, source: string): boolean =>
  (statSync(join(root, made), { throwIfNoEntry: false })?.mtimeMs ?? 0) >
  statSync(join(root, source)).mtimeMs;

/** Runs a program of src/codegen/. The generators of bindings are big and stay outside the bundle. */
async function generate(program: string, argument: string): Promise<void> {
  const file = join(localCache, `codegen/${program}.cjs`);
  await bundle(`src/codegen/${program}.ts`, file, { packages: "external" });
  await node(file, argument);
}

/**
 * The constructs' sources with the other CDK's name where they import it. Its bindings are there
 * already, made by the other CDK's own generator.
 */
function copyForCdktn(): void {
  const target = join(localCache, "cdktn");
  const isBinding = (path: string) => path.startsWith(join("lib", "bindings"));
  const sources = ["lib", "src/placement"]
    .flatMap((folder) => filesIn(join(root, folder)).map((file) => join(folder, file)))
    .filter((path) => path.endsWith(".ts") && !isBinding(path) && !path.endsWith("mirror.ts"))
    .concat(join("src", "facts.ts"), join("src", "generated", "api-facts.ts"));
  for (const path of sources) {
    const source = readFileSync(join(root, path), "utf8");
    const text = source.replace(/(\bfrom |\bimport\(|\brequire\()"cdktf(["/])/g, '$1"cdktn$2');
    placeFile(target, path, Buffer.from(text));
  }
  for (const path of filesIn(target)) {
    if (!isBinding(path) && !sources.includes(path)) rmSync(join(target, path));
  }
}

const write = (path: string, content: string | Uint8Array, mode?: number) =>
  placeFile(root, path, Buffer.from(content), mode);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

const node = (...args: string[]) => run(process.execPath, args, { cwd: root });

if (require.main === module) main(build);
