import { parseArgs } from "node:util";

export const USAGE = `npm run bench [-- options]: how the provider compares, measured side by side on this machine

  --quick            only the ratios that have a target: start, apply of one, rotation of 100
  --sizes 1,100      how many secrets (default 1,100,1000)
  --latency 0        what each API call takes, in milliseconds (default 0,50)
  --runtimes A,B     of: node, executable, go, go-floor, floor (default: all that are here)
  --runs N           measured runs of each size (default: 10 of 1, 5 of 100, 2 of 1000)
  --cli tofu         the CLI: terraform, tofu, terraform@1.5.7 … (default: as npm run setup finds)
  --write-docs       write docs/performance.md and its chart from this run, which must be a whole one
  --check            exit code 1 where a ratio is over its target
`;

export const RUNTIMES = ["node", "executable", "go", "go-floor", "floor"];
const DEFAULT_SIZES = [1, 100, 1000];
const DEFAULT_LATENCIES = [0, 50];

/**
 * @returns {{ help: boolean, quick: boolean, check: boolean, writeDocs: boolean, sizes: number[],
 *   latencies: number[], runtimes: string[], runs: number | undefined, cli: string | undefined }}
 * @throws where an option is wrong or two do not go together, with a sentence
 */
export function readArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      help: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      "write-docs": { type: "boolean", default: false },
      sizes: { type: "string" },
      latency: { type: "string" },
      runtimes: { type: "string" },
      runs: { type: "string" },
      cli: { type: "string" },
    },
  });
  const { help, quick, check, "write-docs": writeDocs } = values;
  const selected = ["sizes", "latency", "runtimes"].filter((name) => values[name] !== undefined);
  if (writeDocs && (quick || selected.length > 0)) {
    throw new Error("--write-docs needs a whole run: leave out what makes it less.");
  }
  if (quick && (values.sizes ?? values.latency) !== undefined) {
    throw new Error("--quick has sizes and a latency of its own.");
  }
  const runtimes = values.runtimes?.split(",") ?? RUNTIMES;
  const unknown = runtimes.find((name) => !RUNTIMES.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--runtimes takes ${RUNTIMES.join(", ")}; not ${unknown}.`);
  }
  return {
    help,
    quick,
    check,
    writeDocs,
    sizes: numbers("sizes", values.sizes, 1) ?? DEFAULT_SIZES,
    latencies: numbers("latency", values.latency, 0) ?? DEFAULT_LATENCIES,
    runtimes,
    runs: numbers("runs", values.runs, 1)?.[0],
    cli: values.cli,
  };
}

function numbers(name, text, least) {
  return text?.split(",").map((part) => {
    const value = Number(part);
    if (!/^\d+$/.test(part) || value < least) {
      throw new Error(`--${name} takes whole numbers from ${least} on, not "${part}".`);
    }
    return value;
  });
}
