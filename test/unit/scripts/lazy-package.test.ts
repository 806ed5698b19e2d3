import { join } from "node:path";
import { readFileSync } from "node:fs";
import { type TemporaryFolder, evaluate, node, SCRIPTS, temporaryFolder } from "./support.js";

let folder: TemporaryFolder;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => {
  folder.remove();
});

/** Bundles a program that may need age, and gives the bundle's path. */
async function bundle(program: string): Promise<string> {
  const entry = folder.write("program.js", program);
  const outfile = join(folder.path, "bundle.js");
  const { code, stderr } = await evaluate(
    "lib/lazy-package.mjs",
    `import { build } from ${JSON.stringify(join(SCRIPTS, "../node_modules/esbuild/lib/main.js"))};
    await build({
      entryPoints: [${JSON.stringify(entry)}],
      outfile: ${JSON.stringify(outfile)},
      nodePaths: [${JSON.stringify(join(SCRIPTS, "../node_modules"))}],
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      legalComments: "external",
      plugins: [script.lazyPackage("age-encryption")],
    });`,
  );
  expect([code, stderr]).toEqual([0, ""]);
  return outfile;
}

const COMPILED = `const compiled = [];
  const { compileFunction } = require("node:vm");
  require("node:vm").compileFunction = (text, names, options) => {
    compiled.push(options.filename);
    return compileFunction(text, names, options);
  };`;

describe("a lazy package", () => {
  it("is compiled by whoever requires it, once", async () => {
    const file = await bundle(`${COMPILED}
      console.log(compiled.join());
      for (let i = 0; i < 2; i++) {
        const { Encrypter } = require("age-encryption");
        console.log(typeof new Encrypter().encrypt, compiled.join());
      }`);
    const { code, stdout, stderr } = await node([file]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe("\nfunction age-encryption\nfunction age-encryption\n");
  });

  it("brings its licence, and those of what it needs", async () => {
    await bundle(`require("age-encryption")`);
    const licences = readFileSync(join(folder.path, "bundle.js.LEGAL.txt"), "utf8");
    expect(licences).toMatch(/age-encryption \d/);
    expect(licences).toContain("Redistributions in binary form must reproduce");
    expect(licences).toMatch(/@noble\/curves \d/);
    expect(licences).toContain("Permission is hereby granted, free of charge");
  });
});
