import { version } from "../../package.json";
import { EXIT, type Command } from "./command.js";

/** No command waits for another's code, hence the imports. */
const COMMANDS = new Map<string, () => Promise<Command>>([
  ["install", async () => (await import("./install.js")).install],
  ["doctor", async () => (await import("./doctor.js")).doctor],
  ["simulate", async () => (await import("./simulate.js")).simulate],
]);

/** Commands of before, and the form that each has now. */
const MOVED = new Map([
  ["place", "install --into FOLDER"],
  ["mirror", "install --mirror DIR"],
]);

const USAGE = `Usage: terraform-provider-polyai COMMAND [options]

  install          put the provider where Terraform and OpenTofu find it, for this user
  doctor [FOLDER]  say what is wrong with this machine, the provider, the key or the region
  simulate         run PolyAI's API on this machine, for work without an account

  --version        print this package's version
  --help           show this text; COMMAND --help, or help COMMAND, says more of one

Exit codes: 0 all is well; 1 there is a problem; 2 the arguments are wrong.

CDKTF programs need none of this: the constructs place the provider at synth.
`;

async function run([first = "--help", ...rest]: readonly string[]): Promise<number> {
  const [name, args] =
    first === "help" && rest[0] !== undefined ? [rest[0], ["--help"]] : [first, rest];
  const load = COMMANDS.get(name);
  if (load !== undefined) return (await load())(args);
  const form = MOVED.get(name);
  if (form !== undefined) {
    process.stderr.write(`Instead of ${name}, write: terraform-provider-polyai ${form}\n`);
    return EXIT.problem;
  }
  const isVersion = ["--version", "-V"].includes(name);
  if (isVersion || ["--help", "-h", "help"].includes(name)) {
    process.stdout.write(isVersion ? `${version}\n` : USAGE);
    return EXIT.ok;
  }
  process.stderr.write(`There is no command "${name}".\n\n${USAGE}`);
  return EXIT.usage;
}

// A reader such as head may have read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
