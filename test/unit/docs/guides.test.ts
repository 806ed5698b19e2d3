import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { version } from "../../../package.json";
import { ROOT } from "../../support/cli.js";
import { blocksOf } from "../../support/markdown.js";

/** Every file below a folder of examples/, with its text. */
const examples = (folder: string): readonly (readonly [name: string, text: string])[] =>
  readdirSync(join(ROOT, "examples", folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), "utf8")]);

const guide = (name: string): string => readFileSync(join(ROOT, "docs/guides", name), "utf8");

it("secrets-and-state.md shows nothing that no tested example has, and leads to each", () => {
  const names = ["encrypted-secret", "encrypted-for-receiver", "opentofu-state-encryption"];
  const texts = names.flatMap((name) => examples(name).map(([, text]) => text));
  const all = blocksOf("docs/guides/secrets-and-state.md").map(({ text }) => text);
  const shown = all.filter((block) => !/^(age-keygen .*\n)+$/.test(block));
  expect(shown.length).toBeGreaterThan(4);
  expect(shown.filter((block) => !texts.some((text) => text.includes(block)))).toEqual([]);
  for (const name of names) expect(guide("secrets-and-state.md")).toContain(`/examples/${name})`);
});

describe("the recipes in ci.md", () => {
  const files = examples("ci");
  const pipelines = files.filter(([name]) => /\.ya?ml$/.test(name)).map(([, text]) => text);

  it("are all linked from the page", () => {
    const page = guide("ci.md");
    const paths = readdirSync(join(ROOT, "examples/ci"), { recursive: true, encoding: "utf8" });
    const linked = paths.filter((path) => page.includes(`(../../examples/ci/${path})`));
    expect(linked.length).toBe(files.length);
  });

  it("take this version, apply a saved plan only, and keep neither plan nor secret", () => {
    const all = (pattern: RegExp) =>
      pipelines.flatMap((text) => [...text.matchAll(pattern)].map(([, found]) => found));
    expect(new Set(all(/terraform-provider-polyai@(\S+)/g))).toEqual(new Set([version]));
    expect(new Set(all(/terraform apply (.*)/g))).toEqual(new Set(["-input=false tfplan"]));
    const inits = all(/(.*\binit\b.*\n?.*)/g);
    expect(inits.filter((init) => !init!.includes("-lockfile=readonly"))).toEqual([]);
    expect(inits.length).toBeGreaterThan(4);
    expect(all(/^(\s*cache:|.*(upload-artifact|\bpaths:|terraform output))/gm)).toEqual([]);
  });

  it("give the key on GitHub to no step but those that plan, and may only read", () => {
    const { permissions, jobs } = parse(files.find(([name]) => name === "polyai.yml")![1]) as {
      permissions: unknown;
      jobs: Record<string, { steps: { run?: string }[] }>;
    };
    expect(permissions).toEqual({ contents: "read" });
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const withKey = steps.filter((step) => JSON.stringify(step).includes("secrets."));
    expect(withKey).toEqual(steps.filter(({ run }) => run?.includes("terraform plan")));
    expect(JSON.stringify(jobs["validate"])).not.toMatch(/secrets\.|environment|id-token/);
  });
});
