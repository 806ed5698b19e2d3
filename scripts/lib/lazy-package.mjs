import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/**
 * An esbuild plugin: bundles a package as text, which is compiled when it is first required. What a
 * process does not use then costs it next to nothing at its start, however big it is; as code, even
 * code that never runs is parsed.
 *
 * The package's licence, and those of what it needs, go among the bundle's legal comments.
 *
 * @param {string} name
 * @param {string[]} without globals that the package is to find undefined
 */
export const lazyPackage = (name, without = []) => ({
  name: `lazy-package:${name}`,
  setup({ esbuild, initialOptions, onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${name}$`) }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path, namespace: "lazy-package" },
    );
    onLoad({ filter: new RegExp(`^${name}$`), namespace: "lazy-package" }, async () => {
      const { platform, target, alias = {} } = initialOptions;
      // Parameters of these names hide the globals, and globalThis one that has them undefined.
      const hidden = without.length > 0 ? ["globalThis", ...without] : [];
      const { outputFiles, metafile } = await esbuild.build({
        absWorkingDir: root,
        stdin: { contents: `module.exports = require("${name}")`, resolveDir: root },
        bundle: true,
        format: "cjs",
        platform,
        target,
        alias,
        minify: true,
        legalComments: "none",
        metafile: true,
        write: false,
      });
      return {
        contents: `${licences(Object.keys(metafile.inputs))}
          const text = ${JSON.stringify(outputFiles[0].text)};
          const { compileFunction } = require("node:vm");
          compileFunction(text, ["module", "exports", "require", ...${JSON.stringify(hidden)}], { filename: "${name}" })
            (module, exports, require${hidden.length > 0 ? `, ${globals(without)}` : ""});`,
        loader: "js",
      };
    });
  },
});

const globals = (without) =>
  `Object.create(globalThis, ${JSON.stringify(Object.fromEntries(without.map((name) => [name, {}])))})`;

function licences(files) {
  const folders = files.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  const texts = [...new Set(folders)].filter(Boolean).map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[sc]e/i.test(entry));
    const licence = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8");
    return `${name} ${version}\n\n${licence.trim()}`.replaceAll("*/", "* /");
  });
  return texts.map((text) => `/*!\n${text}\n*/`).join("\n");
}
