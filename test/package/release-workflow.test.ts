import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../support/cli.js";

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

const text = readFileSync(join(ROOT, ".github/workflows/release.yml"), "utf8");
const workflow = parse(text) as {
  readonly on: { readonly push: unknown };
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};
const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([, job]) => job.steps);
const publishes = ({ run }: { readonly run?: string }) =>
  run?.includes("scripts/publish.mjs") === true;

it("names each action by the commit that it is", () => {
  const used = steps.map(({ uses }) => uses).filter((uses) => uses !== undefined);
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
});

it("gives an identity to the job that publishes, and writing to none", () => {
  expect(workflow.permissions).toEqual({ contents: "read" });
  const identified = jobs.filter(([, { permissions }]) => permissions?.["id-token"] === "write");
  expect(identified.map(([name]) => name)).toEqual(["publish"]);
  expect(jobs.filter(([, job]) => job.steps.some(publishes)).map(([name]) => name)).toEqual([
    "publish",
  ]);
  expect(text.match(/: write$/gm)).toHaveLength(1);
});

it("publishes of a version's tag alone, and rehearses otherwise", () => {
  expect(workflow.on.push).toEqual({ tags: ["v[0-9]*"] });
  expect(steps.find(publishes)?.run).toContain(
    "${{ github.event_name != 'push' && '--dry-run' || '' }}",
  );
});

it("leaves no token of the repository behind, and takes no cache that others could fill", () => {
  const settings = (action: string) =>
    steps.filter(({ uses }) => uses?.startsWith(`${action}@`)).map((step) => step.with);
  for (const each of settings("actions/checkout")) {
    expect(each).toMatchObject({ "persist-credentials": false });
  }
  for (const each of settings("actions/setup-node")) {
    expect(each).toMatchObject({ "package-manager-cache": false });
  }
});
