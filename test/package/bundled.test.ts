/** The SBOM and the licences of the code of others inside dist/. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly { readonly license?: { readonly id: string }; expression?: string }[];
}

const read = (file: string) => readFileSync(join(ROOT, "dist", file), "utf8");
const { components } = JSON.parse(read("sbom.cdx.json")) as {
  readonly components: readonly Component[];
};
const names = components.map(({ name }) => name);

it("lists every package that a bundle names in its comments", () => {
  const bundles = ["plugin/plugin.cjs", "plugin/axios.cjs", "cli.js", "simulator/index.js"];
  const named = bundles.flatMap((file) =>
    [...read(file).matchAll(/^\s*\/\/ .*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm)].map(
      ([, name]) => name,
    ),
  );
  expect(new Set(named).size).toBeGreaterThan(15);
  expect(named.filter((name) => !names.includes(name!))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(["axios", "age-encryption", "ajv", "socks"]));
});

it("gives each bundled package's licence along, whole", () => {
  const parts = read("LICENSES.txt").split(/\n-{80}\n/);
  expect(parts.map((part) => part.split(" (", 1)[0])).toEqual(
    components.map(({ name, version }) => `${name} ${version}`),
  );
  const grant =
    /Permission is hereby granted|Redistribution and use|Permission to use, copy|Apache/;
  expect(parts.filter((part) => !grant.test(part))).toEqual([]);
});

it("bundles what may be bundled: under permissive licences only", () => {
  const permissive = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"];
  const ids = components
    .flatMap(({ licenses }) => licenses)
    .flatMap(({ license, expression }) => license?.id ?? expression!.match(/[\w.-]+/g)!)
    .filter((word) => word !== "AND");
  expect(ids.filter((id) => !permissive.includes(id))).toEqual([]);
});
