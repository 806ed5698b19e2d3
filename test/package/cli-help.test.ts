import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { PROVIDER_VERSION } from "../support/workspace.js";
import { COMMAND, Machine } from "../support/machine.js";

const COMMANDS = ["install", "doctor", "simulate"];
const person = new Machine();

it("lists its commands, with none as with --help", async () => {
  const none = await person.run([]);
  for (const asked of ["--help", "help"]) expect(await person.run([asked])).toEqual(none);
  expect(none).toMatchObject({ code: 0, stderr: "" });
  const listed = [...none.stdout.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
  expect(listed).toEqual(COMMANDS);
});

it.each(COMMANDS)("%s --help has the exit codes, and the guide has its options", async (name) => {
  const guide = readFileSync(join(ROOT, "docs/guides/command-line.md"), "utf8");
  const section = guide.split(/^## /m).find((each) => each.startsWith(`${name}\n`)) ?? "";
  expect(section).toContain(`npx terraform-provider-polyai ${name}`);
  const asked = await person.run([name, "--help"]);
  expect(await person.run(["help", name])).toEqual(asked);
  const { stdout } = asked;
  expect(stdout).toMatch(new RegExp(`^Usage: terraform-provider-polyai ${name}\\b`));
  expect(stdout).toContain("Exit codes: 0");
  // No line wraps in a terminal of 100 columns.
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(104);
  // Explained once, for all commands.
  const common = ["--help", "--json"];
  const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option!);
  const explained = (option: string) =>
    (common.includes(option) ? guide : section).includes(option);
  expect(options.filter((option) => !explained(option))).toEqual([]);
});

it.each([
  [["nonsense"], 'There is no command "nonsense".'],
  [["help", "nonsense"], 'There is no command "nonsense".'],
  [["install", "--nonsense"], "Unknown option '--nonsense'"],
  [["install", "somewhere"], 'It does not take "somewhere".'],
  [
    ["install", "--mirror", "a", "--layout", "flat"],
    "--layout goes with --mirror, and takes packed",
  ],
  [["install", "--layout", "packed"], "--layout goes with --mirror, and takes packed"],
  [["install", "--into", "a", "--mirror", "b"], "--into and --mirror exclude each other."],
  [["install", "--into", ""], "An argument is empty."],
  [["doctor", "--json=yes"], "does not take an argument"],
])("%p is refused with code 2 and the usage", async (args, message) => {
  const { code, stdout, stderr } = await person.run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain("Usage: terraform-provider-polyai");
});

it.each([
  ["place", "install --into FOLDER"],
  ["mirror", "install --mirror DIR"],
])("%s of before names the form that it has now, with code 1", async (name, form) => {
  expect(await person.run([name, "somewhere", "--json"])).toEqual({
    code: 1,
    signal: null,
    stdout: "",
    stderr: `Instead of ${name}, write: terraform-provider-polyai ${form}\n`,
  });
});

it.each([
  ["install", "--into", "nowhere"],
  ["doctor", "nowhere"],
])("%s says that its folder is not there, with code 1", async (...args) => {
  const plain = await person.run(args);
  const missing = `There is no folder ${join(person.folder, "nowhere")}.`;
  expect(plain).toEqual({ code: 1, signal: null, stdout: "", stderr: `${missing}\n` });
  const json = await person.run([...args, "--json"]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toEqual({ ok: false, error: missing });
});

it("prints the package's version", async () => {
  expect((await person.run(["--version"])).stdout).toBe(`${PROVIDER_VERSION}\n`);
});

it("ends with code 0 if its reader has read enough", async () => {
  const head = `'${process.execPath}' '${COMMAND}' --help | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const stdout = "Usage: terraform-provider-polyai COMMAND [options]\n0\n";
  expect(await person.start("bash", ["-c", head])).toMatchObject({ stdout, stderr: "" });
});
