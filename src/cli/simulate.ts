import { once } from "node:events";
import { parseArgs } from "node:util";
import { startSimulator, type SimulatorOptions } from "../simulator/index.js";

const USAGE = `Usage: terraform-provider-polyai simulate [options]

Runs PolyAI's Webhooks and Alerts APIs on this machine. Nothing leaves it, and no account is needed.

  --port PORT              port on 127.0.0.1 (default: a free one)
  --latency MS             let every call take MS milliseconds
  --deliver-to [FROM=]URL  send deliveries for FROM (an endpoint's URL or its origin) to URL on this
                           machine; without FROM, the deliveries of every endpoint. May be repeated.
  --error-body STYLE       envelope (default) or message: how errors are written
  --help                   show this text

Exit codes: 0 it was stopped; 1 it cannot run; 2 the arguments are wrong.
`;

interface Output {
  write(text: string): unknown;
}

/**
 * Runs the simulator until SIGINT or SIGTERM.
 *
 * @param argv the arguments after `simulate`
 * @returns the exit code: 0 after a signal, 1 if it cannot start, 2 if the arguments are wrong
 */
export async function runSimulator(
  argv: readonly string[],
  out: Output = process.stdout,
  errors: Output = process.stderr,
): Promise<number> {
  let options: SimulatorOptions | "help";
  try {
    options = parse(argv);
  } catch (error) {
    errors.write(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options === "help") {
    out.write(USAGE);
    return 0;
  }
  try {
    await serve(options, out);
    return 0;
  } catch (error) {
    errors.write(`The simulator cannot run: ${messageOf(error)}\n`);
    return 1;
  }
}

async function serve(options: SimulatorOptions, out: Output): Promise<void> {
  const simulator = await startSimulator(options);
  // Before the text is out: whoever reads it may send a signal at once.
  const stopped = firstSignal("SIGINT", "SIGTERM");
  out.write(
    [
      `PolyAI API simulator: ${simulator.url}`,
      "",
      `  export POLYAI_BASE_URL=${simulator.url}`,
      `  export POLYAI_API_KEY=${simulator.apiKey}`,
      "",
      "Press Ctrl-C to stop.",
      "",
    ].join("\n"),
  );
  await stopped;
  await simulator.close();
}

/** Afterwards each signal acts as it always does: a second Ctrl-C ends the process at once. */
async function firstSignal(...signals: readonly NodeJS.Signals[]): Promise<void> {
  const done = new AbortController();
  await Promise.race(signals.map((signal) => once(process, signal, { signal: done.signal })));
  done.abort();
}

function parse(argv: readonly string[]): SimulatorOptions | "help" {
  const { values } = parseArgs({
    args: [...argv],
    strict: true,
    options: {
      port: { type: "string" },
      latency: { type: "string" },
      "deliver-to": { type: "string", multiple: true },
      "error-body": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  const port = number("--port", values.port, /^\d+$/, 65_535);
  const latencyMs = number("--latency", values.latency, /^\d+$/);
  const errorBody = values["error-body"];
  if (errorBody !== undefined && errorBody !== "envelope" && errorBody !== "message") {
    throw new Error("--error-body takes envelope or message");
  }
  return {
    ...(port !== undefined && { port }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(errorBody !== undefined && { errorBody }),
    deliverTo: Object.fromEntries((values["deliver-to"] ?? []).map(route)),
  };
}

function number(name: string, text: string | undefined, form: RegExp, maximum = Infinity) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!form.test(text) || value > maximum) {
    throw new Error(
      `${name} takes a number${maximum === Infinity ? "" : ` up to ${maximum}`}, not ${text}`,
    );
  }
  return value;
}

/** `FROM=URL`, or `URL` for every endpoint. FROM may hold equals signs of its own. */
function route(text: string): [from: string, to: string] {
  const [, from = "*", to] = /^(?:(.+)=)?(https?:\/\/.+)$/.exec(text) ?? [];
  if (to === undefined) throw new Error("--deliver-to takes URL or FROM=URL");
  return [from, to];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
