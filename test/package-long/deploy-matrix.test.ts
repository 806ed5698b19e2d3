/** The kinds of projects that people have, deployed in each way that makes sense from them. */
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { name as PACKAGE } from "../../package.json";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import {
  type Cdk,
  CDKS,
  CDKTF_CLI,
  deploy,
  type Deployment,
  install,
  javascript,
  moduleProject,
  pack,
  type Project,
  type Tarball,
  typescript,
} from "../package/consumer.js";
import { type Cli, clis, describeForEachCli, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { accessTo } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { placeNull } from "../support/test-provider.js";
import { REQUIRED_PROVIDERS, secretOf, type Environment } from "../support/workspace.js";

const exec = promisify(execFile);

/** npm's packages of what this repository does not need itself. Older Nodes are refused by cdktn-cli. */
const TOOLS = ["node@22.23.3", "cdktn-cli@0.24.0", "pnpm@10.34.8", "@yarnpkg/cli-dist@4.18.1"];
const BUN = "bun@1.4.5";

let simulator: Simulator;
let tarball: Tarball;
let tools: string;
let registry: Environment;

beforeAll(async () => {
  simulator = await startSimulator();
  [tarball, tools] = await Promise.all([pack(), install(...TOOLS, BUN)]);
  const { stdout } = await exec("npm", ["config", "get", "registry"]);
  // Each manager has a variable of its own.
  registry = {
    ...process.env,
    npm_config_registry: stdout.trim(),
    NPM_CONFIG_REGISTRY: stdout.trim(),
    YARN_NPM_REGISTRY_SERVER: stdout.trim(),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  };
}, 600_000);
afterAll(() => simulator.close());

const tool = (path: string) => join(tools, "node_modules", path);
const yarn = () => `node ${tool("@yarnpkg/cli-dist/bin/yarn.js")}`;

type Files = Readonly<Record<string, string>>;

interface Kind {
  readonly files: (cdk: Cdk) => Files;
  /** Installs the packages; without it, those that npm has installed for the CDK are linked. */
  readonly install?: () => string;
  /** The program's folder. */
  readonly folder?: string;
  /** Runs the program: `node main.js`, unless it says otherwise. */
  readonly app?: (folder: string) => string;
  /** Runs this package's command, as the project's package manager does. */
  readonly command?: () => string;
  /** A Node for the beginning of PATH. */
  readonly node?: string;
  /** The ways of use that make sense; in the others, its packages are those of another kind. */
  readonly ways?: readonly Way[];
}

const dependencies = (cdk: Cdk): Files => ({
  [cdk]: CDKS[cdk].version,
  constructs: "10.7.2",
  [PACKAGE]: `file:${tarball.file}`,
});
const manifest = (cdk: Cdk, name = "app", more: Files = {}): string =>
  JSON.stringify({ name, version: "1.0.0", dependencies: { ...dependencies(cdk), ...more } });

const NPM = "npm install --no-audit --no-fund --prefer-offline --loglevel=error";

async function installed(files: Files, command = NPM): Promise<string> {
  const folder = write(files);
  await exec("sh", ["-ec", command], { cwd: folder, env: registry });
  return folder;
}

function write(files: Files): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A function that makes a thing once for each CDK. */
function once<T>(make: (cdk: Cdk) => Promise<T>): (cdk: Cdk) => Promise<T> {
  const made: Partial<Record<Cdk, Promise<T>>> = {};
  return (cdk) => (made[cdk] ??= make(cdk));
}

/** A folder in which npm has installed the packages. */
const npmFolder = once((cdk) => installed({ "package.json": manifest(cdk) }));

interface Made extends Project {
  readonly command: string;
  readonly bin: string;
}

async function projectOf(kind: Kind, cdk: Cdk): Promise<Made> {
  const { files, install: installs, folder: inside = ".", app = () => "node main.js" } = kind;
  const root = installs ? await installed(files(cdk), installs()) : write(files(cdk));
  const folder = join(root, inside);
  if (!installs)
    symlinkSync(join(await npmFolder(cdk), "node_modules"), join(root, "node_modules"));
  return {
    folder,
    app: app(folder),
    command: kind.command?.() ?? `npx --no-install ${PACKAGE}`,
    bin: kind.node === undefined ? "" : join(await install(kind.node), "node_modules/.bin"),
  };
}

/** The program as one file, with the CDK in it and with this package outside. */
const bundle = (format: "cjs" | "esm", extension: string): Kind => ({
  files: (cdk) => ({ "main.mjs": javascript(cdk, "mjs") }),
  ways: ["cdktf deploy"],
  app: (folder) => {
    // As esbuild's users give the CDK's CommonJS, which requires Node's modules, a require.
    const js = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
    buildSync({
      entryPoints: [join(folder, "main.mjs")],
      outfile: join(folder, `out.${extension}`),
      bundle: true,
      platform: "node",
      format,
      external: [PACKAGE],
      ...(format === "esm" && { banner: { js } }),
    });
    return `node out.${extension}`;
  },
});

const commonJs = (cdk: Cdk): Files => ({
  "package.json": manifest(cdk),
  "main.js": javascript(cdk, "cjs"),
});
const ofNode = (node: string): Kind => ({ files: commonJs, node, ways: ["place + terraform"] });
const NOT_CDKTN = ["cdktf deploy", "place + terraform", "packed mirror + tofu"] as const;

const KINDS: Readonly<Record<string, Kind>> = {
  CommonJS: { files: commonJs },
  ESM: {
    files: (cdk) => ({ "package.json": '{"type":"module"}', "main.js": javascript(cdk, "mjs") }),
  },
  "ESM in a parent folder": {
    files: (cdk) => ({
      "package.json": '{"type":"module"}',
      "infra/main.js": javascript(cdk, "mjs"),
    }),
    folder: "infra",
    ways: NOT_CDKTN,
  },
  "npm workspaces": {
    files: (cdk) => ({
      "package.json": '{"private":true,"workspaces":["packages/*"]}',
      "packages/app/package.json": manifest(cdk),
      "packages/app/main.js": javascript(cdk, "cjs"),
    }),
    install: () => NPM,
    folder: "packages/app",
    ways: NOT_CDKTN,
  },
  // The library and the program get different constructs, and so two copies of the CDK.
  "pnpm workspace": {
    files: (cdk) => ({
      "pnpm-workspace.yaml": "packages: [library, app]\n",
      "package.json": '{"private":true}',
      "library/package.json": manifest(cdk, "library", { constructs: "10.4.2" }),
      "library/index.js": `exports.PolyWebhookSecret = require("${CDKS[cdk].module}").PolyWebhookSecret;
exports.TerraformStack = require("${cdk}").TerraformStack;`,
      "app/package.json": manifest(cdk, "app", { library: "workspace:*" }),
      "app/main.js": `${javascript(cdk, "cjs").replace(CDKS[cdk].module, "library")}
if (require("library").TerraformStack === TerraformStack) throw "There is one copy of the CDK";`,
    }),
    install: () => `${tool(".bin/pnpm")} install --no-frozen-lockfile --reporter=silent`,
    folder: "app",
  },
  "Yarn PnP": {
    files: (cdk) => ({
      ...commonJs(cdk),
      ".yarnrc.yml": "nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n",
      "yarn.lock": "",
    }),
    install: () => `${yarn()} install`,
    app: () => `${yarn()} node main.js`,
    command: () => `${yarn()} ${PACKAGE}`,
  },
  "Bun as package manager": {
    files: commonJs,
    install: () => `${tool(".bin/bun")} install`,
    ways: ["cdktf deploy", "place + terraform"],
  },
  "a CommonJS bundle": bundle("cjs", "cjs"),
  "an ES module bundle": bundle("esm", "mjs"),
  tsx: {
    files: (cdk) => ({ "main.mts": typescript(cdk) }),
    app: () => `node ${join(ROOT, "node_modules/tsx/dist/cli.mjs")} main.mts`,
    ways: ["cdktf deploy"],
  },
  "node@22.23.3": ofNode("node@22.23.3"),
  "node@24.21.0": ofNode("node@24.21.0"),
  "node@26.10.0": ofNode("node@26.10.0"),
};

type Use = (made: Made, endpointId: string) => Promise<Pick<Deployment, "printed" | "secret">>;

/** The CLI of the product, if it takes part, else the one that does. */
const cliOf = (product: Cli["product"]): Cli =>
  clis().find((cli) => cli.product === product) ?? clis()[0]!;

/** Applies HCL in a folder of the project, once the project's command has made the provider ready. */
const byCommand =
  (product: Cli["product"], args: string): Use =>
  async ({ folder: project, command, bin }, endpointId) => {
    const PATH = [bin, process.env.PATH].filter(Boolean).join(delimiter);
    const machine = new Machine({ PATH, ...accessTo(simulator) });
    const folder = join(project, product);
    mkdirSync(folder);
    writeFileSync(join(folder, "main.tf"), REQUIRED_PROVIDERS + secretOf(endpointId));
    const { stdout } = await machine.shell(`cd ${project} && ${command} install ${args} --json`);
    const { configuration = "" } = JSON.parse(stdout) as { configuration?: string };
    machine.write("../cli.tfrc", configuration);
    const terraform = async (verb: string) =>
      (await machine.shell(`cd ${folder} && ${cliOf(product).path} ${verb}`)).stdout;
    await terraform("init -no-color");
    const printed = await terraform("apply -auto-approve -no-color");
    return { printed, secret: await terraform("output -raw secret") };
  };

const cdktnCli = () => [tool(".bin/node"), tool("cdktn-cli/bundle/bin/cdktn.js")];

const WAYS = {
  "cdktf deploy": (made, id) => deploy(made, CDKTF_CLI, cliOf("terraform"), simulator, id),
  "cdktn deploy": (made, id) => deploy(made, cdktnCli(), cliOf("tofu"), simulator, id),
  "place + terraform": byCommand("terraform", "--into terraform"),
  "packed mirror + tofu": byCommand("tofu", "--mirror mirror"),
} satisfies Record<string, Use>;
type Way = keyof typeof WAYS;

describe.each(Object.entries(KINDS))("%s", (_, kind) => {
  const project = once((cdk) => projectOf(kind, cdk));
  const all = Object.keys(WAYS) as readonly Way[];

  it.each(kind.ways ?? all)(
    "%s",
    async (way) => {
      const { id } = await simulator.createEndpoint();
      const made = await project(way.startsWith("cdktn") ? "cdktn" : "cdktf");
      const { printed, secret } = await WAYS[way](made, id);
      expect(simulator.rotations(id)).toBe(1);
      expect(secret).toBe(simulator.currentSecret(id));
      expect(printed).not.toContain(secret);
    },
    300_000,
  );
});

describeForEachCli((cli) => {
  it("cdktn deploys a stack with a second provider on its first try", async () => {
    const program = `import { TerraformProvider, TerraformResource } from "cdktn";
${javascript("cdktn", "mjs").replace(
  "app.synth();",
  `new TerraformProvider(stack, "null", {
  terraformResourceType: "null",
  terraformProviderSource: "null",
  terraformGeneratorMetadata: { providerName: "null", providerVersion: "3.2.4" },
});
new TerraformResource(stack, "Receiver", { terraformResourceType: "null_resource" });
app.synth();`,
)}`;
    const { id } = await simulator.createEndpoint();
    const project = moduleProject(program, await npmFolder("cdktn"));
    const { secret, run: again } = await deploy(
      ...([project, cdktnCli(), cli, simulator, id] as const),
      ({ home }) => placeNull(home),
    );
    expect(simulator.rotations(id)).toBe(1);
    expect(secret).toBe(simulator.currentSecret(id));
    expect(await again("diff alerts")).toMatch(/No changes/);
  });
});
