import { readFileSync } from "node:fs";
import { join } from "node:path";
import { figures, table } from "../../hand-over/figures.js";
import { FAULTS, NO_FAULT, REFUSED_FOR_GOOD, WAYS } from "../../hand-over/ways.js";
import { ROOT } from "../../support/cli.js";

it("hand-over.md has the bench's table: nothing lost or doubled, but for the line that is to lose", () => {
  const page = readFileSync(join(ROOT, "docs/guides/hand-over.md"), "utf8");
  const [shown = ""] = /^\| way .*\n(?:\|.*\n)*/m.exec(page) ?? [];
  const nothing = { deliveries: 0, late: 0, doubled: 0, lost: 0, refusal: 0 };
  const results = WAYS.flatMap((way) => FAULTS.map((fault) => ({ way, fault, ...nothing })));
  const whole = table([...results, { way: REFUSED_FOR_GOOD, fault: NO_FAULT, ...nothing }]);
  const shape = (text: string): string => text.replace(/\d[\d,]*/g, "0");
  expect(shape(shown)).toBe(shape(whole));
  const ends = shown.trim().split("\n").slice(2);
  const losing = ends.filter((line) => !line.endsWith(" | 0 | 0 |"));
  expect(losing).toEqual([ends.at(-1)]);
});

it("the bench counts what is late, taken twice and lost, and times the longest refusal", () => {
  const attempts = [
    { at: 0, id: "fine", status: 204 },
    { at: 1000, id: "refused", status: 503 },
    { at: 3000, id: "lost", status: 401 },
    { at: 4000, id: "unanswered", status: null },
    { at: 5000, id: "fine too", status: 204 },
    { at: 6000, id: "refused", status: 204 },
    { at: 64_000, id: "unanswered", status: 204 },
  ];
  const taken = ["fine", "unanswered", "fine too", "refused", "unanswered"];
  const counted = { deliveries: 5, late: 3, doubled: 1, lost: 1, refusal: 3 };
  expect(figures(attempts, taken)).toEqual(counted);
});
