// npm run demo: the main job, told step by step, against the simulator and with nothing left behind.
//
// It ends with a non-zero exit code where any step is not as told.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./lib/paths.mjs";
import { main, seconds } from "./lib/process.mjs";
import { setup } from "./setup.mjs";

const require = createRequire(import.meta.url);
const exec = promisify(execFile);

const quoted = (path) => JSON.stringify(path);

await main(async () => {
  const { cli } = await setup();
  const start = performance.now();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "polyai-demo-")));
  const receiver = await startReceiver();
  const { startSimulator } = require(join(root, "dist/simulator/index.js"));
  const simulator = await startSimulator({ deliverTo: { "*": receiver.url } });
  try {
    await rotation({ cli, folder, receiver, simulator });
    await alerts({ cli, folder, receiver, simulator });
  } finally {
    await simulator.close();
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
  tell(`Done in ${seconds(start)}, and nothing of it is left.`);
});

/** A secret that rotates when its trigger changes, and a receiver that follows. */
async function rotation({ cli, folder, receiver, simulator }) {
  const { id: endpoint } = await simulator.createEndpoint();
  const program = cdktfProgram("quick-start", {
    cli,
    folder,
    simulator,
    env: { POLYAI_ENDPOINT_ID: endpoint },
  });
  const rotations = () =>
    simulator.requests.filter(({ operation }) => operation === "rotateWebhookSigningSecret").length;

  tell(
    `A simulated PolyAI listens on ${simulator.url}, and a receiver on ${receiver.url}.`,
    `Webhook endpoint ${endpoint} is there, and nobody here knows its secret.`,
  );

  chapter("cdktf deploy: examples/quick-start, with rotationTrigger 1");
  const created = await program.deploy("1");
  quote(created, /will be created|signing_secret +=|rotation_count +=|Apply complete/);
  const first = await program.read();
  check(rotations() === 1, "the API was asked to rotate exactly once");
  check(first.secret === simulator.currentSecret(endpoint), "the sensitive output is the secret");
  check(!created.includes(first.secret), "the secret stands nowhere in what was printed");
  tell(`  fingerprint ${first.fingerprint}`);

  chapter("An alert is delivered; the receiver verifies it with the exported secret");
  receiver.use([first.secret]);
  await deliver(simulator, endpoint, receiver, { accepted: true });

  chapter("cdktf diff, with nothing changed");
  quote(await program.diff("1"), /No changes/);
  check(rotations() === 1, "a plan rotates nothing");

  chapter("cdktf deploy, with rotationTrigger 2");
  const rotated = await program.deploy("2");
  quote(
    rotated,
    /updated in-place|rotation_trigger +=|signing_secret +=|rotation_count +=|Apply complete/,
  );
  const second = await program.read();
  check(rotations() === 2, "the API was asked to rotate once more, and no oftener");
  check(second.secret === simulator.currentSecret(endpoint), "the output is the new secret");
  check(second.secret !== first.secret, "which is another one");
  tell(`  fingerprint ${first.fingerprint} -> ${second.fingerprint}`);

  chapter("The receiver gets the new secret");
  receiver.use([second.secret]);
  await deliver(simulator, endpoint, receiver, { accepted: true });
  tell("  A delivery that is signed with the old secret:");
  await deliver(simulator, endpoint, receiver, { accepted: false, signWith: first.secret });

  chapter("cdktf destroy");
  quote(await program.destroy("2"), /stays valid|Destroy complete/);
  check(rotations() === 2, 'on_destroy is "keep", so the secret stays as it is');
  await simulator.deleteEndpoint(endpoint);
}

/** An endpoint and a rule, made by Terraform; an alert comes and goes, and each delivery verifies. */
async function alerts({ cli, folder, receiver, simulator }) {
  const program = cdktfProgram("alerts", {
    cli,
    folder,
    simulator,
    env: {},
  });
  chapter("cdktf deploy: examples/alerts, a new endpoint with its secret, and two rules");
  quote(await program.deploy("1"), /will be created|Apply complete/);
  receiver.use([(await program.read()).secret]);

  chapter("Turns take 2,000 ms, then 300 ms again");
  for (const [value, event] of [
    [2000, "alerts.triggered"],
    [300, "alerts.resolved"],
  ]) {
    const deliveries = await simulator.setMetric({ metric: "turn_latency_p95", value });
    const [delivery] = deliveries.filter(({ status }) => status !== "skipped");
    check(delivery?.eventType === event, `PolyAI delivers ${event}`);
    check(delivery.status === "delivered" && receiver.verdict().valid, "the receiver verifies it");
  }

  chapter("cdktf destroy");
  quote(await program.destroy("1"), /Destroy complete/);
}

/** A CDKTF program of examples/, run by its own CLI in a folder apart. */
function cdktfProgram(example, { cli, folder: parent, simulator, env: own }) {
  const folder = join(parent, example);
  mkdirSync(folder);
  const cdktf = join(root, "node_modules/cdktf-cli/bundle/bin/cdktf.js");
  const run = join(root, "examples/run.mjs");
  writeFileSync(
    join(folder, "cdktf.json"),
    JSON.stringify({
      language: "typescript",
      app: `${quoted(process.execPath)} ${quoted(run)} ${example}`,
      projectId: "00000000-0000-4000-8000-000000000000",
      sendCrashReports: "false",
    }),
  );
  writeFileSync(join(folder, "cli.tfrc"), "");
  const env = {
    ...process.env,
    CI: "true",
    CHECKPOINT_DISABLE: "1",
    // Its cache is the whole machine's; the plugin is placed beside the stack anyway.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    FORCE_COLOR: "0",
    TERRAFORM_BINARY_NAME: cli.path,
    TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"),
    POLYAI_API_KEY: simulator.apiKey,
    POLYAI_BASE_URL: simulator.url,
    ...own,
  };
  const command = async (trigger, ...args) => {
    const { stdout } = await exec(process.execPath, [cdktf, ...args, example], {
      cwd: folder,
      env: { ...env, ROTATION_TRIGGER: trigger },
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error) => {
      throw new Error(`cdktf ${args[0]} failed:\n${error.stdout}\n${error.stderr}`);
    });
    return stdout;
  };
  return {
    deploy: (trigger) => command(trigger, "deploy", "--auto-approve"),
    diff: (trigger) => command(trigger, "diff"),
    destroy: (trigger) => command(trigger, "destroy", "--auto-approve"),
    async read() {
      const { stdout } = await exec(cli.path, ["output", "-json"], {
        cwd: join(folder, "cdktf.out/stacks", example),
        env,
      });
      const outputs = JSON.parse(stdout);
      const name = Object.keys(outputs).find((each) => each.endsWith("signing_secret"));
      return { secret: outputs[name].value, fingerprint: outputs.fingerprint?.value };
    },
  };
}

/** What a team runs behind its webhook's URL: it verifies, and asks for another try if it cannot. */
async function startReceiver() {
  const { verifyWebhook } = require(join(root, "dist/webhooks/index.js"));
  let secrets = [];
  let verdict;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const payload = Buffer.concat(chunks);
      verdict = verifyWebhook({ payload, headers: request.headers, secrets });
      response.writeHead(verdict.valid ? 204 : 503).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/webhooks/polyai`,
    use(known) {
      secrets = known;
    },
    verdict: () => verdict,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function deliver(simulator, endpoint, receiver, { accepted, ...options }) {
  const event = { type: "alerts.triggered", data: { name: "High turn latency (p95)" } };
  const { attempts } = await simulator.deliver(endpoint, event, options);
  const verdict = receiver.verdict();
  tell(
    `  the receiver answers ${attempts[0].status}${verdict.valid ? "" : ` (${verdict.reason})`}`,
  );
  check(
    verdict.valid === accepted,
    accepted ? "the delivery is accepted" : "the delivery is refused",
  );
}

/** Lines of a CLI's output, as they were printed. */
function quote(output, pattern) {
  const lines = output
    .split("\n")
    // eslint-disable-next-line no-control-regex -- colours, where a terminal is taken for granted
    .map((line) => line.replace(/\u001b\[[0-9;]*m/g, "").trimEnd())
    .filter((line) => pattern.test(line));
  check(lines.length > 0, "the CLI says what is planned and done", { quiet: true });
  const told = lines.map((line) => line.replace(/^ *[\w-]+ {2,}/, "").trim());
  for (const line of new Set(told)) tell(`  | ${line}`);
}

function check(holds, what, { quiet = false } = {}) {
  if (!holds) throw new Error(`Not as told: ${what}.`);
  if (!quiet) tell(`  ok: ${what}`);
}

function chapter(title) {
  tell("", `== ${title}`);
}

function tell(...lines) {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
