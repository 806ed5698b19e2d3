/**
 * npm run demo: the main job, told step by step, against the simulator and with nothing left behind.
 * A step that does not go as told ends it with a non-zero exit code.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../src/simulator/index.js";
import { verifyWebhook } from "../src/webhooks/index.js";
import { findClis } from "./cli.js";
import { root } from "./lib/machine.js";
import { main, run } from "./lib/process.js";

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

interface Stage {
  readonly folder: string;
  readonly receiver: Receiver;
  readonly simulator: Simulator;
}

const CHANGES =
  /will be created|updated in-place|(trigger|signing_secret|rotation_count) +=|Apply complete/;

main(async () => {
  const start = performance.now();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "polyai-demo-")));
  const receiver = await startReceiver();
  const simulator = await startSimulator({ deliverTo: { "*": receiver.url } });
  try {
    await rotation({ folder, receiver, simulator });
    await alerts({ folder, receiver, simulator });
  } finally {
    await simulator.close();
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  tell(`Done in ${seconds} s, and nothing of it is left.`);
});

/** A secret that rotates when its trigger changes, and a receiver that follows. */
async function rotation(stage: Stage): Promise<void> {
  const { receiver, simulator } = stage;
  const { id: endpoint } = await simulator.createEndpoint();
  const program = cdktfProgram("quick-start", stage, { POLYAI_ENDPOINT_ID: endpoint });
  const operation = "rotateWebhookSigningSecret";
  const rotations = () => simulator.requests.filter((each) => each.operation === operation).length;

  tell(
    `A simulated PolyAI listens on ${simulator.url}, and a receiver on ${receiver.url}.`,
    `Webhook endpoint ${endpoint} is there, and nobody here knows its secret.`,
  );

  chapter("cdktf deploy: examples/quick-start, with rotationTrigger 1");
  const created = await program.deploy("1");
  quote(created, CHANGES);
  const first = await program.read();
  check(rotations() === 1, "the API was asked to rotate exactly once");
  check(first.secret === simulator.currentSecret(endpoint), "the sensitive output is the secret");
  check(!created.includes(first.secret), "nothing that was printed holds the secret");
  tell(`  fingerprint ${first.fingerprint}`);

  chapter("An alert is delivered; the receiver verifies it with the exported secret");
  receiver.use(first.secret);
  await deliver(stage, endpoint, { accepted: true });

  chapter("cdktf diff, with nothing changed");
  quote(await program.diff("1"), /No changes/);
  check(rotations() === 1, "a plan rotates nothing");

  chapter("cdktf deploy, with rotationTrigger 2");
  const rotated = await program.deploy("2");
  quote(rotated, CHANGES);
  const second = await program.read();
  check(rotations() === 2, "the API was asked to rotate once more");
  check(second.secret === simulator.currentSecret(endpoint), "the output is the new secret");
  check(second.secret !== first.secret, "it differs from the first one");
  tell(`  fingerprint ${first.fingerprint} -> ${second.fingerprint}`);

  chapter("The receiver gets the new secret");
  receiver.use(second.secret);
  await deliver(stage, endpoint, { accepted: true });
  tell("  A delivery that is signed with the old secret:");
  await deliver(stage, endpoint, { accepted: false, signWith: first.secret });

  chapter("cdktf destroy");
  quote(await program.destroy("2"), /is not rotated|Destroy complete/);
  check(rotations() === 2, 'on_destroy is "keep", so the secret stays as it is');
  await simulator.deleteEndpoint(endpoint);
}

/** An endpoint and rules, made by Terraform; an alert comes and goes, and each delivery verifies. */
async function alerts(stage: Stage): Promise<void> {
  const { receiver, simulator } = stage;
  const program = cdktfProgram("alerts", stage);
  chapter("cdktf deploy: examples/alerts, a new endpoint with its secret, and two rules");
  quote(await program.deploy("1"), /will be created|Apply complete/);
  receiver.use((await program.read()).secret);

  chapter("Turns take 2,000 ms, then 300 ms again");
  for (const [value, event] of [
    [2000, "alerts.triggered"],
    [300, "alerts.resolved"],
  ] as const) {
    const deliveries = await simulator.setMetric({ metric: "turn_latency_p95", value });
    const [delivery] = deliveries.filter(({ status }) => status !== "skipped");
    check(delivery?.eventType === event, `PolyAI delivers ${event}`);
    check(delivery?.status === "delivered" && receiver.verdict().valid, "the receiver verifies it");
  }

  chapter("cdktf destroy");
  quote(await program.destroy("1"), /Destroy complete/);
}

/** A CDKTF program of examples/, run by CDKTF's own command in a folder apart. */
function cdktfProgram(example: string, stage: Stage, own: NodeJS.ProcessEnv = {}) {
  const [cli] = findClis();
  if (cli === undefined) throw new Error("Neither Terraform nor OpenTofu is here: npm run setup");
  const folder = join(stage.folder, example);
  mkdirSync(folder);
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const words = [process.execPath, tsx, join(root, "examples", example, "main.ts")];
  const app = words.map((word) => JSON.stringify(word)).join(" ");
  const projectId = "00000000-0000-4000-8000-000000000000";
  const settings = { language: "typescript", app, projectId, sendCrashReports: "false" };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(settings));
  writeFileSync(join(folder, "cli.tfrc"), "");
  const env = {
    ...process.env,
    CI: "true",
    CHECKPOINT_DISABLE: "1",
    // CDKTF's plugin cache is the whole machine's; the plugin is placed beside the stack anyway.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    FORCE_COLOR: "0",
    TERRAFORM_BINARY_NAME: cli.path,
    TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"),
    POLYAI_API_KEY: stage.simulator.apiKey,
    POLYAI_BASE_URL: stage.simulator.url,
    ...own,
  };
  const cdktf = join(root, "node_modules/cdktf-cli/bundle/bin/cdktf.js");
  const command = (trigger: string, ...args: string[]) =>
    run(process.execPath, [cdktf, ...args, example], {
      cwd: folder,
      env: { ...env, ROTATION_TRIGGER: trigger },
    });
  return {
    deploy: (trigger: string) => command(trigger, "deploy", "--auto-approve"),
    diff: (trigger: string) => command(trigger, "diff"),
    destroy: (trigger: string) => command(trigger, "destroy", "--auto-approve"),
    async read() {
      const cwd = join(folder, "cdktf.out/stacks", example);
      const outputs = Object.entries(
        JSON.parse(await run(cli.path, ["output", "-json"], { cwd, env })) as Outputs,
      );
      const ending = (end: string) => outputs.find(([name]) => name.endsWith(end))?.[1].value ?? "";
      return { secret: ending("signing_secret"), fingerprint: ending("fingerprint") };
    },
  };
}

type Outputs = Readonly<Record<string, { readonly value: string }>>;

/** The program behind a team's webhook URL: it verifies, and asks for another try if it cannot. */
async function startReceiver() {
  let secrets: string[] = [];
  let verdict: ReturnType<typeof verifyWebhook> | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const payload = Buffer.concat(chunks);
      verdict = verifyWebhook({ payload, headers: request.headers, secrets });
      response.writeHead(verdict.valid ? 204 : 503).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/polyai`,
    use(secret: string) {
      secrets = [secret];
    },
    verdict() {
      if (verdict === undefined) throw new Error("The receiver got no delivery.");
      return verdict;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function deliver(
  { simulator, receiver }: Stage,
  endpoint: string,
  { accepted, ...options }: { readonly accepted: boolean; readonly signWith?: string },
): Promise<void> {
  const event = { type: "alerts.triggered", data: { name: "High turn latency (p95)" } } as const;
  const { attempts } = await simulator.deliver(endpoint, event, options);
  const verdict = receiver.verdict();
  const reason = verdict.valid ? "" : ` (${verdict.reason})`;
  tell(`  the receiver answers ${attempts[0]?.status ?? "nothing"}${reason}`);
  check(verdict.valid === accepted, `the delivery is ${accepted ? "accepted" : "refused"}`);
}

/** Tells those lines of a CLI's output that match, as they were printed. */
function quote(output: string, pattern: RegExp): void {
  const lines = output.split("\n").filter((line) => pattern.test(line));
  if (lines.length === 0) throw new Error(`Not as told: the CLI does not say ${pattern}.`);
  // CDKTF begins each line with the stack's name.
  const told = lines.map((line) => line.replace(/^ *[\w-]+ {2,}/, "").trim());
  for (const line of new Set(told)) tell(`  | ${line}`);
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not as told: ${what}.`);
  tell(`  ok: ${what}`);
}

function chapter(title: string): void {
  tell("", `== ${title}`);
}

function tell(...lines: string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
