import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SCRIPTS, type TemporaryFolder, node, temporaryFolder } from "./support.js";

// A project with the real scripts and one dependency, which is a folder in it, so that npm needs no
// registry.
let project: TemporaryFolder;
beforeEach(() => {
  project = temporaryFolder();
  cpSync(join(SCRIPTS, "lib"), join(project.path, "scripts/lib"), { recursive: true });
  depend("1.0.0");
});
afterEach(() => {
  project.remove();
});

const depend = (version: string) => {
  const dependencies = { local: "file:local" };
  project.write("local/package.json", JSON.stringify({ name: "local", version }));
  project.write("package.json", JSON.stringify({ name: "p", version: "1.0.0", dependencies }));
  project.write(
    "package-lock.json",
    JSON.stringify({
      name: "p",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: {
        "": { name: "p", version: "1.0.0", dependencies },
        local: { version },
        "node_modules/local": { resolved: "local", link: true },
      },
    }),
  );
};

const install = () =>
  node(
    [
      "--input-type=module",
      "--eval",
      `import { installDependencies } from ${JSON.stringify(
        join(project.path, "scripts/lib/dependencies.mjs"),
      )};
       await installDependencies();`,
    ],
    { PATH: process.env.PATH ?? "", HOME: project.path },
  );

const installed = () => existsSync(join(project.path, "node_modules/local/package.json"));

it("installs what the lock file says, once", async () => {
  const first = await install();
  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toContain("Installing the packages of package-lock.json");
  expect(installed()).toBe(true);
  expect(await install()).toEqual({ code: 0, stdout: "", stderr: "" });
});

it("installs again when the lock file changed", async () => {
  await install();
  depend("1.1.0");
  expect((await install()).stderr).toContain("Installing");
  expect(await install()).toEqual({ code: 0, stdout: "", stderr: "" });
});

it("installs again when node_modules was removed", async () => {
  await install();
  rmSync(join(project.path, "node_modules"), { recursive: true });
  expect((await install()).stderr).toContain("Installing");
  expect(installed()).toBe(true);
});

it("leaves alone what was installed by hand from the same lock file", async () => {
  await install();
  rmSync(join(project.path, "node_modules/.installed-for"));
  expect(await install()).toEqual({ code: 0, stdout: "", stderr: "" });
});

it("installs once for two that set up at the same time", async () => {
  const both = await Promise.all([install(), install()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.filter(({ stderr }) => stderr.includes("Installing"))).toHaveLength(1);
  expect(installed()).toBe(true);
});

it("says what npm said where it fails", async () => {
  project.write("package-lock.json", '{ "lockfileVersion": 3, "packages": {} }');
  mkdirSync(join(project.path, "node_modules"));
  const { code, stderr } = await install();
  expect(stderr).toMatch(/`npm ci .*` ended with exit code 1:\n[^]*package\.json/);
  expect(code).toBe(1);
});
