import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBindings } from "../../../src/codegen/bindings.js";
import { providersSchemaJson } from "../../../src/codegen/schema-json.js";
import { response } from "./fixture.js";

const ADDRESS = "registry.terraform.io/example/example";
const schema = providersSchemaJson(ADDRESS, response);

describe.each([
  { cdk: "cdktf", folders: ["data-example-thing", "other", "thing"] },
  // It has bindings for the provider's functions, too.
  { cdk: "cdktn", folders: ["data-example-thing", "other", "provider-functions", "thing"] },
] as const)("writeBindings for $cdk", ({ cdk, folders }) => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bindings-test-"));
    await writeFile(join(folder, "stale.ts"), "");
    await writeBindings(cdk, schema, ADDRESS, "1.2.3", folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = (file: string) => readFile(join(folder, file), "utf8");

  it("writes a class for each resource and data source, and one for the provider", async () => {
    expect((await readdir(folder)).sort()).toEqual([...folders, "index.ts", "provider"].sort());
    expect(await read("thing/index.ts")).toContain("export class Thing extends");
    expect(await read("provider/index.ts")).toContain("export class ExampleProvider extends");
  });

  it("imports its own CDK only", async () => {
    const imports = (await read("thing/index.ts")).matchAll(/from '([^']*)'/g);
    expect([...imports].map((match) => match[1]).sort()).toEqual([cdk, "constructs"]);
  });

  it("asks for exactly this version, at the full address", async () => {
    const provider = await read("provider/index.ts");
    expect(provider).toContain("providerVersionConstraint: '1.2.3'");
    expect(provider).toContain(`terraformProviderSource: '${ADDRESS}'`);
  });

  it("exports all but the provider, whose class the package extends", async () => {
    expect(await read("index.ts")).toBe(
      folders.map((name) => `export * from "./${name}/index.js";\n`).join(""),
    );
  });
});
