/** Projects of users: the packed package, installed by npm beside one of the CDKs. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Simulator } from "../../src/simulator/index.js";
import { cdktfEnvironment } from "../support/cdktf-program.js";
import { type Cli, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { accessTo } from "../support/simulator.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { placeNull } from "../support/test-provider.js";

export { CDKTF_CLI } from "../support/cdktf-program.js";

const exec = promisify(execFile);
export const CDKS = {
  cdktf: { version: "0.21.0", module: "terraform-provider-polyai" },
  cdktn: { version: "0.24.0", module: "terraform-provider-polyai/cdktn" },
} as const;
export type Cdk = keyof typeof CDKS;

/** The archive that `npm publish` would send. */
export interface Tarball {
  readonly file: string;
  /** Bytes, packed. */
  readonly size: number;
  readonly paths: readonly string[];
}

export async function pack(): Promise<Tarball> {
  const folder = temporaryFolder();
  const { stdout } = await exec("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: ROOT,
  });
  const [{ filename, size, files }] = JSON.parse(stdout) as [
    { filename: string; size: number; files: { path: string }[] },
  ];
  return { file: join(folder, filename), size, paths: files.map(({ path }) => path) };
}

/** Installs packages into a new project, and gives its folder. */
export async function install(...packages: readonly string[]): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), "{}");
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--no-save", "--loglevel=error"];
  await exec("npm", ["install", ...quiet, ...packages], { cwd: folder });
  return folder;
}

/** cdktn's command, as a person would start it on a Node that is new enough for it. */
export async function cdktnCli() {
  const tools = await install("node@22.23.3", `cdktn-cli@${CDKS.cdktn.version}`);
  const cli = "node_modules/cdktn-cli/bundle/bin/cdktn.js";
  return [join(tools, "node_modules/.bin/node"), join(tools, cli)] as const;
}

/** A project with one CDK, and not the other. */
export const installFor = (cdk: Cdk, { file }: Tarball): Promise<string> =>
  install(
    file,
    `${cdk}@${CDKS[cdk].version}`,
    ...["constructs@10.7.2", "@types/node@20.19.43", "resolve@1.22.11"],
  );

const BODY = `
const app = new App();
const stack = new TerraformStack(app, "alerts");
const secret = new PolyWebhookSecret(stack, "AlertsSecret", {
  endpointId: process.env.ENDPOINT_ID ?? "whe_1a2b3c",
  rotationTrigger: "1",
});
new TerraformOutput(stack, "fingerprint", { value: secret.fingerprint });
app.synth();
`;

/** One program, in plain JavaScript. */
export const javascript = (cdk: Cdk): string => `
const { App, TerraformOutput, TerraformStack } = require("${cdk}");
const { PolyWebhookSecret } = require("${CDKS[cdk].module}");
${BODY}`;

/** The same in TypeScript, with more of the package's types in use; right for .cts and .mts. */
export const typescript = (cdk: Cdk): string => `
import { App, TerraformOutput, TerraformStack } from "${cdk}";
import {
  PolyaiProvider,
  PolyWebhookSecret,
  WebhookSecret,
  type PolyaiProviderConfig,
  type WebhookSecretConfig,
} from "${CDKS[cdk].module}";
${BODY}
const region: PolyaiProviderConfig = { alias: "uk", region: "uk" };
const config: WebhookSecretConfig = { endpointId: "whe_c" };
export const count: number = secret.rotationCount;
export const plain: WebhookSecret = secret.resource;
export const more = (): unknown[] => [
  new PolyaiProvider(stack, "uk", region),
  new WebhookSecret(stack, "C", config),
  // @ts-expect-error a secret needs its endpoint
  new PolyWebhookSecret(stack, "E", {}),
  // @ts-expect-error there is no such property
  new PolyWebhookSecret(stack, "F", { endpointId: "whe_f", rotateAfter: 90 }),
];
`;

/** A project whose program has a stack called alerts. */
export interface Project {
  readonly folder: string;
  /** Runs the program in the folder, as cdktf.json has it. */
  readonly app: string;
}

/**
 * Deploys the stack by the CDK's own CLI, against the simulator: it rotates once, has the secret as
 * a sensitive output, and has nothing to do then.
 *
 * @param command the CLI as a person would start it, before its verb.
 */
export async function expectDeployed(
  { folder, app }: Project,
  command: readonly string[],
  cli: Cli,
  simulator: Simulator,
  endpointId: string,
): Promise<void> {
  const machine = new Machine({
    ...cdktfEnvironment(cli),
    ...accessTo(simulator),
    ENDPOINT_ID: endpointId,
  });
  const projectId = "00000000-0000-4000-8000-000000000000";
  const settings = { language: "typescript", app, projectId, sendCrashReports: "false" };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(settings));
  placeNull(machine.home);
  const run = async (args: string) =>
    (await machine.shell(`cd ${folder} && ${command.join(" ")} ${args}`)).stdout;
  const printed = await run("deploy alerts --auto-approve");
  expect(await run("diff alerts")).toMatch(/No changes/);
  const { stdout: secret } = await machine.shell(
    `cd ${folder}/cdktf.out/stacks/alerts && ${cli.path} output -raw AlertsSecret_signing_secret`,
  );
  expect(secret).toBe(simulator.currentSecret(endpointId));
  expect(simulator.rotations(endpointId)).toBe(1);
  expect(printed).not.toContain(secret);
}
