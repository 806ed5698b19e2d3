/** The examples with prebuilt bindings of other providers, which are 560 MB of packages. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { shapesOfHcl, shapesOfStack } from "../constructs/hcl-twins.js";
import type { Json } from "../constructs/stack-fixture.js";
import { install, pack } from "../package/consumer.js";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const exec = promisify(execFile);
const EXAMPLES = ["aws-secrets-manager", "vault", "kubernetes"] as const;

let project: string;

const dependenciesOf = (example: string): readonly string[] => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, "examples", example, "package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([name]) => name !== "terraform-provider-polyai")
    .map(([name, version]) => `${name}@${version}`);
};

beforeAll(async () => {
  const { file } = await pack();
  project = await install(file, ...new Set(EXAMPLES.flatMap(dependenciesOf)));
}, 600_000);

async function synthesize(example: string): Promise<Json> {
  cpSync(join(ROOT, "examples", example), join(project, example), { recursive: true });
  const { app } = JSON.parse(readFileSync(join(project, example, "cdktf.json"), "utf8")) as {
    app: string;
  };
  const outdir = temporaryFolder();
  const [, ...args] = app.split(" ");
  await exec(process.execPath, args, {
    cwd: join(project, example),
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
  });
  const stack = join(outdir, "stacks", example, "cdk.tf.json");
  return JSON.parse(readFileSync(stack, "utf8")) as Json;
}

it.each(EXAMPLES)("examples/%s: the program and the HCL are the same", async (example) => {
  const shapes = shapesOfHcl(join(example, "main.tf"));
  expect(shapes.length).toBeGreaterThan(3);
  expect(shapes).toEqual(shapesOfStack(await synthesize(example)));
});

it("examples/aws-secrets-manager writes the revealed secret whenever it was rotated", async () => {
  const { resource, ephemeral, variable } = await synthesize("aws-secrets-manager");
  const [opened] = Object.keys(ephemeral?.polyai_webhook_secret ?? {});
  expect(resource?.aws_secretsmanager_secret_version?.ReceiverSecretVersion).toMatchObject({
    secret_string_wo: `\${ephemeral.polyai_webhook_secret.${opened!}.signing_secret}`,
    secret_string_wo_version: "${polyai_webhook_secret.AlertsSecret.rotation_count}",
  });
  expect(variable?.age_identity).toMatchObject({ ephemeral: true, sensitive: true });
});

it("examples/vault writes the revealed secret whenever it was rotated", async () => {
  const { resource } = await synthesize("vault");
  expect(resource?.vault_kv_secret_v2?.ReceiverSecret).toMatchObject({
    data_json_wo: expect.stringContaining("ephemeral.polyai_webhook_secret.") as string,
    data_json_wo_version: "${polyai_webhook_secret.AlertsSecret.rotation_count}",
  });
});

it("examples/kubernetes rolls the receiver over to the new secret", async () => {
  const { resource } = await synthesize("kubernetes");
  expect(resource?.kubernetes_annotations?.Receiver).toMatchObject({
    template_annotations: {
      "polyai/secret-fingerprint": "${polyai_webhook_secret.AlertsSecret.fingerprint}",
    },
  });
});
