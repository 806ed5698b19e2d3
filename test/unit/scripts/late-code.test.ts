import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type TemporaryFolder, evaluate, node, SCRIPTS, temporaryFolder } from "./support.js";

const ROOT = join(SCRIPTS, "..");

let folder: TemporaryFolder;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => {
  folder.remove();
});

/** Bundles a program that may need age or a part of its own, and gives the bundle's path. */
async function bundle(files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  const outfile = join(folder.path, "bundle.js");
  const { code, stderr } = await evaluate(
    "lib/late-code.mjs",
    `await script.bundleLate(
      {
        entryPoints: [${JSON.stringify(join(folder.path, "program.js"))}],
        outfile: ${JSON.stringify(outfile)},
        platform: "node",
        target: "node20",
        legalComments: "external",
      },
      [
        { name: "age-encryption" },
        { name: "part", file: ${JSON.stringify(relative(ROOT, join(folder.path, "part.ts")))} },
      ],
      "src/plugin/startup/compile-cache.ts",
    );`,
  );
  expect([code, stderr]).toEqual([0, ""]);
  return outfile;
}

const COMPILED = `const compiled = [];
  const vm = require("node:vm");
  const { Script } = vm;
  vm.Script = class extends Script {
    constructor(text, options) {
      super(text, options);
      compiled.push(options.filename);
    }
  };`;

describe("a late package", () => {
  it("is compiled by whoever requires it, once", async () => {
    const file = await bundle({
      "part.ts": "",
      "program.js": `${COMPILED}
        console.log(compiled.join());
        for (let i = 0; i < 2; i++) {
          const { Encrypter } = require("age-encryption");
          console.log(typeof new Encrypter().encrypt, compiled.join());
        }`,
    });
    const { code, stdout, stderr } = await node([file]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe("\nfunction age-encryption\nfunction age-encryption\n");
  });

  it("brings its licence, and those of what it needs", async () => {
    await bundle({ "part.ts": "", "program.js": `require("age-encryption")` });
    const licences = readFileSync(join(folder.path, "bundle.js.LEGAL.txt"), "utf8");
    expect(licences).toMatch(/age-encryption \d/);
    expect(licences).toContain("Redistributions in binary form must reproduce");
    expect(licences).toMatch(/@noble\/curves \d/);
    expect(licences).toContain("Permission is hereby granted, free of charge");
  });
});

describe("a late part of the project", () => {
  it("is compiled by whoever imports it, and shares the program's modules", async () => {
    const file = await bundle({
      "state.ts": "export const state = { count: 1 };",
      "own.ts": "export const own = '*/ /* */';",
      "part.ts": `import { join } from "node:path";
        import { own } from "./own.js";
        import { state } from "./state.js";
        import { Encrypter } from "age-encryption";
        export const text = (): string => join(own, String(++state.count), typeof Encrypter);`,
      "program.js": `${COMPILED}
        import { state } from "./state.js";
        console.log(compiled.join());
        import("./part.js").then(({ text }) => {
          console.log(text(), state.count, compiled.join());
        });`,
    });
    const { code, stdout, stderr } = await node([file]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe("\n*/ /* */2/function 2 part,age-encryption\n");
  });
});
