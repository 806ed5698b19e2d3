import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { temporaryFolder } from "./package-fixture.js";
import type { Json } from "./stack-fixture.js";

const EXAMPLES = join(ROOT, "examples");

/** Runs an example by the command in its cdktf.json, as the CLI does; gives its stacks. */
function synthesize(name: string, env: Readonly<Record<string, string>> = {}): Json {
  const { app } = JSON.parse(readFileSync(join(EXAMPLES, name, "cdktf.json"), "utf8")) as {
    app: string;
  };
  const outdir = temporaryFolder();
  const [command, ...args] = app.split(" ") as [string, ...string[]];
  execFileSync(command === "node" ? process.execPath : command, args, {
    cwd: join(EXAMPLES, name),
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stacks = join(outdir, "stacks");
  return Object.fromEntries(
    readdirSync(stacks).map((stack) => [
      stack,
      JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")) as Json,
    ]),
  );
}

const secrets = (stack: Json | undefined) => stack?.resource?.polyai_webhook_secret;

describe("examples/quick-start", () => {
  it("takes the endpoint and the trigger from the environment", () => {
    const { "quick-start": stack } = synthesize("quick-start", {
      POLYAI_ENDPOINT_ID: "whe_demo",
      ROTATION_TRIGGER: "2",
    });
    expect(secrets(stack)?.AlertsSecret).toMatchObject({
      endpoint_id: "whe_demo",
      rotation_trigger: "2",
    });
    expect(Object.keys(stack?.output ?? {})).toEqual([
      "AlertsSecret_signing_secret",
      "fingerprint",
    ]);
    expect(stack?.output?.AlertsSecret_signing_secret?.sensitive).toBe(true);
  });

  it("is what the clone's own cdktf.json runs", () => {
    const { app } = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8")) as { app: string };
    expect(app).toBe("node examples/run.mjs quick-start");
  });
});

describe("examples/receiver-restart", () => {
  it("restarts the receiver whenever the fingerprint changes", () => {
    const { "receiver-restart": stack } = synthesize("receiver-restart");
    expect(stack?.resource?.null_resource?.RestartReceiver).toMatchObject({
      triggers: { secret: "${polyai_webhook_secret.AlertsSecret.fingerprint}" },
      provisioner: [{ "local-exec": { command: "systemctl restart alert-receiver" } }],
    });
    expect(JSON.stringify(stack?.resource?.null_resource)).not.toContain("signing_secret");
  });
});
