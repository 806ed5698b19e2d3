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
    expect(merge("", entry)).toBe(`${header.replace("tofu", "terraform")}\n${ours}`);
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

  it("finds a block whose file ends without a newline", () => {
    expect(merge(`${header}\n${aws.trimEnd()}`, entry)).toBe(`${header}\n${aws}\n${ours}`);
  });
});

describe("parseLockFile", () => {
  const conflict = (text: string) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> theirs\n`;
  const block = (body: string) => `provider "registry.terraform.io/hashicorp/aws" {${body}}\n`;

  it.each<[string, string, number]>([
    ["markers in a block", aws.replace(/ {2}version.*\n/, (line) => conflict(line)), 2],
    ["a string without an end", aws.replace('"5.0.0"', '"5.0.0'), 2],
    ["a comment without an end", `${aws}/* and so on\n${vault}`, 9],
    ["a heredoc", aws.replace('"5.0.0"', "<<EOT\n5.0.0\nEOT"), 2],
    ["a template", aws.replace("5.0.0", "${var.version}"), 2],
    ["an escape", aws.replace("5.0.0", "5.0\\n.0"), 2],
    ["a second entry", `${aws}\n${vault}\n${aws}`, 19],
    ["a second version", aws.replace(/(.*version.*\n)/, "$1$1"), 3],
    ["a block of another kind", `module "x" {\n}\n${aws}`, 1],
    ["a block in a block", block("\n  more {\n  }\n"), 2],
    ["a block without an end", aws.replace(/\}\n$/, ""), 8],
    ["a bracket too many", `${aws}\n}\n`, 10],
    ["a list without commas", aws.replaceAll(",", ""), 6],
    ["two arguments on a line", block(' version = "1.0.0" constraints = "1.0.0" '), 1],
    ["two blocks on a line", aws.replace(/\n$/, " ") + vault, 8],
    ["a value that is no text", block(" version = 1 "), 1],
    ["line ends of old", aws.replaceAll("\n", "\r"), 1],
    ["another file", '{"provider": {}}\n', 1],
  ])("refuses %s, and names the line", (_, text, line) => {
    expect(() => parseLockFile(text, "lock")).toThrow(
      `Line ${line} of lock is not understood, so the file is left as it is: correct the line, or`,
    );
  });

  const arbitrary = lockFiles();

  it("reads the entries of every way to write them", () => {
    fc.assert(
      fc.property(arbitrary, (parts) => {
        const { blocks } = parseLockFile(joined(parts), "lock");
        expect(blocks.map(({ address, version }) => [address, version])).toEqual(
          parts.flatMap((part) => (part.entry ? [[part.entry.address, part.entry.version]] : [])),
        );
      }),
    );
  });

  it("leaves every byte but those of its own entry, and has nothing to add once merged", () => {
    const rendered = /^\s*provider "registry\.terraform\.io\/polyai\/polyai" \{\s[^{}]*\}\s*$/;
    fc.assert(
      fc.property(arbitrary, (parts) => {
        const text = joined(parts);
        fc.pre(text.trim() !== "");
        const merged = merge(text, entry);
        const ends = parts.map((_, index) => joined(parts.slice(0, index + 1)));
        const own = parts.find((part) => part.entry?.address === entry.address)?.block;
        // Its own block, or else a place between two parts.
        const [before, after] = (own === undefined
          ? ends.map((end) => [end, text.slice(end.length)])
          : [text.split(own)]
        ).find(([start = "", end = ""]) => {
          const inserted = merged.slice(start.length, merged.length - end.length);
          return start + inserted + end === merged && rendered.test(inserted);
        }) ?? ["no", "place"];
        expect(text).toBe([before, own, after].join(""));
        expect(merge(merged, entry)).toBe(merged);
        const { blocks } = parseLockFile(merged, "lock");
        const ours = blocks.find(({ address }) => address === entry.address);
        expect(ours).toMatchObject({ version: "0.1.0", constraints: "0.1.0" });
        expect(ours?.hashes).toContain("h1:ours=");
      }),
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

/** Lock files in all the formatting that HCL has: a block, with its line's end, is one part. */
function lockFiles(): fc.Arbitrary<readonly Part[]> {
  const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const blank = pick("", " ", "\t", "   ", "/* } */", '/* "{\n*/ ');
  const comment = pick("", "# }", '// provider "x" {', "# <<<<<<< ours", " # ü\t", "/* a */");
  const lineEnd = (newline: string) => comment.map((text) => `${text}${newline}`);
  const addresses = ["a/a", "polyai/polyai", "hashicorp/aws", "z/z"].flatMap((name) =>
    ["registry.terraform.io", "registry.opentofu.org"].map((host) => `${host}/${name}`),
  );
  const gaps = (newline: string) =>
    fc.array(fc.tuple(blank, lineEnd(newline)), { maxLength: 3 }).map((all) => all.flat().join(""));

  const block = (address: string, newline: string): fc.Arbitrary<Part> =>
    fc
      .record({
        version: pick("1.0.0", "0.1.0", "2.0.0-beta.1"),
        hashes: fc.option(fc.array(pick("h1:ours=", "h1:x/+=", "zh:00ff"), { maxLength: 3 })),
        isFlat: fc.boolean(),
        blanks: fc.array(blank, { minLength: 9, maxLength: 9 }),
        ends: fc.array(lineEnd(newline), { minLength: 6, maxLength: 6 }),
        gap: gaps(newline),
      })
      .map(({ version, hashes, isFlat, blanks, ends, gap }) => {
        const [a, b, c, d, e, f, g, h, i] = blanks;
        const assigned = `version${d!}=${e!}"${version}"`;
        const list = (hashes ?? []).map((hash) => `${f!}"${hash}"${g!},${ends[1]!}`).join("");
        const more = hashes === null ? "" : `${h!}hashes = [${ends[2]!}${list}${i!}]${ends[3]!}`;
        const body = isFlat ? assigned : `${ends[4]!}${gap}${h!}${assigned}${ends[5]!}${more}`;
        const whole = `provider${b!}"${address}"${c!}{${body}${i!}}`;
        return { entry: { address, version }, block: whole, text: `${a!}${whole}${ends[0]!}` };
      });

  return fc
    .tuple(pick("\n", "\r\n"), pick("", "\xef\xbb\xbf"), fc.subarray(addresses))
    .chain(([newline, mark, some]) =>
      fc.tuple(
        gaps(newline).map((text): Part => ({ text: mark + text })),
        ...some.map((address) => block(address, newline)),
      ),
    );
}
