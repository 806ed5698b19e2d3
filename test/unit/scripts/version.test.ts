import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/cli.js";
import { evaluate, type TemporaryFolder, temporaryFolder } from "./support.js";

// Not written out where a version follows: this file, too, is searched for versions.
const NAME = "terraform-provider-polyai";
const SOURCE = "polyai/polyai";

const ask = async <T>(script: string, expression: string): Promise<T> => {
  const { stdout, stderr } = await evaluate(
    script,
    `console.log(JSON.stringify(${expression}));`,
    // git is looked for there.
    { PATH: process.env.PATH ?? "" },
  );
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout) as T;
};

const drift = (folder: string) =>
  ask<string[]>("lib/version.mjs", `script.versionDrift(${JSON.stringify(folder)})`);

it("is the same wherever this repository states it", async () => {
  expect(await drift(ROOT)).toEqual([]);
});

describe("in another project", () => {
  let project: TemporaryFolder;
  beforeEach(() => (project = temporaryFolder()));
  afterEach(() => {
    project.remove();
  });

  const text = (name: string) => readFileSync(join(project.path, name), "utf8");

  const write = (version: string) => {
    const optionalDependencies = { [`${NAME}-linux-x64`]: "0.1.0" };
    project.write("package.json", JSON.stringify({ version, optionalDependencies }));
    const root = `{ "name": "${NAME}", "version": "0.1.0" }`;
    project.write("package-lock.json", `{ "packages": { "": ${root} } }`);
    project.write(
      "examples/a/package.json",
      `{ "dependencies": { "cdktf": "0.1.0", "${NAME}": "^0.1.0" } }`,
    );
    project.write(
      "README.md",
      [
        `npx ${NAME}@0.1.0, or ${NAME}_0.1.0_linux_amd64.zip`,
        `polyai = { source = "${SOURCE}", version = "~> 0.1" }`,
        `null = { source = "hashicorp/null", version = "0.1.0" }`,
      ].join("\n"),
    );
    project.write("cdk.tf.json", `{ "version": "0.1.0", "source": "a.example/${SOURCE}" }`);
    project.write("CHANGELOG.md", "## [Unreleased]\n\n### Added\n\n- A thing.\n");
    execFileSync("git", ["init", "--quiet"], { cwd: project.path });
    execFileSync("git", ["add", "."], { cwd: project.path });
  };

  it("finds nothing where all agree", async () => {
    write("0.1.0");
    expect(await drift(project.path)).toEqual([]);
  });

  it("is told with file, line and remedy wherever it differs", async () => {
    write("0.2.0");
    const told = await drift(project.path);
    expect(told.map((line) => line.split(" ")[0])).toEqual([
      "README.md:1",
      "README.md:1",
      "README.md:2",
      "cdk.tf.json:1",
      "examples/a/package.json:1",
      "package-lock.json:1",
      "package.json:1",
    ]);
    expect(told[0]).toBe(
      "README.md:1 states version 0.1.0, and package.json 0.2.0. " +
        "Change package.json if that is the wrong one; then run: npm run version",
    );
  });

  it("spreads from package.json, and leaves other packages' versions alone", async () => {
    write("0.2.0-rc.1");
    await ask("publish/version.mjs", `script.takeVersion({ folder: "${project.path}" })`);
    expect(await drift(project.path)).toEqual([]);
    expect(text("README.md")).toBe(
      [
        `npx ${NAME}@0.2.0-rc.1, or ${NAME}_0.2.0-rc.1_linux_amd64.zip`,
        `polyai = { source = "${SOURCE}", version = "~> 0.2" }`,
        `null = { source = "hashicorp/null", version = "0.1.0" }`,
      ].join("\n"),
    );
    expect(text("examples/a/package.json")).toContain(`"cdktf": "0.1.0"`);
    expect(text("CHANGELOG.md")).not.toContain("0.2.0");
  });

  const releaseIt = () =>
    ask<string[]>(
      "publish/version.mjs",
      `script.takeVersion({ folder: "${project.path}", releasing: true, date: "2026-11-30" })`,
    );

  it("dates the changelog's section at a release", async () => {
    write("0.1.0");
    expect(await releaseIt()).toEqual(["CHANGELOG.md"]);
    expect(text("CHANGELOG.md")).toBe(
      "## [Unreleased]\n\n## [0.1.0] - 2026-11-30\n\n### Added\n\n- A thing.\n",
    );
  });

  it("refuses a release of which the changelog tells nothing", async () => {
    write("0.1.0");
    project.write("CHANGELOG.md", "## [Unreleased]\n\n### Added\n");
    await expect(releaseIt()).rejects.toThrow(
      'CHANGELOG.md lists no change under "## [Unreleased]"',
    );
  });
});
