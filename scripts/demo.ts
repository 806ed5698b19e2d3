/**
 * npm run demo: the main job, told step by step, against the simulator and with nothing left behind.
 * A step that does not go as told ends it with a non-zero exit code.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startSimulator, type Simulator } from "../src/simulator/index.js";
import { createWebhookReceiver } from "../src/webhooks/index.js";
import { cdktfProgram } from "../test/support/cdktf-program.js";
import { succeed } from "../test/support/cli.js";
import { accessTo } from "../test/support/simulator.js";
import { findClis } from "./cli.js";
import { main } from "./lib/process.js";

interface Stage {
  readonly receiver: Awaited<ReturnType<typeof startReceiver>>;
  readonly simulator: Simulator;
}

const CHANGES =
  /will be created|updated in-place|(trigger|signing_secret|rotation_count) +=|Apply complete/;

main(async () => {
  const start = performance.now();
  const receiver = await startReceiver();
  const simulator = await startSimulator({ deliverTo: { "*": receiver.url } });
  try {
    await rotation({ receiver, simulator });
    await alerts({ receiver, simulator });
  } finally {
    await simulator.close();
    receiver.close();
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  tell(`Done in ${seconds} s, and nothing of it is left.`);
});

/** A secret that rotates when its trigger changes, and a receiver that follows. */
async function rotation(stage: Stage): Promise<void> {
  const { receiver, simulator } = stage;
  const { id: endpoint } = await simulator.createEndpoint();
  const program = example("quick-start", stage, { POLYAI_ENDPOINT_ID: endpoint });
  const operation = "rotateWebhookSigningSecret";
  const rotations = () => simulator.requests.filter((each) => each.operation === operation).length;

  tell(
    `A simulated PolyAI listens on ${simulator.url}, and a receiver on ${receiver.url}.`,
    `Webhook endpoint ${endpoint} is there, and nobody here knows its secret.`,
  );

  chapter("cdktf deploy: examples/quick-start, with rotationTrigger 1");
  const created = await program.run("1", "deploy", "--auto-approve");
  quote(created, CHANGES);
  const first = await program.outputs();
  check(rotations() === 1, "the API was asked to rotate exactly once");
  check(first.secret === simulator.currentSecret(endpoint), "the sensitive output is the secret");
  check(!created.includes(first.secret), "nothing that was printed holds the secret");
  tell(`  fingerprint ${first.fingerprint}`);

  chapter("An alert is delivered; the receiver verifies it with the exported secret");
  receiver.secret = first.secret;
  await deliver(stage, endpoint, { accepted: true });

  chapter("cdktf diff, with nothing changed");
  quote(await program.run("1", "diff"), /No changes/);
  check(rotations() === 1, "a plan rotates nothing");

  chapter("cdktf deploy, with rotationTrigger 2");
  const rotated = await program.run("2", "deploy", "--auto-approve");
  quote(rotated, CHANGES);
  const second = await program.outputs();
  check(rotations() === 2, "the API was asked to rotate once more");
  check(second.secret === simulator.currentSecret(endpoint), "the output is the new secret");
  check(second.secret !== first.secret, "it differs from the first one");
  tell(`  fingerprint ${first.fingerprint} -> ${second.fingerprint}`);

  chapter("The receiver gets the new secret");
  receiver.secret = second.secret;
  await deliver(stage, endpoint, { accepted: true });
  tell("  A delivery that is signed with the old secret:");
  await deliver(stage, endpoint, { accepted: false, signWith: first.secret });

  chapter("cdktf destroy");
  quote(await program.run("2", "destroy", "--auto-approve"), /is not rotated|Destroy complete/);
  check(rotations() === 2, 'on_destroy is "keep", so the secret stays as it is');
  await simulator.deleteEndpoint(endpoint);
}

/** An endpoint and rules, made by Terraform; an alert comes and goes, and each delivery verifies. */
async function alerts(stage: Stage): Promise<void> {
  const { receiver, simulator } = stage;
  const program = example("alerts", stage);
  chapter("cdktf deploy: examples/alerts, a new endpoint with its secret, and two rules");
  quote(await program.run("1", "deploy", "--auto-approve"), /will be created|Apply complete/);
  receiver.secret = (await program.outputs()).secret;

  chapter("Turns take 2,000 ms, then 300 ms again");
  for (const [value, event] of [
    [2000, "alerts.triggered"],
    [300, "alerts.resolved"],
  ] as const) {
    const deliveries = await simulator.setMetric({ metric: "turn_latency_p95", value });
    const [delivery] = deliveries.filter(({ status }) => status !== "skipped");
    check(delivery?.eventType === event, `PolyAI delivers ${event}`);
    check(delivery?.status === "delivered", "the receiver verifies it");
  }

  chapter("cdktf destroy");
  quote(await program.run("1", "destroy", "--auto-approve"), /Destroy complete/);
}

/** A program of examples/; `run` gives what a command of CDKTF prints. */
function example(name: string, { simulator }: Stage, env = {}) {
  const [cli] = findClis();
  if (cli === undefined) throw new Error("Neither Terraform nor OpenTofu is here: npm run setup");
  const { start, outputs } = cdktfProgram(cli, name, { ...accessTo(simulator), ...env });
  const run = async (trigger: string, ...args: string[]) =>
    (await succeed(start(trigger, ...args).result)).stdout;
  return { run, outputs };
}

/** The program behind a team's webhook URL. */
async function startReceiver() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/webhooks/polyai`;
  const receiver = { url, secret: "", refusal: "", close: () => server.close() };
  const { node } = createWebhookReceiver({
    secrets: () => [receiver.secret],
    onEvent: () => undefined,
    onRejected: (reason) => (receiver.refusal = reason),
  });
  server.on("request", (request, response) => void node(request, response));
  return receiver;
}

async function deliver(
  { simulator, receiver }: Stage,
  endpoint: string,
  { accepted, ...options }: { readonly accepted: boolean; readonly signWith?: string },
): Promise<void> {
  const event = { type: "alerts.triggered", data: { name: "High turn latency (p95)" } } as const;
  const { attempts, status } = await simulator.deliver(endpoint, event, options);
  const isTaken = status === "delivered";
  const reason = isTaken ? "" : ` (${receiver.refusal})`;
  tell(`  the receiver answers ${attempts[0]?.status ?? "nothing"}${reason}`);
  check(isTaken === accepted, `the delivery is ${accepted ? "accepted" : "refused"}`);
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
