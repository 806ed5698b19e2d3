/** What the package says of the code of others that is inside dist/: the SBOM, and the licences. */
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { evaluate } from "../unit/scripts/support.js";

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly licence: string;
  readonly files: readonly string[];
}

const ask = async <T>(script: string, body: string): Promise<T> => {
  const ended = await evaluate(script, `const ROOT = ${JSON.stringify(ROOT)};\n${body}`, {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
  });
  if (ended.code !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout) as T;
};

let bundled: readonly Bundled[];
let licences: string;

beforeAll(async () => {
  ({ bundled, licences } = await ask<{ bundled: Bundled[]; licences: string }>(
    "publish/licences.mjs",
    `import { bundledPackages } from ${JSON.stringify(join(ROOT, "scripts/publish/bundled.mjs"))};
     const bundled = bundledPackages(ROOT);
     console.log(JSON.stringify({ bundled, licences: script.licences(ROOT, bundled) }));`,
  ));
});

const ref = ({ name, version }: { name: string; version: string }) => `${name}@${version}`;

it("knows every package that esbuild puts into a bundle", async () => {
  // The alias is build.mjs's; packages in files of their own are entry points, as there.
  const { inputs, used } = await ask<{ inputs: string[]; used: string[] }>(
    "lib/packages.mjs",
    `import { build } from "esbuild";
     const { metafile } = await build({
       absWorkingDir: ROOT,
       entryPoints: ["src/plugin.ts", "src/simulator/index.ts", "src/cli/main.ts", "axios", "age-encryption"],
       outdir: ".cache/none",
       bundle: true,
       platform: "node",
       target: "node20",
       format: "cjs",
       
       metafile: true,
       write: false,
       logLevel: "silent",
     });
     const packages = (files) =>
       [...new Set(files.map(script.packagePath).filter((each) => each !== undefined))];
     const used = Object.values(metafile.outputs).flatMap((output) =>
       Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0));
     console.log(JSON.stringify({
       inputs: packages(Object.keys(metafile.inputs)),
       used: packages(used.map(([file]) => file)),
     }));`,
  );
  const known = bundled.map(({ path }) => path);
  expect(used.length).toBeGreaterThan(40);
  // A bundle that no longer names its modules in comments needs another way to tell what is in it.
  expect(used.filter((path) => !known.includes(path))).toEqual([]);
  expect(known.filter((path) => !inputs.includes(path))).toEqual([]);
});

it("gives each bundled package's licence along, whole", () => {
  const parts = licences.split(/\n-{80}\n/).slice(1);
  const titles = parts.map((part) => part.split("\n", 1)[0]!.replace(/ \(.*/, ""));
  expect(titles).toEqual([...new Set(bundled.map(({ name, version }) => `${name} ${version}`))]);
  const grant = /Permission is hereby granted|Redistribution and use|Permission to use, copy/;
  expect(parts.filter((part) => !grant.test(part) || !/copyright/i.test(part))).toEqual([]);
});

it("bundles what may be bundled: under permissive licences only", () => {
  const permissive = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"];
  expect(
    bundled.filter(({ licence }) =>
      licence
        .replace(/[()]/g, "")
        .split(" AND ")
        .some((each) => !permissive.includes(each)),
    ),
  ).toEqual([]);
});

describe("the SBOM", () => {
  interface Component {
    readonly "bom-ref": string;
    readonly name: string;
    readonly version: string;
    readonly licenses: readonly { readonly license?: { readonly id: string } }[];
  }
  interface Document {
    readonly serialNumber: string;
    readonly metadata: { readonly component: Component };
    readonly components: readonly Component[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn: string[] }[];
  }
  let document: Document;
  beforeAll(async () => {
    document = await ask(
      "publish/sbom.mjs",
      "console.log(JSON.stringify(await script.sbom(ROOT)));",
    );
  });

  it("is CycloneDX 1.5 of this package, with nothing in it that changes from build to build", () => {
    const { name, version } = require("../../package.json") as { name: string; version: string };
    expect(document).toMatchObject({
      bomFormat: "CycloneDX",
      specVersion: "1.5",
      serialNumber: expect.stringMatching(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      version: 1,
      metadata: {
        component: { type: "library", name, version, purl: `pkg:npm/${name}@${version}` },
      },
    });
    expect(document.metadata).not.toHaveProperty("timestamp");
  });

  it("has every bundled package, with version, licence, hash and where it is", () => {
    expect(document.components.map(({ "bom-ref": each }) => each)).toEqual(
      [...new Set(bundled.map(ref))].sort((a, b) => (a < b ? -1 : 1)),
    );
    for (const each of bundled) {
      const component = document.components.find((one) => one["bom-ref"] === ref(each));
      expect(component).toMatchObject({
        type: "library",
        name: each.name,
        version: each.version,
        purl: `pkg:npm/${each.name.replace("@", "%40")}@${each.version}`,
        licenses: [
          each.licence.includes(" ")
            ? { expression: each.licence }
            : { license: { id: each.licence } },
        ],
        hashes: [{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
        properties: expect.arrayContaining(
          each.files.map((value) => ({ name: "terraform-provider-polyai:bundled:in", value })),
        ),
      });
    }
  });

  it("says by way of what each is needed", () => {
    const edges = new Map(document.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set<string>();
    const visit = (at: string): void => {
      if (reached.has(at)) return;
      reached.add(at);
      for (const next of edges.get(at) ?? []) visit(next);
    };
    visit(document.metadata.component["bom-ref"]);
    expect([...edges.keys()].filter((each) => !reached.has(each))).toEqual([]);
    expect(reached.size).toBe(document.components.length + 1);
  });
});
