/** Executables for every platform, seen from outside: only this machine's can be started here. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/cli.js";
import { PLUGIN_NAME } from "../support/workspace.js";

const base = mkdtempSync(join(tmpdir(), "polyai-platforms-"));
afterAll(() => {
  rmSync(base, { recursive: true });
});

/** Makes the executable in a folder of that name; gives its path. */
const make = (platform: string, folder: string): string => {
  const file = join(base, folder, PLUGIN_NAME + (platform.startsWith("windows") ? ".exe" : ""));
  execFileSync(
    process.execPath,
    [
      join(ROOT, "scripts/release/compile.mjs"),
      join(ROOT, ".cache/executable/main.js"),
      file,
      platform,
    ],
    { stdio: "pipe" },
  );
  return file;
};

/** What a file says that it is for, in the words of its format. */
const formatOf = (image: Buffer): string => {
  // The processor: ELF's e_machine, Mach-O's cputype, and the Machine of PE's COFF header.
  if (image.toString("latin1", 0, 4) === "\x7fELF") return `ELF ${image.readUInt16LE(18)}`;
  if (image.readUInt32LE(0) === 0xfeedfacf) return `Mach-O ${image.readUInt32LE(4).toString(16)}`;
  const header = image.readUInt32LE(0x3c);
  const signature = image.toString("latin1", header, header + 2);
  return `${image.toString("latin1", 0, 2)} ${signature} ${image.readUInt16LE(header + 4).toString(16)}`;
};

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

describe.each([
  ["linux_amd64", "ELF 62"],
  ["linux_arm64", "ELF 183"],
  ["darwin_amd64", "Mach-O 1000007"],
  ["darwin_arm64", "Mach-O 100000c"],
  ["windows_amd64", "MZ PE 8664"],
])("the executable for %s", (platform, format) => {
  it(
    "is of that platform's format, and the same wherever it is made",
    () => {
      const file = make(platform, platform);
      expect(formatOf(readFileSync(file))).toBe(format);
      const again = make(platform, `${platform}/elsewhere/and/again`);
      expect(sha256(again)).toBe(sha256(file));
      if (!platform.startsWith("darwin")) return;
      const fits = execFileSync(
        process.execPath,
        [
          "--input-type=module",
          "--eval",
          `import { readFileSync } from "node:fs";
           import { signatureFits } from ${JSON.stringify(join(ROOT, "scripts/release/mach-o.mjs"))};
           console.log(signatureFits(readFileSync(process.argv[1])));`,
          file,
        ],
        { encoding: "utf8" },
      );
      expect(fits).toBe("true\n");
    },
    // The first time, Bun for that platform is got.
    300_000,
  );
});
