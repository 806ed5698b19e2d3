/** A hand-over as a timeline. */
import type { HandOver, Mark } from "./course.js";
import { isTaken, type Attempt } from "./figures.js";

interface Bar {
  readonly from: number;
  to: number;
  readonly kind: keyof typeof COLOURS;
}

const COLOURS = {
  "old secret": "#8c959f",
  "new secret": "#0969da",
  running: "#8250df",
  "taken (204)": "#2da44e",
  "refused (503)": "#cf222e",
  "no answer": "#bf8700",
} as const;

const LEFT = 150;
const RIGHT = 880;
const LANE = 34;

/** An SVG. The attempts that follow each other with the same outcome are one bar. */
export function picture({ attempts, marks }: HandOver): string {
  const begin = attempts[0]?.at ?? 0;
  const seen = new Set<string>();
  const [first, retries]: [Attempt[], Attempt[]] = [[], []];
  for (const attempt of attempts) {
    (seen.has(attempt.id) ? retries : first).push(attempt);
    seen.add(attempt.id);
  }
  const end = Math.max(...attempts.map(({ at }) => at));
  const at = (what: Mark["what"]): number => marks.find((each) => each.what === what)?.at ?? begin;
  const bar = (kind: Bar["kind"], from: number, to: number): Bar => ({ kind, from, to });
  const lanes: readonly (readonly [title: string, bars: readonly Bar[]])[] = [
    ["terraform apply", [bar("running", at("apply begins"), at("apply ends"))]],
    [
      "PolyAI signs with",
      [bar("old secret", begin, at("rotated")), bar("new secret", at("rotated"), end)],
    ],
    [
      "receiver has",
      [bar("old secret", begin, at("receiver down")), bar("new secret", at("receiver up"), end)],
    ],
    ["first attempts", outcomes(first)],
    ["retries", outcomes(retries)],
  ];
  const x = (time: number): number =>
    Math.round(LEFT + ((time - begin) / (end - begin)) * (RIGHT - LEFT));
  const bottom = lanes.length * LANE + 10;
  const drawn = lanes.flatMap(([title, bars], index) => {
    const y = 10 + index * LANE;
    return [
      text(LEFT - 10, y + 16, title, "end"),
      ...bars.map(
        ({ kind, from, to }) =>
          `<rect x="${x(from)}" y="${y}" width="${Math.max(2, x(to) - x(from))}" height="24" fill="${COLOURS[kind]}"><title>${kind}</title></rect>`,
      ),
    ];
  });
  const seconds = Array.from(
    { length: Math.floor((end - begin) / 10_000) + 1 },
    (_, at) => at * 10,
  );
  const ticks = seconds.map((each) => text(x(begin + each * 1000), bottom + 14, `${each} s`));
  const legend = Object.entries(COLOURS).flatMap(([kind, colour], index) => [
    `<rect x="${30 + index * 140}" y="${bottom + 30}" width="14" height="14" fill="${colour}"/>`,
    text(50 + index * 140, bottom + 42, kind, "start"),
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 ${bottom + 56}" font-family="sans-serif" font-size="13">
<title>A rotation, from a run of npm run hand-over</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...drawn, ...ticks, ...legend].join("\n")}
</svg>
`;
}

const text = (x: number, y: number, words: string, anchor = "middle"): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;

function outcomes(attempts: readonly Attempt[]): readonly Bar[] {
  const bars: Bar[] = [];
  for (const attempt of attempts) {
    const refused = attempt.status === null ? "no answer" : "refused (503)";
    const kind = isTaken(attempt) ? "taken (204)" : refused;
    const last = bars.at(-1);
    if (last?.kind === kind && attempt.at - last.to < 1000) last.to = attempt.at + 100;
    else bars.push({ kind, from: attempt.at, to: attempt.at + 100 });
  }
  return bars;
}
