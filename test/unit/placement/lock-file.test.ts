import fc from "fast-check";
import { mergeLockEntry, parseLockFile, type LockEntry } from "../../../src/placement/lock-file.js";

/** The text of a lock file with an entry merged into it. */
const merge = (text: string, one: LockEntry): string =>
  mergeLockEntry(parseLockFile(text, "lock"), one).text;

const entry: LockEntry = {
  address: "registry.terraform.io/polyai/polyai",
  version: "0.1.0",
  constraints: "0.1.0",
  hashes: ["h1:ours="],
};

const aws = `provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.0.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:aws=",
    "zh:0000",
  ]
}
`;
const vault = aws.replaceAll("aws", "vault").replace("hashicorp/vault", "vaultier/vault");
const header = `# This file is maintained automatically by "tofu init".
# Manual edits may be lost in future updates.
`;
const ours = `provider "registry.terraform.io/polyai/polyai" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:ours=",
  ]
}
`;

describe("mergeLockEntry", () => {
  it("writes a new file as terraform does", () => {
    expect(merge("", entry)).toBe(
      `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

${ours}`,
    );
  });

  it.each([
    ["at the end", `${header}\n${vault}`, `${header}\n${vault}\n${ours}`],
    ["behind", `${header}\n${aws}`, `${header}\n${aws}\n${ours}`],
    ["between", `${header}\n${aws}\n${vault}`, `${header}\n${aws}\n${ours}\n${vault}`],
  ])("adds its entry after those that sort before it: %s", (_, text, merged) => {
    expect(merge(text, entry)).toBe(merged);
  });

  it("gives the same text where the entry is there already, whatever else it holds", () => {
    const text = `${header}\n${ours.replace('"h1:ours="', '"h1:other=",\n    "h1:ours="')}\n${vault}`;
    expect(merge(text, entry)).toBe(text);
  });

  it.each([
    ["version", { version: "0.2.0" }],
    ["constraint", { constraints: "0.2.0" }],
    ["hash", { hashes: ["h1:new="] }],
    ["number of hashes", { hashes: ["h1:new=", "h1:ours="] }],
  ])("replaces its own entry, and only that, where the %s is another", (_, change) => {
    const text = `${header}\n${aws}\n${ours}\n${vault}`;
    const changed = { ...entry, ...change };
    expect(merge(text, changed)).toBe(
      `${header}\n${aws}\n${merge("", changed).split("\n\n")[1] ?? ""}\n${vault}`,
    );
  });

  it("writes several hashes in order, as terraform does", () => {
    const merged = merge("", { ...entry, hashes: ["h1:b=", "h1:a="] });
    expect(merged).toContain('hashes = [\n    "h1:a=",\n    "h1:b=",\n  ]\n}\n');
  });

  const bare = 'provider "registry.terraform.io/polyai/polyai" {\n  version = "0.1.0"\n}\n';
  const other = ours.replace("terraform.io", "opentofu.org").replace("ours", "theirs");
  const windows = `${header}\n${ours}`.replaceAll("\n", "\r\n");

  it.each([
    ["replaces one without constraints", `${header}\n${bare}\n${vault}`, `${ours}\n${vault}`],
    ["keeps apart one of another registry", `${header}\n${other}`, `${other}\n${ours}`],
    [
      "adds to a file without a newline at its end",
      `${header}\n${aws.trimEnd()}`,
      `${aws}\n${ours}`,
    ],
  ])("%s", (_, text, merged) => {
    expect(merge(text, entry)).toBe(`${header}\n${merged}`);
  });

  it("has nothing to add to its own entry in Windows line ends", () => {
    expect(merge(windows, entry)).toBe(windows);
  });
});

describe("parseLockFile", () => {
  const conflict = (text: string) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> theirs\n`;
  const block = (body: string) => `provider "registry.terraform.io/hashicorp/aws" {${body}}\n`;

  it.each<[string, string, number]>([
    ["markers of a merge", `${header}\n${conflict(ours)}`, 4],
    ["markers in a block", aws.replace(/ {2}version.*\n/, (line) => conflict(line)), 1],
    ["a string without an end", aws.replace('"5.0.0"', '"5.0.0'), 1],
    ["a comment without an end", `${aws}/* and so on\n${vault}`, 9],
    ["a heredoc", aws.replace('"5.0.0"', "<<EOT\n5.0.0\nEOT"), 1],
    ["a template", aws.replace("5.0.0", "${var.version}"), 1],
    ["an escape", aws.replace("5.0.0", "5.0\\n.0"), 1],
    ["a second entry", `${aws}\n${vault}\n${aws}`, 19],
    ["a second version", aws.replace(/(.*version.*\n)/, "$1$1"), 1],
    ["a block of another kind", `module "x" {\n}\n${aws}`, 1],
    ["a block in a block", block("\n  more {\n  }\n"), 1],
    ["a block without an end", aws.replace(/\}\n$/, ""), 1],
    ["a bracket too many", `${aws}\n}\n`, 10],
    ["a list without commas", aws.replaceAll(",", ""), 1],
    ["two arguments on a line", block(' version = "1.0.0" constraints = "1.0.0" '), 1],
    ["two blocks on a line", aws.replace(/\n$/, " ") + vault, 1],
    ["a value that is no text", block(" version = 1 "), 1],
    ["line ends of old", aws.replaceAll("\n", "\r"), 1],
    ["another file", '{"provider": {}}\n', 1],
  ])("refuses %s, and names the line of it or its entry", (_, text, line) => {
    expect(() => parseLockFile(text, "lock")).toThrow(
      `Line ${line} of lock is not understood, or the entry that begins there, so the file is left`,
    );
  });

  const arbitrary = lockFiles();
  const options = { numRuns: Number(process.env.FUZZ_CASES ?? 1_000) };

  it("reads the entries of every way to write them", () => {
    fc.assert(
      fc.property(arbitrary, (parts) => {
        const { blocks } = parseLockFile(joined(parts), "lock");
        expect(blocks.map(({ address, version }) => [address, version])).toEqual(
          parts.flatMap((part) => (part.entry ? [[part.entry.address, part.entry.version]] : [])),
        );
      }),
      options,
    );
  });

  it("leaves every byte but those of its own entry, and has nothing to add once merged", () => {
    const rendered = /^\s*provider "registry\.terraform\.io\/polyai\/polyai" \{\s[^{}]*\}\s*$/;
    fc.assert(
      fc.property(arbitrary, (parts) => {
        const text = joined(parts);
        fc.pre(text.trim() !== "");
        const merged = merge(text, entry);
        const own = parts.findIndex((part) => part.entry?.address === entry.address);
        // Its own block, or else a place between two parts.
        const places = parts.map((_, index) =>
          [parts.slice(0, index + 1), parts.slice(index + 1)].map(joined),
        );
        const around = own < 0 ? places : [text.split(parts[own]!.block!)];
        const isPlace = ([start = "", end = ""]: readonly string[]) =>
          merged.startsWith(start) &&
          merged.endsWith(end) &&
          rendered.test(merged.slice(start.length, merged.length - end.length));
        expect(around.some(isPlace)).toBe(true);
        expect(merge(merged, entry)).toBe(merged);
        const { blocks } = parseLockFile(merged, "lock");
        const ours = blocks.find(({ address }) => address === entry.address);
        expect(ours).toMatchObject({ version: "0.1.0", constraints: "0.1.0" });
        expect(ours?.hashes).toContain("h1:ours=");
      }),
      options,
    );
  });
});

const joined = (parts: readonly Part[]): string => parts.map(({ text }) => text).join("");

interface Part {
  readonly text: string;
  /** Its text without what stands before and after it on its lines. */
  readonly block?: string;
  /** None for what stands between the entries. */
  readonly entry?: { readonly address: string; readonly version: string };
}

/** Lock files as `init` writes them, with more blanks and comments: an entry, with its line's end, is one part. */
function lockFiles(): fc.Arbitrary<readonly Part[]> {
  const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const blank = pick("", " ", "   ");
  const gap = (newline: string): fc.Arbitrary<Part> =>
    fc
      .array(pick("", " \t", "# }", '# provider "x" {', "  # <<<<<<< ours", "# \xc3\xbc\t"), {
        maxLength: 3,
      })
      .map((lines) => ({ text: lines.map((line) => line + newline).join("") }));
  const addresses = ["a/a", "polyai/polyai", "hashicorp/aws", "z/z"].flatMap((name) =>
    ["registry.terraform.io", "registry.opentofu.org"].map((host) => `${host}/${name}`),
  );
  const entry = (address: string, newline: string): fc.Arbitrary<Part> =>
    fc
      .record({
        version: pick("1.0.0", "0.1.0", "2.0.0-beta.1"),
        constraints: fc.option(pick("0.1.0", ">= 1.0.0, ~> 1.0")),
        hashes: fc.option(fc.array(pick("h1:ours=", "h1:x/+=", "zh:00ff"), { maxLength: 3 })),
        indent: blank,
        end: blank,
      })
      .map(({ version, constraints, hashes, indent, end }) => {
        const lines = [
          `provider "${address}" {`,
          `${indent}version${indent}= "${version}"`,
          ...(constraints === null ? [] : [`${indent}constraints = "${constraints}"`]),
          ...(hashes === null
            ? []
            : [
                `${indent}hashes = [`,
                ...hashes.map((hash) => `${indent}"${hash}",`),
                `${indent}]`,
              ]),
          "}",
        ];
        const block = lines.join(end + newline);
        return { entry: { address, version }, block, text: `${block}${end}${newline}` };
      });
  return fc
    .tuple(pick("\n", "\r\n"), fc.subarray(addresses))
    .chain(([newline, some]) =>
      fc.tuple(gap(newline), ...some.flatMap((address) => [entry(address, newline), gap(newline)])),
    );
}
