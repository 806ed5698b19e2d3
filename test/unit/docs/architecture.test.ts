import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/cli.js";

const page = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");

/** The page's mermaid picture as arrows: `a & b --> c & d` is four. */
function drawn(): readonly string[] {
  const [, picture = ""] = /```mermaid\nflowchart LR\n(.*?)```/s.exec(page) ?? [];
  return picture
    .trimEnd()
    .split("\n")
    .flatMap((line) => {
      const [from = "", to = ""] = line.trim().split(" --> ");
      return from
        .split(" & ")
        .flatMap((start) => to.split(" & ").map((end) => `${start} → ${end}`));
    });
}

/** The imports between the same folders, and the files beside them, as dependency-cruiser finds them. */
function imported(): readonly string[] {
  const command = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const folders = "^(src/plugin/[^/]+|src/[^/]+|lib|api)";
  const args = ["--output-type", "json", "--include-only", folders, "--collapse", folders];
  const output = execFileSync(process.execPath, [command, "src", "lib", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const { modules } = JSON.parse(output) as {
    modules: { source: string; dependencies: { resolved: string }[] }[];
  };
  return modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => `${source} → ${resolved}`),
  );
}

it("ARCHITECTURE.md draws every import between folders, once, and no other", () => {
  const [picture, code] = [drawn(), imported()];
  expect(code.length).toBeGreaterThan(20);
  expect([
    ...code.filter((arrow) => !picture.includes(arrow)).map((a) => `${a} is in the code and not in the picture`),
    ...picture.filter((arrow) => !code.includes(arrow)).map((a) => `${a} is in the picture and not in the code`),
    ...picture.filter((arrow, at) => picture.indexOf(arrow) !== at).map((a) => `${a} is drawn twice`),
  ]).toEqual([]);
});

it("ARCHITECTURE.md names no file that is not there", () => {
  const named = [...page.matchAll(/`([\w./-]+\.(?:ts|sh))`/g)].map(([, file]) => file!);
  expect(named.length).toBeGreaterThan(20);
  const folders = ["", "src", "src/plugin"];
  expect(
    named.filter((file) => !folders.some((folder) => existsSync(join(ROOT, folder, file)))),
  ).toEqual([]);
});
