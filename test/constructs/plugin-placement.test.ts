import { buildSync } from "esbuild";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import {
  bundledPackage,
  filesOf as filesOfPackage,
  hashOf,
  type ProviderPackage,
} from "../../src/placement/package.js";
import { placeBeside } from "../../src/placement/place.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];
const MIRROR = "terraform.d/plugins/registry.terraform.io/polyai/polyai";

const filesOf = (version: string) => ["main.cjs", `terraform-provider-polyai_v${version}`];
const placed = (folder: string, version: string): string[] =>
  PLATFORMS.flatMap((platform) =>
    filesOf(version).map((file) => join(folder, MIRROR, version, platform, file)),
  );
const launchers = (folder: string, version: string): string[] =>
  placed(folder, version).filter((file) => !file.endsWith("main.cjs"));
const ATTRIBUTES = `${MIRROR}/.gitattributes`;
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** A built package of that version, as npm would install it, whose launcher has that content. */
function builtPackage(
  version: string,
  content = `plugin ${version}\n`,
): ProviderPackage & { folder: string } {
  const root = temporaryFolder();
  const [plugin, cdktf] = [join(root, "dist/plugin"), join(root, "dist/cdktf")];
  for (const folder of [plugin, cdktf]) mkdirSync(folder, { recursive: true });
  const manifest = { name: "terraform-provider-polyai", version };
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(plugin, `terraform-provider-polyai_v${version}`), content);
  writeFileSync(join(plugin, "main.cjs"), "main\n");
  return { ...bundledPackage(cdktf), folder: plugin };
}

describe("bundledPackage", () => {
  it("gives the files, the version of the package, and the folder's h1 hash", () => {
    const plugin = builtPackage("1.2.3", "hello\n");
    const line = (content: string, name: string) =>
      `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
    const lines = line("main\n", "main.cjs") + line("hello\n", "terraform-provider-polyai_v1.2.3");
    expect(plugin).toMatchObject({
      version: "1.2.3",
      platforms: PLATFORMS,
      hash: `h1:${createHash("sha256").update(lines).digest("base64")}`,
    });
    expect(plugin.files.map(({ name }) => name).sort()).toEqual(filesOf("1.2.3"));
  });

  it("says how to build what was not built, and names a bundler if it is not there", () => {
    const { folder } = builtPackage("1.2.3");
    rmSync(folder, { recursive: true });
    expect(() => bundledPackage(join(folder, "..", "cdktf"))).toThrow(
      /was not built.*npm run build/s,
    );
    expect(() => bundledPackage(temporaryFolder())).toThrow(/mark .* as external/);
  });
});

describe("placeBeside", () => {
  it("places the files for each platform, and a lock entry, and nothing else", () => {
    const folder = temporaryFolder();
    placeBeside(folder, [builtPackage("1.2.3", "content")]);
    expect(files(folder)).toEqual(
      [".terraform.lock.hcl", ATTRIBUTES, ...placed("", "1.2.3")].sort(),
    );
    for (const file of launchers(folder, "1.2.3")) {
      expect(readFileSync(file, "utf8")).toBe("content");
      expect(statSync(file).mode & 0o777).toBe(0o755);
    }
  });

  it.each([0o022, 0o077])("changes nothing when it is done already, with umask %o", (mask) => {
    const umask = process.umask(mask);
    const folder = temporaryFolder();
    const place = () => placeBeside(folder, [builtPackage("1.2.3")]);
    const times = () => files(folder).map((file) => statSync(join(folder, file)).ctimeMs);
    place();
    const before = times();
    place();
    process.umask(umask);
    expect(times()).toEqual(before);
  });

  it("makes good a file that was changed, or is not executable any more", () => {
    const folder = temporaryFolder();
    const plugin = builtPackage("1.2.3", "content");
    placeBeside(folder, [plugin]);
    const [first, second, third] = launchers(folder, "1.2.3") as [string, string, string, string];
    rmSync(first);
    writeFileSync(first, "changed", { mode: 0o755 });
    chmodSync(second, 0o644);
    rmSync(third);
    placeBeside(folder, [plugin]);
    for (const file of launchers(folder, "1.2.3")) {
      expect(readFileSync(file, "utf8")).toBe("content");
      expect(statSync(file).mode & 0o111).not.toBe(0);
    }
  });

  it("is unchanged by git, whatever line ends that makes", () => {
    const folder = temporaryFolder();
    const plugin = builtPackage("1.2.3", "#!/bin/sh\necho\n");
    placeBeside(folder, [plugin]);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "core.autocrlf=true", "-c", "core.eol=crlf", ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder },
      });
    // The repository's own rule is for its texts.
    writeFileSync(join(folder, ".gitattributes"), "* text=auto\n");
    git("init", "--quiet");
    git("add", ".");
    for (const file of files(join(folder, "terraform.d")))
      rmSync(join(folder, "terraform.d", file));
    git("checkout", "--", ".");
    const target = join(folder, MIRROR, "1.2.3/linux_amd64");
    expect(hashOf(filesOfPackage(target))).toBe(plugin.hash);
    placeBeside(folder, [plugin]);
    expect(git("status", "--porcelain").toString()).not.toMatch(/^.[MD]/m);
  });

  it("replaces an earlier version, in the folder and in the lock file", () => {
    const folder = temporaryFolder();
    placeBeside(folder, [builtPackage("1.2.3")]);
    placeBeside(folder, [builtPackage("1.3.0")]);
    expect(readdirSync(join(folder, MIRROR))).toEqual([".gitattributes", "1.3.0"]);
    const lock = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    expect(lock).toContain('version     = "1.3.0"');
    expect(lock).not.toContain("1.2.3");
  });

  it("is right whichever of several processes comes last", async () => {
    const folder = temporaryFolder();
    const plugin = builtPackage("1.2.3", "x".repeat(300_000));
    const script = join(temporaryFolder(), "place.js");
    buildSync({
      stdin: {
        contents: `import { bundledPackage, filesOf as filesOfPackage, hashOf } from "./package.js";
          import { placeBeside } from "./place.js";
          placeBeside(process.argv[2], [bundledPackage(process.argv[3])]);`,
        resolveDir: resolve(__dirname, "../../src/placement"),
      },
      bundle: true,
      platform: "node",
      outfile: script,
    });
    await Promise.all(
      Array.from({ length: 8 }, () =>
        promisify(execFile)(process.execPath, [script, folder, plugin.folder]),
      ),
    );
    expect(files(folder)).toEqual(
      [".terraform.lock.hcl", ATTRIBUTES, ...placed("", "1.2.3")].sort(),
    );
    for (const file of launchers(folder, "1.2.3")) expect(statSync(file).size).toBe(300_000);
  });

  it.each(["terraform.d", "terraform.d/plugins", MIRROR, `${MIRROR}/0.9.0`, ".terraform.lock.hcl"])(
    "changes nothing behind a symbolic link at %s",
    (path) => {
      const folder = temporaryFolder();
      const elsewhere = temporaryFolder();
      writeFileSync(join(elsewhere, "terraform-provider-polyai_v0.9.0"), "theirs");
      mkdirSync(join(elsewhere, "1.0.0/linux_amd64"), { recursive: true });
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      symlinkSync(elsewhere, join(folder, path));
      const before = readdirSync(elsewhere, { recursive: true });
      expect(() => placeBeside(folder, [builtPackage("1.2.3")])).toThrow(
        `${join(folder, path)} is a symbolic link`,
      );
      expect(readdirSync(elsewhere, { recursive: true })).toEqual(before);
    },
  );

  it("follows a link to the folder itself, which somebody named", () => {
    const folder = temporaryFolder();
    symlinkSync(folder, join(folder, "link"));
    placeBeside(join(folder, "link"), [builtPackage("1.2.3")]);
    expect(readdirSync(join(folder, MIRROR))).toEqual([".gitattributes", "1.2.3"]);
  });

  it("deletes no file that is not the provider's, and says which is in the way", () => {
    const folder = temporaryFolder();
    placeBeside(folder, [builtPackage("1.2.3")]);
    const other = join(folder, "terraform.d/plugins/example.com/acme/thing/1.0.0/linux_amd64");
    mkdirSync(other, { recursive: true });
    const notes = [MIRROR, `${MIRROR}/1.2.3/linux_amd64`].map((at) => join(folder, at, "notes"));
    notes.push(join(other, "terraform-provider-polyai_v1.0.0"));
    for (const file of notes) writeFileSync(file, "mine");
    expect(() => placeBeside(folder, [builtPackage("1.2.3")])).toThrow(
      `${notes[1]!} is no file of the provider, and would change its hash: remove it.`,
    );
    placeBeside(folder, [builtPackage("1.3.0")]);
    for (const file of notes) expect(readFileSync(file, "utf8")).toBe("mine");
  });
});
