import { once } from "node:events";
import { startSimulator } from "../simulator/index.js";
import { configuration } from "./configuration.js";
import { command, UsageError } from "./command.js";

const USAGE = `Usage: terraform-provider-polyai simulate [options]

Runs PolyAI's Webhooks and Alerts APIs on this machine. Nothing leaves it, and no account is needed.

  --endpoint NAME          name of the webhook endpoint that it starts with (default: Alerts)
  --port PORT              port on 127.0.0.1 (default: a free one)
  --latency MS             let every call take MS milliseconds
  --deliver-to [FROM=]URL  send deliveries for FROM (an endpoint's URL or its origin) to URL on this
                           machine; without FROM, the deliveries of every endpoint. May be repeated.
  --help                   show this text

Exit codes: 0 it was stopped; 1 it cannot run; 2 the arguments are wrong.
`;

/** Runs the simulator until SIGINT or SIGTERM. */
export const simulate = command(
  USAGE,
  {
    endpoint: { type: "string" },
    port: { type: "string" },
    latency: { type: "string" },
    "deliver-to": { type: "string", multiple: true },
  },
  async ({ endpoint: name = "Alerts", port = "0", latency = "0", "deliver-to": routes = [] }) => {
    const simulator = await startSimulator({
      port: number("--port", port, 65_535),
      latencyMs: number("--latency", latency, Infinity),
      deliverTo: Object.fromEntries(routes.map(route)),
    });
    const { id } = await simulator.createEndpoint({ name });
    // Before the text is out: whoever reads it may send a signal at once.
    const stopped = Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
    process.stdout.write(`PolyAI API simulator: ${simulator.url}

  export POLYAI_BASE_URL=${simulator.url}
  export POLYAI_API_KEY=${simulator.apiKey}

It has one webhook endpoint, ${id}. In HCL:

${configuration(id)}
In a CDKTF stack:

  new PolyWebhookSecret(this, "AlertsSecret", { endpointId: "${id}", rotationTrigger: "1" });

Press Ctrl-C to stop.
`);
    await stopped;
    await simulator.close();
    return { ok: true, text: "" };
  },
);

function number(name: string, text: string, maximum: number): number {
  if (/^\d+$/.test(text) && Number(text) <= maximum) return Number(text);
  const limit = maximum === Infinity ? "" : ` up to ${maximum}`;
  throw new UsageError(`${name} takes a number${limit}, not ${text}.`);
}

/** `FROM=URL`, or `URL` for every endpoint. FROM may hold equals signs of its own. */
function route(text: string): [from: string, to: string] {
  const [, from = "*", to] = /^(?:(.+)=)?(https?:\/\/.+)$/.exec(text) ?? [];
  if (to === undefined) throw new UsageError("--deliver-to takes URL or FROM=URL.");
  return [from, to];
}
