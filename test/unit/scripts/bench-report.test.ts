import { evaluate } from "./support.js";

async function value(script: string, expression: string): Promise<unknown> {
  const { code, stdout, stderr } = await evaluate(
    `bench/${script}.mjs`,
    `console.log(JSON.stringify(${expression}) ?? "null");`,
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const json = JSON.stringify;
const OPERATIONS = ["validate", "plan", "apply", "noop", "rotate", "destroy"];
const SIZES = [1, 100, 1000];

/** Milliseconds: what each command takes at least, and what each resource adds. */
interface Cost {
  readonly base: number;
  readonly each: number;
  /** Core's CPU that grows with the square of the number. */
  readonly square?: number;
}

const CONTESTANTS: readonly (Cost & { id: string; latencies: (number | null)[] })[] = [
  { id: "node", latencies: [0, 50], base: 300, each: 4 },
  { id: "go", latencies: [null], base: 200, each: 4, square: 0.02 },
  { id: "floor", latencies: [null], base: 50, each: 1 },
];

const rows = [
  { contestant: "node", operation: "start", wall: 45 },
  { contestant: "go", operation: "start", wall: 30 },
  ...CONTESTANTS.flatMap(({ id, latencies, base, each, square = 0 }) =>
    latencies.flatMap((latency) =>
      SIZES.flatMap((size) =>
        OPERATIONS.map((operation) => ({
          contestant: id,
          latency,
          size,
          operation,
          wall: base + size * each + size * size * square + (latency ?? 0) * size,
          coreCpu: base + size * each + size * size * square,
          pluginCpu: 100 + size * 0.5,
          pluginPeak: 60 * 1024 + size,
          simulatorCpu: 0,
        })),
      ),
    ),
  ),
];

const results = {
  machine: { cores: 2, memory: "8 GiB", system: "Linux x64" },
  node: "20.0.0",
  cli: { product: "tofu", version: "1.12.6" },
  starts: 30,
  latencies: [0, 50],
  jobs: SIZES.map((size) => ({ size, turns: 5, warmUp: size < 1000 })),
  missing: ["executable is left out: it cannot be built here."],
  contestants: CONTESTANTS.map(({ id }) => ({ id, title: `<${id}>`, about: `about ${id}` })),
  rows,
};

describe("the ratios", () => {
  it("are of the fastest API's rows, with the target of the contestant", async () => {
    const ratios = (await value("ratios", `script.ratiosOf(${json(rows)})`)) as object[];
    expect(ratios).toContainEqual(
      expect.objectContaining({ what: "start to first schema", ratio: 1.5, target: 1.6 }),
    );
    expect(ratios).toContainEqual({
      what: "rotation of 100",
      contestant: "node",
      against: "floor",
      ours: 700,
      theirs: 150,
      ratio: 700 / 150,
      target: 1.8,
    });
  });

  it("are over their target, or within it, or have none", async () => {
    const ratios = [{ ratio: 1.6, target: 1.6 }, { ratio: 1.61, target: 1.6 }, { ratio: 9 }];
    expect(await value("ratios", `script.overTarget(${json(ratios)})`)).toEqual([ratios[1]]);
  });
});

describe("growth", () => {
  it("is shown where a resource gets dearer, and whose time it is", async () => {
    const grown = (await value("growth", `script.growthOf(${json(rows)}, 2)`)) as {
      row: { contestant: string };
      factor: number;
      before: Record<string, number>;
      after: Record<string, number>;
      coreShare: number;
    }[];
    expect(new Set(grown.map(({ row }) => row.contestant))).toEqual(new Set(["go"]));
    const [first] = grown;
    // The difference of squares: 0.02 × (100 + 1) and 0.02 × (1000 + 100), beside 4 for each.
    expect(first!.before.wall).toBeCloseTo(4 + 2.02);
    expect(first!.after.wall).toBeCloseTo(4 + 22);
    expect(first!.before.plugin).toBeCloseTo(0.5);
    expect(first!.after.idle).toBeCloseTo(2 * 26 - 26 - 0.5);
    expect(first!.coreShare).toBeCloseTo(1);
  });

  it("is not told of from two sizes", async () => {
    const two = rows.filter((row) => !("size" in row) || row.size < 1000);
    expect(await value("growth", `script.growthOf(${json(two)}, 2)`)).toEqual([]);
  });

  it("leaves the starts out of a provider's CPU for each resource", async () => {
    const of = { contestant: "node", latency: 0, size: 100, operation: "apply" };
    expect(await value("growth", `script.providerCpu(${json(rows)}, ${json(of)})`)).toBeCloseTo(
      0.5,
    );
  });
});

describe("the page", () => {
  let page: string;
  beforeAll(async () => {
    page = (await value("page", `script.page(${json(results)})`)) as string;
  });

  it("tells what was measured on, and what was not measured", () => {
    expect(page).toContain("OpenTofu 1.12.6, Node 20.0.0; 2 cores, 8 GiB, Linux x64.");
    expect(page).toContain("executable is left out: it cannot be built here.");
    expect(page).not.toContain("undefined");
    expect(page).not.toContain("NaN");
  });

  it("marks a ratio that is over its target", () => {
    expect(page).toMatch(
      /<node>: rotation of 100 +\| +<floor> \| 700 ms \| 150 ms \| +4.67 \| 1.8 \(missed\)/,
    );
    expect(page).toMatch(/<node>: start to first schema .* 1.50 \| +1.6 \|/);
  });

  it("has a row for each operation at each size", () => {
    for (const title of ["One secret", "100 secrets", "1,000 secrets"]) {
      const section = page.slice(page.indexOf(`## ${title}\n`)).split("\n## ")[0] ?? "";
      expect(section.match(/^\| (validate|plan|apply|destroy).*$/gm)).toHaveLength(6);
    }
  });
});

describe("the chart", () => {
  let svg: string;
  beforeAll(async () => {
    svg = (await value("chart", `script.chart(${json(results)})`)) as string;
  });

  it("has a mark for each measured command, and for each entrant in the legend", () => {
    const marks = (id: string) =>
      svg.match(new RegExp(`<path class="${id}( slow)?" `, "g"))?.length;
    expect(marks("node")).toBe(2 * (SIZES.length * OPERATIONS.length + 1));
    expect(marks("floor")).toBe(SIZES.length * OPERATIONS.length + 1);
  });

  it("is a picture in light and dark with nothing from elsewhere", () => {
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
    expect(svg).not.toMatch(/href|@import|url\(|<script/);
  });

  it("names what it shows as XML wants it", () => {
    expect(svg).toContain(">&lt;node>, API calls take 50 ms</text>");
    expect(svg).toMatch(/>\d+ ms<\/text>/);
    expect(svg).toMatch(/>\d+ s<\/text>/);
    const open: string[] = [];
    for (const [, close, name, single] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close === "/") expect(open.pop()).toBe(name);
      else if (single === "") open.push(name!);
    }
    expect(open).toEqual([]);
  });
});
