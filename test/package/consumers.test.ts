/** The package as users get it: packed, installed into fresh projects, used in every way of theirs. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exports, name as PACKAGE } from "../../package.json";
import { ROOT, run, succeed } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { type Cdk, CDKS, installFor, pack, type Tarball, typescript } from "./consumer.js";

const cdks = Object.keys(CDKS) as readonly Cdk[];

let tarball: Tarball;
let projects: Readonly<Record<Cdk, string>>;

beforeAll(async () => {
  tarball = await pack();
  const [cdktf, cdktn] = await Promise.all([
    installFor("cdktf", tarball),
    installFor("cdktn", tarball),
  ]);
  projects = { cdktf, cdktn };
});

const node = (args: readonly string[], cwd = ROOT, env = {}) =>
  succeed(run({ path: process.execPath }, args, { cwd, env }));
const bin = (name: string) => join(ROOT, "node_modules", name);

describe("the tarball", () => {
  it("holds what is needed, and nothing else", () => {
    const expected = [
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md)$/,
      /^docs\/([a-z-]+\/)?[a-z_-]+\.(md|svg)$/,
      /^examples\/([a-z_-]+\/)*[\w.-]+$/,
      /^(cdktn|simulator|webhooks)\/package\.json$/,
      /^dist\/schema\.json$/,
      /^dist\/sbom\.cdx\.json$/,
      /^dist\/LICENSES\.txt$/,
      /^dist\/plugin\/(terraform-provider-polyai_v[\d.]+|[a-z-]+\.cjs)$/,
      /^dist\/cli\.js(\.LEGAL\.txt)?$/,
      /^dist\/(cdktf|cdktn)\/(lib\/(bindings\/([a-z-]+\/)?)?|src\/(placement\/|generated\/api-|(?=facts)))[a-z-]+\.(js|d\.ts|d\.ts\.map)$/,
      /^dist\/webhooks\/[a-z-]+\.(m?js|d\.m?ts|d\.ts\.map)$/,
      /^dist\/(simulator\/|generated\/|(?=facts))[a-z-]+\.d\.ts(\.map)?$/,
      /^dist\/simulator\/index\.js(\.LEGAL\.txt)?$/,
    ];
    expect(tarball.paths.filter((path) => !expected.some((one) => one.test(path)))).toEqual([]);
    expect(expected.filter((one) => !tarball.paths.some((path) => one.test(path)))).toEqual([]);
  });

  it("is smaller than 3 MB", () => {
    process.stderr.write(
      `packed: ${(tarball.size / 1e6).toFixed(2)} MB, ${String(tarball.paths.length)} files\n`,
    );
    expect(tarball.size).toBeLessThan(3_000_000);
  });

  it("satisfies publint", async () => {
    const script = bin("publint/src/cli.js");
    await node([script, tarball.file, "--strict", "--level", "warning"]);
  });

  it("has types that every way of resolving modules finds, and that are right", async () => {
    const script = bin("@arethetypeswrong/cli/dist/index.js");
    // It fails where it finds a problem.
    const { stdout } = await node([script, tarball.file, "--format=ascii"]);
    for (const { module } of Object.values(CDKS)) expect(stdout).toContain(`"${module}"`);
  });
});

describe.each(cdks)("a project with %s", (cdk) => {
  const project = () => projects[cdk];

  const expectSynthesized = async (program: string) => {
    const outdir = temporaryFolder();
    await node([program], project(), { CDKTF_OUTDIR: outdir });
    const stack = join(outdir, "stacks/alerts");
    const json = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as unknown;
    expect(json).toHaveProperty("resource.polyai_webhook_secret.AlertsSecret", {
      endpoint_id: "whe_1a2b3c",
      rotation_trigger: "1",
      "//": expect.anything() as unknown,
    });
    expect(existsSync(join(stack, "terraform.d/plugins/registry.terraform.io/polyai"))).toBe(true);
  };

  it("does without the other", () => {
    const [other] = cdks.filter((each) => each !== cdk);
    expect(existsSync(join(project(), "node_modules", cdk))).toBe(true);
    expect(existsSync(join(project(), "node_modules", other!))).toBe(false);
  });

  it("has each of the package's modules, to a resolver that knows no exports, too", async () => {
    const modules = Object.keys(exports).map((path) => path.replace(".", PACKAGE));
    const script = `for (const module of ${JSON.stringify(modules)})
      require("node:assert").equal(require("resolve").sync(module), require.resolve(module))`;
    await node(["-e", script], project());
  });

  it("type-checks TypeScript programs, its libraries' types included, and synthesizes them", async () => {
    const sources = ["program.cts", "program.mts"];
    for (const source of sources) writeFileSync(join(project(), source), typescript(cdk));
    const options =
      "--strict --module node16 --target es2022 --skipLibCheck false --types node --outDir out";
    await node([bin("typescript/bin/tsc"), ...options.split(" "), ...sources], project());
    await expectSynthesized(join(project(), "out/program.cjs"));
    await expectSynthesized(join(project(), "out/program.mjs"));
  });
});
