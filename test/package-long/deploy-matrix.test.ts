/** The kinds of projects that people have, deployed by the CDKs' own commands. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { name as PACKAGE } from "../../package.json";
import {
  type Cdk,
  CDKS,
  CDKTF_CLI,
  cdktnCli,
  expectDeployed,
  install,
  javascript,
  pack,
  type Project,
  type Tarball,
} from "../package/consumer.js";
import { type Cli, clis } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { REQUIRED_PROVIDERS, type Environment, type Files } from "../support/workspace.js";

const exec = promisify(execFile);

const simulator = simulatorForAll();
let tarball: Tarball;
let tools: string;
let registry: Environment;

beforeAll(async () => {
  [tarball, tools] = await Promise.all([
    pack(),
    install("pnpm@10.34.8", "@yarnpkg/cli-dist@4.18.1"),
  ]);
  const { stdout } = await exec("npm", ["config", "get", "registry"]);
  // Each manager has a variable of its own.
  registry = {
    ...process.env,
    npm_config_registry: stdout.trim(),
    YARN_NPM_REGISTRY_SERVER: stdout.trim(),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  };
}, 600_000);

const tool = (path: string) => join(tools, "node_modules", path);
const yarn = () => `node ${tool("@yarnpkg/cli-dist/bin/yarn.js")}`;

interface Kind {
  readonly files: (cdk: Cdk) => Files;
  readonly cdks: readonly Cdk[];
  /** Installs the packages; by npm if it is left out. */
  readonly install?: () => string;
  /** The program's folder. */
  readonly folder?: string;
  /** Runs the program: `node main.js`, unless it says otherwise. */
  readonly app?: (folder: string) => string;
}

const manifest = (cdk: Cdk, name = "app", more: Files = {}): string =>
  JSON.stringify({
    name,
    version: "1.0.0",
    dependencies: {
      [cdk]: CDKS[cdk].version,
      constructs: "10.7.2",
      [PACKAGE]: `file:${tarball.file}`,
      ...more,
    },
  });

async function projectOf(kind: Kind, cdk: Cdk): Promise<Project> {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(kind.files(cdk))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const command =
    kind.install?.() ?? "npm install --no-audit --no-fund --prefer-offline --loglevel=error";
  await exec("sh", ["-ec", command], { cwd: root, env: registry });
  const folder = join(root, kind.folder ?? ".");
  return { folder, app: kind.app?.(folder) ?? "node main.js" };
}

const commonJs = (cdk: Cdk): Files => ({
  "package.json": manifest(cdk),
  "main.js": javascript(cdk),
});

const SECOND_PROVIDER = `const { TerraformProvider, TerraformResource } = cdk;
new TerraformProvider(stack, "null", {
  terraformResourceType: "null",
  terraformProviderSource: "null",
  terraformGeneratorMetadata: { providerName: "null", providerVersion: "3.2.4" },
});
new TerraformResource(stack, "Receiver", { terraformResourceType: "null_resource" });
app.synth();`;

const KINDS = {
  // The registry is asked for neither, on the first try and later.
  "with a second provider": {
    cdks: ["cdktf", "cdktn"],
    files: (cdk) => ({
      ...commonJs(cdk),
      "main.js": `const cdk = require("${cdk}");
${javascript(cdk).replace("app.synth();", SECOND_PROVIDER)}`,
    }),
  },
  // The library and the program get different constructs, and so two copies of the CDK.
  "in a pnpm workspace": {
    cdks: ["cdktf", "cdktn"],
    files: (cdk) => ({
      "pnpm-workspace.yaml": "packages: [library, app]\n",
      "package.json": '{"private":true}',
      "library/package.json": manifest(cdk, "library", { constructs: "10.4.2" }),
      "library/index.js": `exports.PolyWebhookSecret = require("${CDKS[cdk].module}").PolyWebhookSecret;
exports.TerraformStack = require("${cdk}").TerraformStack;`,
      "app/package.json": manifest(cdk, "app", { library: "workspace:*" }),
      "app/main.js": `${javascript(cdk).replace(CDKS[cdk].module, "library")}
if (require("library").TerraformStack === TerraformStack) throw "There is one copy of the CDK";`,
    }),
    install: () => `${tool(".bin/pnpm")} install --no-frozen-lockfile --reporter=silent`,
    folder: "app",
  },
  "with Yarn PnP": {
    cdks: ["cdktf"],
    files: (cdk) => ({
      ...commonJs(cdk),
      ".yarnrc.yml": "nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n",
      "yarn.lock": "",
    }),
    install: () => `${yarn()} install`,
    app: () => `${yarn()} node main.js`,
  },
  // The program and the CDK are one file, and this package is outside.
  "as a bundle": {
    cdks: ["cdktf"],
    files: commonJs,
    app: (folder) => {
      buildSync({
        entryPoints: [join(folder, "main.js")],
        outfile: join(folder, "out.js"),
        bundle: true,
        platform: "node",
        external: [PACKAGE],
      });
      return "node out.js";
    },
  },
} satisfies Readonly<Record<string, Kind>>;

/** Each CDK's own command, with one of the products. */
const COMMANDS = {
  cdktf: async () => [CDKTF_CLI, clis()[0]!],
  cdktn: async () => [await cdktnCli(), clis().at(-1)!],
} satisfies Record<Cdk, () => Promise<readonly [readonly string[], Cli]>>;

it.each(
  Object.entries(KINDS).flatMap(([name, kind]) =>
    kind.cdks.map((cdk) => [cdk, name, kind] as const),
  ),
)(
  "%s deploys a program %s",
  async (cdk, _, kind) => {
    const { id } = await simulator().createEndpoint();
    const [command, cli] = await COMMANDS[cdk]();
    const project = await projectOf(kind, cdk);
    await expectDeployed(project, command, cli, simulator(), id);
  },
  300_000,
);

it("this package's command makes a mirror out of Yarn's archives", async () => {
  const { folder } = await projectOf(KINDS["with Yarn PnP"], "cdktf");
  const machine = new Machine();
  const install = `cd ${folder} && ${yarn()} ${PACKAGE} install --mirror mirror --json`;
  const { stdout } = await machine.shell(install);
  machine.write("../cli.tfrc", (JSON.parse(stdout) as { configuration: string }).configuration);
  machine.write("main.tf", REQUIRED_PROVIDERS);
  await machine.shell(`${clis()[0]!.path} init && ${clis()[0]!.path} validate`);
}, 300_000);
