import { isDeepStrictEqual } from "node:util";
import { describeForEachCli } from "../support/cli.js";
import { Workspace } from "../support/workspace.js";
import { isPlayable, modelled, performed, type Course } from "../explore/cli.js";
import { Front } from "../explore/front.js";
import { NAMED, renames } from "../explore/named.js";

/** RENAMES=200 takes some minutes for each CLI. */
const RENAMES = Number(process.env.RENAMES ?? 3);
/** Orders in which core may handle objects. */
const ORDERS = [[], [1], [0, 1], [0, 0, 1], [1, 2, 3]].flatMap((order) =>
  [true, false].map((readsLast) => ({ order, readsLast })),
);
/** Until the last command, and in it. */
const PAIRS = ORDERS.flatMap((order) => ORDERS.map((last) => [order, last] as const));

/** The explorer's model is held against the real core. */
describeForEachCli((cli) => {
  const front = new Front();
  const workspace = Workspace.make(cli);
  beforeAll(async () => {
    await front.begin();
    await workspace.init();
  });
  beforeEach(() => front.renew());
  afterAll(() => front.end());

  const playable = Object.entries({
    ...NAMED,
    "renames one after another": renames(RENAMES),
    // One status stands for the others.
  }).filter(([name, history]) => isPlayable(history) && !/answered with (?!409)/.test(name));
  it.each(playable)("goes as the model says: %s", async (_, history) => {
    const real = await performed(history, workspace, front);
    const courses: Course[] = [];
    for (const [order, last] of PAIRS) {
      const found = await modelled(history, order, last, ORDERS);
      courses.push(...found);
      if (found.some((course) => isDeepStrictEqual(course, real))) break;
    }
    expect(courses).toContainEqual(real);
  });
});
