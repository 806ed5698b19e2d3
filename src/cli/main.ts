import { version } from "../../package.json";
import { EXIT } from "./command.js";

type Run = (argv: readonly string[]) => number | Promise<number>;

interface Command {
  /** With what it takes, for the list. */
  readonly synopsis: string;
  readonly summary: string;
  /** Loads it: no command waits for another's code. */
  readonly load: () => Promise<Run>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  install: {
    synopsis: "install",
    summary: "put the provider where Terraform and OpenTofu find it, for this user",
    load: async () => (await import("./install.js")).runInstall,
  },
  doctor: {
    synopsis: "doctor [FOLDER]",
    summary: "say what is wrong with this machine, the provider, the key or the region",
    load: async () => (await import("./doctor.js")).runDoctor,
  },
  simulate: {
    synopsis: "simulate",
    summary: "run PolyAI's API on this machine, for work without an account",
    load: async () => (await import("./simulate.js")).runSimulator,
  },
};

/** Commands of before, and the form that each has now. */
const MOVED: Readonly<Record<string, string>> = {
  place: "install --into FOLDER",
  mirror: "install --mirror DIR",
};

const USAGE = `Usage: terraform-provider-polyai COMMAND [options]

${Object.values(COMMANDS)
  .map(({ synopsis, summary }) => `  ${synopsis.padEnd(17)}${summary}\n`)
  .join("")}
  --version        print this package's version
  --help           show this text; COMMAND --help, or help COMMAND, says more of one

Exit codes: 0 all is well; 1 there is a problem; 2 the arguments are wrong.

CDKTF programs need none of this: the constructs place the provider at synth.
`;

async function run(argv: readonly string[]): Promise<number> {
  const [first = "--help", ...rest] = argv;
  const [name, args] =
    first === "help" && rest[0] !== undefined ? [rest[0], ["--help"]] : [first, rest];
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  if (name === "--version" || name === "-V") {
    process.stdout.write(`${version}\n`);
    return EXIT.ok;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    if (Object.hasOwn(MOVED, name)) {
      process.stderr.write(
        `Instead of ${name}, write: terraform-provider-polyai ${String(MOVED[name])}\n`,
      );
      return EXIT.problem;
    }
    process.stderr.write(`There is no command "${name}".\n\n${USAGE}`);
    return EXIT.usage;
  }
  return (await command.load())(args);
}

// A reader such as head may have read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
