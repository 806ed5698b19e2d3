import { describeForEachCli } from "../support/cli.js";
import { Bench } from "../faults/bench.js";
import { CASES, titleOf } from "../faults/faults.js";
import { runCase } from "../faults/run-case.js";
import { startSurroundings, type Surroundings } from "../faults/surroundings.js";

/** Of the matrix (npm run faults) one row for each thing that can come of a fault. */
const FAST = [
  "create: 200, cut within the body, lasting",
  "create: connection reset after acting, once",
  "rotate: connection cut after acting, lasting",
  "rotate: 200 with no body, once",
  "rotate: 307 to another host, lasting",
  "rotate: 401, lasting",
  "refresh: 503, lasting",
  "refresh: 404, lasting",
];

describeForEachCli((cli) => {
  let surroundings: Surroundings;
  let bench: Bench;
  beforeAll(async () => {
    surroundings = await startSurroundings();
    bench = await Bench.start(cli, surroundings);
  });
  afterAll(() => surroundings.close());

  it.each(FAST)("is as it has to be under the fault of %s", async (title) => {
    const found = CASES.filter((it) => titleOf(it) === title);
    expect(found).toHaveLength(1);
    for (const it of found) {
      expect((await runCase(bench, surroundings, it)).problems).toEqual([]);
    }
  });
});

describe("the matrix", () => {
  it("has every operation and at least 60 rows, each with a title of its own", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(CASES.map(titleOf)).size).toBe(CASES.length);
    expect(new Set(CASES.map(({ operation }) => operation)).size).toBe(3);
  });
});
