import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/cli.js";
import { evaluate } from "./support.js";

interface Facts {
  readonly version: string;
  readonly today: string;
  readonly releasing?: boolean;
  readonly repository?: string;
}

/** The problems of several changelogs, asked of one process. */
const problemsOf = async (asked: readonly (readonly [text: string, facts: Facts])[]) => {
  const { stdout, stderr } = await evaluate(
    "publish/changelog.mjs",
    `console.log(JSON.stringify(${JSON.stringify(asked)}.map((each) => script.changelogProblems(...each))));`,
  );
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
};

const INTRODUCTION =
  "# Changelog\n\n[Keep a Changelog](https://keepachangelog.com/en/1.1.0/), [SemVer](https://semver.org/).\n\n";
const ADDED = "\n\n### Added\n\n- A thing.\n\n";
const SECOND = `## [0.2.0] - 2026-03-02${ADDED}`;
const FIRST = `## [0.1.0] - 2026-01-31${ADDED}`;
const GOOD = `${INTRODUCTION}## [Unreleased]\n\n${SECOND}${FIRST}`;
const FACTS: Facts = { version: "0.2.0", today: "2026-03-02" };
const REPOSITORY = "https://code.example/o/r";

it("is in order in this repository", async () => {
  const text = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  const { version, repository } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
    repository?: { url: string };
  };
  const today = new Date().toISOString().slice(0, 10);
  const url = repository?.url.replace(/^git\+|\.git$/g, "");
  const facts = { version, today, ...(url === undefined ? {} : { repository: url }) };
  expect(await problemsOf([[text, facts]])).toEqual([[]]);
});

describe("a changelog", () => {
  const cases: [name: string, text: string, facts: Partial<Facts>, problem: RegExp | undefined][] =
    [
      ["passes as Keep a Changelog has it", GOOD, {}, undefined],
      ["passes when its version is released", GOOD, { releasing: true }, undefined],
      ["passes while the next version is unreleased", GOOD, { version: "0.3.0" }, undefined],
      ["needs its title", GOOD.replace("# Changelog", "# Changes"), {}, /first line/],
      ["needs its links", GOOD.replace("https://semver.org/", "x"), {}, /semver\.org/],
      ["needs a date", GOOD.replace(" - 2026-03-02", " - Unreleased"), {}, /must read/],
      ["needs brackets", GOOD.replace("[0.1.0]", "0.1.0"), {}, /must read/],
      ["knows the calendar", GOOD.replace("2026-01-31", "2026-01-32"), {}, /no day 2026-01-32/],
      ["knows leap years", GOOD.replace("2026-01-31", "2025-02-29"), {}, /no day 2025-02-29/],
      ["tells no future", GOOD.replace("2026-03-02", "2026-03-04"), {}, /yet to come/],
      [
        "goes back in time",
        GOOD.replace("2026-01-31", "2026-03-01").replace("2026-03-02", "2026-02-01"),
        {},
        /after the date above/,
      ],
      ["goes back in versions", GOOD.replace("[0.1.0]", "[0.10.0]"), {}, /0\.10\.0 must be older/],
      [
        "puts a candidate below its version",
        GOOD.replace("[0.1.0]", "[0.2.0-rc.1]"),
        {},
        undefined,
      ],
      ["tells each version once", GOOD.replace("[0.1.0]", "[0.2.0]"), {}, /must be older/],
      [
        "says what changed",
        `${INTRODUCTION}${SECOND.replace("- A thing.", "")}`,
        {},
        /says nothing/,
      ],
      ["knows six kinds", GOOD.replace("### Added", "### Improved"), {}, /"Improved" is none/],
      [
        "has each kind once",
        GOOD.replace("- A thing.", "- A.\n\n### Added\n\n- B."),
        {},
        /more than once/,
      ],
      [
        "has no empty kind",
        GOOD.replace("- A thing.", "- A.\n\n### Fixed\n"),
        {},
        /"Fixed" lists nothing/,
      ],
      [
        "has no change without a kind",
        GOOD.replace("### Added\n", ""),
        {},
        /under one of the kinds/,
      ],
      [
        "begins with what is unreleased",
        `${INTRODUCTION}${SECOND}## [Unreleased]\n\n${FIRST}`,
        {},
        /must be the first/,
      ],
      [
        "knows package.json's version",
        `${INTRODUCTION}${SECOND}`,
        { version: "0.3.0" },
        /knows nothing/,
      ],
      ["is not behind package.json", GOOD, { version: "0.1.5" }, /knows nothing/],
      [
        "has its section at a release",
        GOOD,
        { version: "0.3.0", releasing: true },
        /npm version 0\.3\.0/,
      ],
      [
        "keeps nothing back at a release",
        GOOD.replace("## [Unreleased]\n\n", `## [Unreleased]${ADDED}`),
        { releasing: true },
        /would bring and not tell/,
      ],
      ["releases the newest", GOOD, { version: "0.1.0", releasing: true }, /not the newest/],
      [
        "says something at a release",
        `${INTRODUCTION}${SECOND.replace("- A thing.", "")}`,
        { releasing: true },
        /says nothing/,
      ],
      [
        "links its versions where there is a repository",
        GOOD,
        { repository: REPOSITORY },
        /\[0\.2\.0\] has no link/,
      ],
      [
        "links there",
        `${GOOD}[0.2.0]: https://elsewhere.example/x\n`,
        { repository: REPOSITORY },
        /must begin with/,
      ],
      ["links by https", `${GOOD}[0.2.0]: http://code.example/x\n`, {}, /no https address/],
      [
        "passes with all links",
        `${GOOD}${["Unreleased", "0.2.0", "0.1.0"].map((name) => `[${name}]: ${REPOSITORY}/x\n`).join("")}`,
        { repository: REPOSITORY },
        undefined,
      ],
    ];
  let answers: string[][];
  beforeAll(async () => {
    answers = await problemsOf(cases.map(([, text, facts]) => [text, { ...FACTS, ...facts }]));
  });

  it.each(cases.map(([name, , , problem], index) => [name, index, problem] as const))(
    "%s",
    (_, index, problem) => {
      if (problem === undefined) expect(answers[index]).toEqual([]);
      else expect(answers[index]!.join("\n")).toMatch(problem);
    },
  );
});
