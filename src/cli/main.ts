import { runPlace } from "./place.js";
import { runSimulator } from "./simulate.js";

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => number | Promise<number>>> = {
  place: runPlace,
  simulate: runSimulator,
};

const USAGE = `Usage: terraform-provider-polyai COMMAND [options]

  place [FOLDER]   put the provider beside a Terraform or OpenTofu configuration
  simulate         run PolyAI's API on this machine, for work without an account

terraform-provider-polyai COMMAND --help says more of one. CDKTF programs need none of this: the
constructs place the provider at synth.
`;

async function run(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = argv;
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`There is no command "${name}".\n\n${USAGE}`);
    return 2;
  }
  return command(rest);
}

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
