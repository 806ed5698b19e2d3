/** The two builds of one source, as a program in plain JavaScript uses each. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { exports } from "../../package.json";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const CDKS = ["cdktf", "cdktn"] as const;
const INDEX = { cdktf: exports["."].default, cdktn: exports["./cdktn"].default };

const program = `
  const [cdk, index, outdir] = process.argv.slice(1);
  const { App, TerraformStack } = require(cdk);
  const { PolyWebhookSecret } = require(index);
  const app = new App({ outdir });
  new PolyWebhookSecret(new TerraformStack(app, "stack"), "Alerts", { endpointId: "whe_a" });
  app.synth();
  const loaded = Object.keys(require.cache)
    .flatMap((file) => /node_modules\\/(cdkt[fn])\\//.exec(file)?.[1] ?? []);
  console.log(JSON.stringify([...new Set(loaded)]));
`;

describe.each(CDKS)("the build for %s", (cdk) => {
  it("loads no other CDK than its own", () => {
    const args = ["-e", program, cdk, join(ROOT, INDEX[cdk]), temporaryFolder()];
    const output = execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(JSON.parse(output)).toEqual([cdk]);
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
});
