/** The two builds of one source, as a program in plain JavaScript uses each. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exports } from "../../package.json";
import { describeForEachCli, ROOT, succeed } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { Workspace } from "../support/workspace.js";

const CDKS = ["cdktf", "cdktn"] as const;
type Cdk = (typeof CDKS)[number];
const INDEX = { cdktf: exports["."].default, cdktn: exports["./cdktn"].default };

const program = `
  const [cdk, index, outdir] = process.argv.slice(1);
  const { App, TerraformStack, TerraformOutput } = require(cdk);
  const { PolyaiProvider, PolyWebhookSecret, WebhookSecret } = require(index);
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "stack");
  const uk = new PolyaiProvider(stack, "uk", { alias: "uk", region: "uk" });
  const secret = new PolyWebhookSecret(stack, "Alerts", {
    endpointId: "whe_a",
    rotationTriggers: { incident: "1204" },
  });
  new WebhookSecret(stack, "Plain", { endpointId: "whe_b", provider: uk });
  new TerraformOutput(stack, "count", { value: secret.rotationCount });
  app.synth();
  const loaded = Object.keys(require.cache)
    .flatMap((file) => /node_modules\\/(cdkt[fn])\\//.exec(file)?.[1] ?? []);
  console.log(JSON.stringify([...new Set(loaded)]));
`;

/** Gives the stack's folder, and which of the CDKs were loaded. */
function synthesized(cdk: Cdk): { folder: string; loaded: unknown } {
  const outdir = temporaryFolder();
  const output = execFileSync(
    process.execPath,
    ["-e", program, cdk, join(ROOT, INDEX[cdk]), outdir],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  return { folder: join(outdir, "stacks", "stack"), loaded: JSON.parse(output) };
}

/** Without what each CDK notes for itself. */
const configuration = (folder: string): unknown =>
  JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"), (key, value: unknown) =>
    key === "//" ? undefined : value,
  );

describe.each(CDKS)("the build for %s", (cdk) => {
  it("loads no other CDK than its own", () => {
    expect(synthesized(cdk).loaded).toEqual([cdk]);
  });

  it("has types for everything that it exports", () => {
    const folder = join(ROOT, "dist", cdk);
    const modules = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".js"),
    );
    expect(modules.length).toBeGreaterThan(5);
    for (const file of modules) {
      expect(existsSync(join(folder, file.replace(/js$/, "d.ts")))).toBe(true);
    }
  });

  describeForEachCli((cli) => {
    it("gives a stack that initializes and validates", async () => {
      const workspace = new Workspace(cli, synthesized(cdk).folder);
      await workspace.init();
      const { stdout } = await succeed(workspace.validate());
      expect(stdout).toContain("The configuration is valid");
    });
  });
});

it("both builds give the same configuration", () => {
  const [cdktf, cdktn] = CDKS.map((cdk) => configuration(synthesized(cdk).folder));
  expect(cdktf).toHaveProperty("resource.polyai_webhook_secret.Alerts.endpoint_id", "whe_a");
  expect(cdktn).toHaveProperty("terraform.backend.local");
  const withoutBackend = (json: unknown) => JSON.stringify(json).replace(/"path":"[^"]*"/, "");
  expect(withoutBackend(cdktn)).toBe(withoutBackend(cdktf));
});
