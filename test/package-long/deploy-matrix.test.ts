/** The kinds of projects that people have, deployed in each way that makes sense from them. */
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
  deploy,
  type Deployment,
  install,
  javascript,
  pack,
  type Project,
  type Tarball,
} from "../package/consumer.js";
import { type Cli, clis } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import {
  REQUIRED_PROVIDERS,
  secretOf,
  type Environment,
  type Files,
} from "../support/workspace.js";

const exec = promisify(execFile);

/** npm's packages of what this repository does not need itself. Older Nodes are refused by cdktn-cli. */
const TOOLS = ["node@22.23.3", "cdktn-cli@0.24.0", "pnpm@10.34.8", "@yarnpkg/cli-dist@4.18.1"];

const simulator = simulatorForAll();
let tarball: Tarball;
let tools: string;
let registry: Environment;

beforeAll(async () => {
  [tarball, tools] = await Promise.all([pack(), install(...TOOLS)]);
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
  /** Installs the packages; by npm if it is left out. */
  readonly install?: () => string;
  /** The program's folder. */
  readonly folder?: string;
  /** Runs the program: `node main.js`, unless it says otherwise. */
  readonly app?: (folder: string) => string;
  /** Runs this package's command, as the project's package manager does. */
  readonly command?: () => string;
  readonly ways: readonly Way[];
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

interface Made extends Project {
  readonly command: string;
}

async function projectOf(kind: Kind, cdk: Cdk): Promise<Made> {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(kind.files(cdk))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const command =
    kind.install?.() ?? "npm install --no-audit --no-fund --prefer-offline --loglevel=error";
  await exec("sh", ["-ec", command], { cwd: root, env: registry });
  const folder = join(root, kind.folder ?? ".");
  return {
    folder,
    app: kind.app?.(folder) ?? "node main.js",
    command: kind.command?.() ?? `npx --no-install ${PACKAGE}`,
  };
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

const KINDS: Readonly<Record<string, Kind>> = {
  CommonJS: { files: commonJs, ways: ["place + terraform", "packed mirror + tofu"] },
  // The registry is asked for neither, on the first try and later.
  "with a second provider": {
    files: (cdk) => ({
      ...commonJs(cdk),
      "main.js": `const cdk = require("${cdk}");
${javascript(cdk).replace("app.synth();", SECOND_PROVIDER)}`,
    }),
    ways: ["cdktf deploy", "cdktn deploy"],
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
      "app/main.js": `${javascript(cdk).replace(CDKS[cdk].module, "library")}
if (require("library").TerraformStack === TerraformStack) throw "There is one copy of the CDK";`,
    }),
    install: () => `${tool(".bin/pnpm")} install --no-frozen-lockfile --reporter=silent`,
    folder: "app",
    ways: ["cdktf deploy", "cdktn deploy", "place + terraform"],
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
    ways: ["cdktf deploy", "packed mirror + tofu"],
  },
  // The program and the CDK as one file, with this package outside.
  "a bundle": {
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
    ways: ["cdktf deploy"],
  },
};

type Use = (made: Made, endpointId: string) => Promise<Deployment>;

/** The CLI of the product, if it takes part, else the one that does. */
const cliOf = (product: Cli["product"]): Cli =>
  clis().find((cli) => cli.product === product) ?? clis()[0]!;

/** Applies HCL in a folder of the project, once the project's command has made the provider ready. */
const byCommand =
  (product: Cli["product"], args: string): Use =>
  async ({ folder: project, command }, endpointId) => {
    const machine = new Machine(accessTo(simulator()));
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
  "cdktf deploy": (made, id) => deploy(made, CDKTF_CLI, cliOf("terraform"), simulator(), id),
  "cdktn deploy": (made, id) => deploy(made, cdktnCli(), cliOf("tofu"), simulator(), id),
  "place + terraform": byCommand("terraform", "--into terraform"),
  "packed mirror + tofu": byCommand("tofu", "--mirror mirror"),
} satisfies Record<string, Use>;
type Way = keyof typeof WAYS;

it.each(
  Object.entries(KINDS).flatMap(([name, kind]) =>
    kind.ways.map((way) => [name, way, kind] as const),
  ),
)(
  "%s: %s",
  async (_, way, kind) => {
    const { id } = await simulator().createEndpoint();
    const made = await projectOf(kind, way === "cdktn deploy" ? "cdktn" : "cdktf");
    const { printed, secret } = await WAYS[way](made, id);
    expect(simulator().rotations(id)).toBe(1);
    expect(secret).toBe(simulator().currentSecret(id));
    expect(printed).not.toContain(secret);
  },
  300_000,
);
