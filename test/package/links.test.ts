/** Links between pages: a user has those of the package, a contributor all of the clone's. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { pack } from "./consumer.js";

const isPage = (path: string): boolean => path.endsWith(".md");

/** A page's text without its code, which may hold brackets. */
const textOf = (page: string): string =>
  readFileSync(join(ROOT, page), "utf8").replace(/^```.*?^```$|`[^`\n]*`/gms, "");

/** A page's own anchors, and those of its headings as GitHub and the registries make them. */
const anchorsOf = (page: string): readonly string[] =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/^#+ (.*)$|<a id="(.*?)">/gm)].map(
    ([, title = "", anchor]) =>
      anchor ??
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
  );

/** Links and pictures that lead to nothing in the files. */
const brokenLinks = (files: readonly string[]): readonly string[] =>
  files.filter(isPage).flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https:\/\/)([^)]*)\)/g)].flatMap(([, link = ""]) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(page, "..", path).replaceAll("\\", "/");
      const isThere = files.some((file) => file === target || file.startsWith(`${target}/`));
      const leads = anchor === undefined || (isPage(target) && anchorsOf(target).includes(anchor));
      return isThere && leads ? [] : [`${page}: ${link}`];
    }),
  );

it("every link of the package leads to something in the package", async () => {
  const { paths } = await pack();
  expect(paths.filter(isPage).length).toBeGreaterThan(20);
  expect(brokenLinks(paths)).toEqual([]);
});

it("every link of the repository leads to something in it", () => {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" });
  expect(brokenLinks(files.trim().split("\n"))).toEqual([]);
});

it("a link to nothing is found", () => {
  expect(brokenLinks(["README.md"])).toContain("README.md: docs/reliability.md");
});
