import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { shapesOfHcl, shapesOfStack } from "./hcl-twins.js";
import { temporaryFolder } from "../support/temporary-folder.js";
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

it.each([
  ["alerts", "alerts", "main.tf"],
  ["quick-start", "quick-start", "main.tf"],
  ["receiver-restart", "receiver-restart", "main.tf"],
  ["rotation-reasons", "rotation-reasons", "main.tf"],
  ["two-regions", "two-regions", "main.tf"],
  ["cross-stack", "secrets", "secrets/main.tf"],
  ["cross-stack", "receiver", "receiver/main.tf"],
])("examples/%s: stack %s and %s are the same", (name, stack, file) => {
  const shapes = shapesOfHcl(join(name, file));
  expect(shapes.length).toBeGreaterThan(0);
  expect(shapes).toEqual(shapesOfStack(synthesize(name)[stack]));
});

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

describe("examples/rotation-reasons", () => {
  it("triggers on the quarter, the incident and the age", () => {
    const quarter = () => {
      const now = new Date();
      return `${now.getUTCFullYear()}-Q${Math.ceil((now.getUTCMonth() + 1) / 3)}`;
    };
    const before = quarter();
    const { "rotation-reasons": stack } = synthesize("rotation-reasons", { INCIDENT: "1204" });
    const { rotation_triggers: triggers, rotate_after_days: days } =
      secrets(stack)?.AlertsSecret ?? {};
    expect(triggers?.incident).toBe("1204");
    expect([before, quarter()]).toContain(triggers?.quarter);
    expect(days).toBe(100);
  });
});

describe("examples/two-regions", () => {
  it("uses each region's provider block, and holds no key", () => {
    const { "two-regions": stack } = synthesize("two-regions");
    expect(stack?.provider?.polyai).toEqual([
      { region: "us" },
      { alias: "uk", api_key: "${var.uk_api_key}", region: "uk" },
    ]);
    expect(secrets(stack)?.UsSecret).not.toHaveProperty("provider");
    expect(secrets(stack)?.UkSecret?.provider).toBe("polyai.uk");
  });
});

describe("examples/cross-stack", () => {
  it("hands the secret over as a sensitive output", () => {
    const { secrets: from, receiver } = synthesize("cross-stack");
    const outputs = Object.entries(from?.output ?? {});
    expect(outputs).toHaveLength(1);
    const [name, output] = outputs[0]!;
    expect(output).toEqual({
      sensitive: true,
      value: "${polyai_webhook_secret.AlertsSecret.signing_secret}",
    });
    expect(receiver?.resource?.terraform_data?.Holder?.input).toMatch(
      new RegExp(`^\\$\\{sensitive\\(.*\\.outputs\\.${name}\\)\\}$`),
    );
  });
});

describe("examples/alerts", () => {
  it("makes an endpoint whose secret rotates, and rules", () => {
    const { alerts: stack } = synthesize("alerts", { ROTATION_TRIGGER: "2" });
    expect(Object.keys(stack?.resource?.polyai_webhook_endpoint ?? {})).toEqual(["OnCall"]);
    expect(Object.keys(stack?.resource?.polyai_alert_rule ?? {})).toEqual(["Crashes", "SlowTurns"]);
    const [secret] = Object.values(secrets(stack) ?? {});
    expect(secret).toMatchObject({
      endpoint_id: "${polyai_webhook_endpoint.OnCall.id}",
      rotation_trigger: "2",
    });
  });
});
