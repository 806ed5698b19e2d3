import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { explore, story } from "./explore.js";
import { history } from "./generate.js";
import { withRuns } from "./history.js";
import { DOCUMENTED } from "./limits.js";
import { DAILY, NAMED } from "./named.js";
import { play } from "./play.js";

/** From the real clock, which the first history replaces. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 30);

/** On a busy machine too. */
jest.setTimeout(20 * 60_000);

describe("a history that once ended in a dead secret", () => {
  it.each(Object.entries(NAMED))("keeps the promise: %s", async (_, each) => {
    for (const readsLast of [false, true]) {
      const { findings } = await play(withRuns(each, { readsLast }));
      expect(findings.filter(({ limit }) => limit === undefined)).toEqual([]);
    }
  });
});

it("has the limits that docs/reliability.md has", () => {
  const page = readFileSync("docs/reliability.md", "utf8");
  const [, limits = ""] = page.split("## What no provider can do");
  expect([...limits.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, words]) => words)).toEqual(DOCUMENTED);
});

it("rotates with each run of a schedule that is as long as rotate_after_days", async () => {
  const { findings, world } = await play(DAILY);
  expect(findings).toEqual([]);
  expect(world.network.written.filter(({ rotates }) => rotates !== undefined)).toHaveLength(6);
});

it("finds no broken promise in random histories", async () => {
  process.stderr.write(`explore seed: ${seed}\n`);
  const { broken, text } = await explore({ histories: 300, seed });
  expect(broken ? text : "").toBe("");
});

it("repeats a history to the letter", async () => {
  for (const each of fc.sample(history, { seed: 14, numRuns: 20 })) {
    const told = await story(each);
    expect(await story(each)).toBe(told);
  }
});
