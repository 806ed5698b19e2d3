/** A hand-over as a timeline, in SVG. */
import type { HandOver, Mark } from "./course.js";
import { isTaken, type Attempt } from "./figures.js";

const COLOURS = {
  running: "#8250df",
  "old secret": "#8c959f",
  "new secret": "#0969da",
  "taken (204)": "#2da44e",
  "refused (503)": "#cf222e",
  "no answer": "#bf8700",
} as const;

interface Bar {
  readonly kind: keyof typeof COLOURS;
  readonly from: number;
  to: number;
}

const [LEFT, WIDTH, LANE] = [150, 720, 34];

export function picture({ attempts, marks }: HandOver): string {
  const begin = attempts[0]?.at ?? 0;
  const end = Math.max(...attempts.map(({ at }) => at));
  const at = (mark: Mark): number => marks.get(mark) ?? begin;
  const x = (time: number): number => LEFT + Math.round(((time - begin) / (end - begin)) * WIDTH);
  const seen = new Set<string>();
  const first = attempts.filter(({ id }) => !seen.has(id) && seen.add(id));
  const lanes: Readonly<Record<string, readonly Bar[]>> = {
    "terraform apply": [{ kind: "running", from: at("apply begins"), to: at("apply ends") }],
    "PolyAI signs with": [
      { kind: "old secret", from: begin, to: at("rotated") },
      { kind: "new secret", from: at("rotated"), to: end },
    ],
    "receiver has": [
      { kind: "old secret", from: begin, to: at("receiver down") },
      { kind: "new secret", from: at("receiver up"), to: end },
    ],
    "first attempts": outcomes(first),
    retries: outcomes(attempts.filter((attempt) => !first.includes(attempt))),
  };
  const bottom = Object.keys(lanes).length * LANE;
  const seconds = Array.from({ length: Math.ceil((end - begin) / 10_000) }, (_, tick) => tick * 10);
  const drawn = [
    ...Object.entries(lanes).flatMap(([title, bars], lane) => [
      text(LEFT - 10, lane * LANE + 26, title, "end"),
      ...bars.map(({ kind, from, to }) => rect(x(from), lane * LANE + 10, x(to) - x(from), kind)),
    ]),
    ...seconds.map((each) => text(x(begin + each * 1000), bottom + 24, `${each} s`, "middle")),
    ...Object.keys(COLOURS).flatMap((kind, index) => [
      rect(30 + index * 145, bottom + 40, 24, kind as Bar["kind"]),
      text(60 + index * 145, bottom + 56, kind, "start"),
    ]),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 ${bottom + 74}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#ffffff"/>
${drawn.join("\n")}
</svg>
`;
}

const rect = (x: number, y: number, width: number, kind: Bar["kind"]): string =>
  `<rect x="${x}" y="${y}" width="${Math.max(2, width)}" height="24" fill="${COLOURS[kind]}"/>`;

const text = (x: number, y: number, words: string, anchor: string): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;

/** Attempts that follow each other with the same outcome are one bar. */
function outcomes(attempts: readonly Attempt[]): readonly Bar[] {
  const bars: Bar[] = [];
  for (const attempt of attempts) {
    const refused = attempt.status === null ? "no answer" : "refused (503)";
    const kind = isTaken(attempt) ? "taken (204)" : refused;
    const last = bars.at(-1);
    const to = attempt.at + 100;
    if (last?.kind === kind && attempt.at - last.to < 1000) last.to = to;
    else bars.push({ kind, from: attempt.at, to });
  }
  return bars;
}
