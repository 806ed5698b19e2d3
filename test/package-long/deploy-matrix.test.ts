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
import { type Cli, clis, describeForEachCli, ROOT, run, succeed } from "../support/cli.js";
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

interface Made extends Project {
  /** Runs this package's command, as the project's package manager does. */
  readonly command: string;
  /** A folder for the beginning of PATH. */
  readonly bin?: string;
}

const BIN = `npx --no-install ${PACKAGE}`;

const manifest = (cdk: Cdk, more: object = {}): string =>
  JSON.stringify({
    name: "app",
    version: "1.0.0",
    dependencies: {
      [cdk]: CDKS[cdk].version,
      constructs: "10.7.2",
      [PACKAGE]: `file:${tarball.file}`,
    },
    ...more,
  });

function write(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function shell(script: string, cwd: string): Promise<void> {
  await exec("sh", ["-ec", script], { cwd, env: registry });
}

const npmFolders = new Map<Cdk, Promise<string>>();

/** A folder in which npm has installed the packages, once for each CDK. */
function npmFolder(cdk: Cdk): Promise<string> {
  const made = npmFolders.get(cdk) ?? installed({ "package.json": manifest(cdk) });
  npmFolders.set(cdk, made);
  return made;
}

async function installed(
  files: Readonly<Record<string, string>>,
  command = "npm install --no-audit --no-fund --prefer-offline --loglevel=error",
): Promise<string> {
  const folder = write(files);
  await shell(command, folder);
  return folder;
}

/** Another project with the packages that npm has installed for the CDK. */
async function linked(cdk: Cdk, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = write(files);
  symlinkSync(join(await npmFolder(cdk), "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** The program as one file, with the CDK in it and with this package outside. */
async function bundled(format: "cjs" | "esm"): Promise<Made> {
  const folder = await linked("cdktf", { "main.mjs": javascript("cdktf", "mjs") });
  const [outfile] = [join(folder, format === "cjs" ? "out.cjs" : "out.mjs")];
  // As esbuild's users give the CDK's CommonJS, which requires Node's modules, a require.
  const js = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
  buildSync({
    entryPoints: [join(folder, "main.mjs")],
    outfile,
    bundle: true,
    platform: "node",
    format,
    external: [PACKAGE],
    ...(format === "esm" && { banner: { js } }),
  });
  return { folder, app: `node ${outfile}`, command: BIN };
}

const KINDS: Record<string, (cdk: Cdk) => Promise<Made>> = {
  CommonJS: async (cdk) => ({
    folder: await linked(cdk, { "package.json": "{}", "main.js": javascript(cdk, "cjs") }),
    app: "node main.js",
    command: BIN,
  }),
  ESM: async (cdk) => ({
    ...moduleProject(javascript(cdk, "mjs"), await npmFolder(cdk)),
    command: BIN,
  }),
  "ESM in a parent folder": async (cdk) => {
    const parent = await linked(cdk, {
      "package.json": '{"type":"module"}',
      "infra/main.js": javascript(cdk, "mjs"),
    });
    return { folder: join(parent, "infra"), app: "node main.js", command: BIN };
  },
  "npm workspaces": async (cdk) => {
    const root = await installed({
      "package.json": '{"private":true,"workspaces":["packages/*"]}',
      "packages/app/package.json": manifest(cdk),
      "packages/app/main.js": javascript(cdk, "cjs"),
    });
    return { folder: join(root, "packages/app"), app: "node main.js", command: BIN };
  },
  // The library and the program get different constructs, and so two copies of the CDK.
  "pnpm workspace": async (cdk) => {
    const library = { ...JSON.parse(manifest(cdk)), name: "library" } as {
      dependencies: Record<string, string>;
    };
    library.dependencies.constructs = "10.4.2";
    const app = JSON.parse(manifest(cdk)) as typeof library;
    app.dependencies.library = "workspace:*";
    const root = await installed(
      {
        "pnpm-workspace.yaml": "packages: [library, app]\n",
        "package.json": '{"private":true}',
        "library/package.json": JSON.stringify(library),
        "library/index.js": `exports.PolyWebhookSecret = require("${CDKS[cdk].module}").PolyWebhookSecret;
exports.TerraformStack = require("${cdk}").TerraformStack;`,
        "app/package.json": JSON.stringify(app),
        "app/main.js": `${javascript(cdk, "cjs").replace(CDKS[cdk].module, "library")}
if (require("library").TerraformStack === TerraformStack) throw "There is one copy of the CDK";`,
      },
      `${tool(".bin/pnpm")} install --no-frozen-lockfile --reporter=silent`,
    );
    return { folder: join(root, "app"), app: "node main.js", command: BIN };
  },
  "Yarn PnP": async (cdk) => ({
    folder: await installed(
      {
        "package.json": manifest(cdk),
        ".yarnrc.yml": "nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n",
        "yarn.lock": "",
        "main.js": javascript(cdk, "cjs"),
      },
      `${yarn()} install`,
    ),
    app: `${yarn()} node main.js`,
    command: `${yarn()} ${PACKAGE}`,
  }),
  "Bun as package manager": async (cdk) => ({
    folder: await installed(
      { "package.json": manifest(cdk), "main.js": javascript(cdk, "cjs") },
      `${tool(".bin/bun")} install`,
    ),
    app: "node main.js",
    command: BIN,
  }),
  "a CommonJS bundle": () => bundled("cjs"),
  "an ES module bundle": () => bundled("esm"),
  tsx: async (cdk) => ({
    folder: await linked(cdk, { "main.mts": typescript(cdk) }),
    app: `node ${join(ROOT, "node_modules/tsx/dist/cli.mjs")} main.mts`,
    command: BIN,
  }),
};

for (const node of ["node@22.23.3", "node@24.21.0", "node@26.10.0"]) {
  KINDS[node] = async (cdk) => ({
    ...(await KINDS["CommonJS"]!(cdk)),
    bin: join(await install(node), "node_modules/.bin"),
  });
}

type Way = (
  project: Made,
  cdk: Cdk,
  endpointId: string,
) => Promise<Pick<Deployment, "printed" | "secret">>;

/** The CLI of the product, if it takes part, else the one that does. */
const cliOf = (product: Cli["product"]): Cli =>
  clis().find((cli) => cli.product === product) ?? clis()[0]!;

/** Applies HCL in a folder of the project, once the project's command has made the provider ready. */
const byCommand =
  (
    product: Cli["product"],
    args: string,
    ready: (machine: Machine, printed: string) => void,
  ): Way =>
  async ({ folder: project, command, bin = "" }, _, endpointId) => {
    const cli = cliOf(product);
    const machine = new Machine({ PATH: [bin, process.env.PATH].filter(Boolean).join(delimiter) });
    const folder = join(project, product);
    mkdirSync(folder);
    writeFileSync(join(folder, "main.tf"), REQUIRED_PROVIDERS + secretOf(endpointId));
    const env = { ...machine.env, ...accessTo(simulator) } as NodeJS.ProcessEnv;
    const { stdout } = await exec("sh", ["-ec", `${command} install ${args}`], {
      cwd: project,
      env,
    });
    ready(machine, stdout);
    const terraform = (...verb: string[]) => succeed(run(cli, verb, { cwd: folder, env }));
    await terraform("init", "-no-color");
    const { stdout: printed } = await terraform("apply", "-auto-approve", "-no-color");
    const { stdout: secret } = await terraform("output", "-raw", "secret");
    return { printed, secret };
  };

const cdktnCli = () => [tool(".bin/node"), tool("cdktn-cli/bundle/bin/cdktn.js")];

const WAYS = {
  "cdktf deploy": (project, _, id) => deploy(project, CDKTF_CLI, cliOf("terraform"), simulator, id),
  "cdktn deploy": (project, _, id) => deploy(project, cdktnCli(), cliOf("tofu"), simulator, id),
  "place + terraform": byCommand("terraform", "--into terraform", () => undefined),
  "packed mirror + tofu": byCommand("tofu", "--mirror mirror --json", (machine, printed) => {
    const { configuration } = JSON.parse(printed) as { configuration: string };
    machine.write("../cli.tfrc", configuration);
  }),
} satisfies Record<string, Way>;

const ALIKE = "for it, these packages are those of another cell";
const NO_COMMAND = { "place + terraform": ALIKE, "packed mirror + tofu": ALIKE };
const NO_CDK = { "cdktf deploy": ALIKE, "cdktn deploy": ALIKE, "packed mirror + tofu": ALIKE };

/** Cells without a test. */
const LEFT_OUT: Readonly<Record<string, Partial<Record<keyof typeof WAYS, string>>>> = {
  "ESM in a parent folder": { "cdktn deploy": ALIKE },
  "npm workspaces": { "cdktn deploy": ALIKE },
  "Bun as package manager": { "cdktn deploy": ALIKE, "packed mirror + tofu": ALIKE },
  "a CommonJS bundle": { "cdktn deploy": ALIKE, ...NO_COMMAND },
  "an ES module bundle": { "cdktn deploy": ALIKE, ...NO_COMMAND },
  tsx: { "cdktn deploy": ALIKE, ...NO_COMMAND },
  "node@22.23.3": NO_CDK,
  "node@24.21.0": NO_CDK,
  "node@26.10.0": NO_CDK,
};

describe.each(Object.keys(KINDS))("%s", (kind) => {
  const made = new Map<Cdk, Promise<Made>>();
  const projectFor = (cdk: Cdk): Promise<Made> => {
    const project = made.get(cdk) ?? KINDS[kind]!(cdk);
    made.set(cdk, project);
    return project;
  };
  const ways = (Object.keys(WAYS) as (keyof typeof WAYS)[]).filter(
    (way) => LEFT_OUT[kind]?.[way] === undefined,
  );

  it.each(ways)(
    "%s",
    async (way) => {
      const cdk = way.startsWith("cdktn") ? "cdktn" : "cdktf";
      const { id } = await simulator.createEndpoint();
      const { printed, secret } = await WAYS[way](await projectFor(cdk), cdk, id);
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
