import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { licenceText, packagePath } from "./packages.mjs";
import { root } from "./paths.mjs";

/**
 * Bundles a program of which parts are compiled only when they are first required. V8 parses all of
 * a script before it runs a line of it, code that never runs included, but passes over a comment
 * nearly for nothing: so a late part stands in a comment, within a function that is never called,
 * whose text it is taken from.
 *
 * A part is a file of the project, which shares with the program the modules that both need, or a
 * package. The licences of packages go among the bundle's legal comments.
 *
 * @param {import("esbuild").BuildOptions} options esbuild's, for one entry point and an outfile
 * @param {{ name: string, file?: string, without?: string[] }[]} late `file`, from the root, for a
 *   part that is no package; `without` names globals that a package is to find undefined
 * @param {string} compiler the file, from the root, that exports how a part is compiled
 */
export async function bundleLate(options, late, compiler) {
  const { build } = await import("esbuild");
  const base = {
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    platform: options.platform,
    target: options.target,
    alias: options.alias ?? {},
    legalComments: "none",
    metafile: true,
    write: false,
  };
  const files = late.filter(({ file }) => file !== undefined);
  const packages = late.filter(({ file }) => file === undefined);
  const { metafile } = await build({
    ...base,
    entryPoints: options.entryPoints,
    plugins: [absent(late)],
  });
  const early = new Set(Object.keys(metafile.inputs));

  const parts = [];
  for (const { name, without = [] } of packages) {
    const { outputFiles, metafile: made } = await build({
      ...base,
      stdin: { contents: `module.exports = require("${name}")`, resolveDir: root },
      minify: true,
    });
    parts.push({ name, without, text: outputFiles[0].text, inputs: Object.keys(made.inputs) });
  }
  const shared = new Map();
  for (const { name, file } of files) {
    const used = new Set();
    const { outputFiles, metafile: made } = await build({
      ...base,
      entryPoints: [file],
      minifyWhitespace: options.minifyWhitespace ?? false,
      minifySyntax: options.minifySyntax ?? false,
      plugins: [fromProgram(early, used), fromParts(packages)],
    });
    parts.push({ name, without: [], text: outputFiles[0].text, inputs: Object.keys(made.inputs) });
    shared.set(file, used);
  }
  const make = `loadLate(require("./${compiler}").compile)`;
  const legalOf = (name) => licences(inputsOf(parts, name));
  return build({
    ...options,
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    footer: { js: [...parts.map(partFunction), loader(parts)].join("\n") },
    plugins: [filesFromParts(files, shared, make, legalOf), fromParts(packages, make, legalOf)],
  });
}

/** What a part is made of, other parts within it included. */
const inputsOf = (parts, name) => {
  const { inputs } = parts.find((part) => part.name === name);
  return inputs.flatMap((input) =>
    input.startsWith("late:") ? inputsOf(parts, input.slice("late:".length)) : [input],
  );
};

const partFunction = ({ text }, index) =>
  `function latePart${index}() {/*${text.replaceAll("*/", "*\u0001/")}*/}`;

// The parameters of a part hide the globals that it is to find undefined, and its globalThis is one
// that has them undefined.
const loader = (parts) => `function loadLate(compile) {
  const parts = {
    ${parts
      .map(
        ({ name, without, text }, index) =>
          `${JSON.stringify(name)}: [latePart${index}, ${JSON.stringify(keyOf(text))}, ${JSON.stringify(without)}]`,
      )
      .join(",\n    ")}
  };
  return function late(name, module, exports, require) {
    const [part, key, without] = parts[name];
    const all = part.toString();
    const text = all.slice(all.indexOf("/*") + 2, all.lastIndexOf("*/")).replaceAll("*\\u0001/", "*/");
    const hidden = without.length > 0 ? ["globalThis", ...without] : [];
    const scope = Object.create(globalThis, Object.fromEntries(without.map((global) => [global, {}])));
    compile({ name, text, key, parameters: ["module", "exports", "require", "late", ...hidden] })(
      module, exports, require, late, scope);
  };
}`;

const keyOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Leaves the parts out, to see what the program is without them. */
const absent = (late) => ({
  name: "absent",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, async ({ path, resolveDir, kind }) => {
      if (kind === "entry-point") return undefined;
      return partOf(late, path, resolveDir) === undefined ? undefined : { path, external: true };
    });
  },
});

/**
 * A package that is a part, for whoever requires it: another part has `late` as a parameter, the
 * program has to make it.
 */
const fromParts = (packages, late = "late", legalOf = () => "") => ({
  name: "from-parts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, resolveDir }) => {
      const part = partOf(packages, path, resolveDir);
      return part && { path: part.name, namespace: "late" };
    });
    onLoad({ filter: /./, namespace: "late" }, ({ path }) => ({
      contents: `${legalOf(path)}\n${late}(${JSON.stringify(path)}, module, exports, require);`,
      resolveDir: root,
      loader: "js",
    }));
  },
});

/** A file that is a part, for the program: it gets the program's modules by their path. */
const filesFromParts = (files, shared, late, legalOf) => ({
  name: "files-from-parts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, resolveDir, kind }) => {
      const part = kind === "entry-point" ? undefined : partOf(files, path, resolveDir);
      return part && { path: part.name, namespace: "late-file", pluginData: part };
    });
    onLoad({ filter: /./, namespace: "late-file" }, ({ path, pluginData }) => {
      const modules = [...shared.get(pluginData.file)].map(
        (file) => `${JSON.stringify(file)}: require("./${file}")`,
      );
      return {
        contents: `${legalOf(path)}
          const modules = { ${modules.join(", ")} };
          ${late}(${JSON.stringify(path)}, module, exports, (name) => modules[name] ?? require(name));`,
        resolveDir: root,
        loader: "js",
      };
    });
  },
});

/** Leaves to the program what is in the program, and notes what that is. */
const fromProgram = (early, used) => ({
  name: "from-program",
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, kind }) => {
      const file = sourceOf(path, resolveDir);
      if (kind === "entry-point" || !early.has(file)) return undefined;
      used.add(file);
      return { path: file, external: true };
    });
  },
});

const partOf = (late, path, resolveDir) =>
  late.find(({ name, file }) =>
    file === undefined
      ? name === path
      : path.startsWith(".") && sourceOf(path, resolveDir) === file,
  );

// As esbuild does it for TypeScript, whose imports name what will be there once it is compiled.
const sourceOf = (path, resolveDir) =>
  relative(root, join(resolveDir, path)).replaceAll("\\", "/").replace(/\.js$/, ".ts");

function licences(files) {
  const paths = new Set(files.map(packagePath).filter((path) => path !== undefined));
  const texts = [...paths].map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
    const text = licenceText(root, { path }) ?? "";
    return `${name} ${version}\n\n${text}`.replaceAll("*/", "* /");
  });
  return texts.map((text) => `/*!\n${text}\n*/`).join("\n");
}
