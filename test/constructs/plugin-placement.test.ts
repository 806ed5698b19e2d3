import { buildSync } from "esbuild";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs, {
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
  filesOf,
  hashOf,
  type ProviderPackage,
} from "../../src/placement/package.js";
import { placeBeside } from "../../src/placement/place.js";
import { filesIn, temporaryFolder } from "../support/temporary-folder.js";

const MIRROR = "terraform.d/plugins/registry.terraform.io/polyai/polyai";
const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"];
const LAUNCHER = "terraform-provider-polyai_v1.2.3";
const LAUNCHERS = PLATFORMS.map((platform) => `${MIRROR}/1.2.3/${platform}/${LAUNCHER}`);

/** A package of that version, whose launcher has that content. */
function packageOf(version: string, content = `plugin ${version}\n`): ProviderPackage {
  const texts = { "main.cjs": "main\n", [`terraform-provider-polyai_v${version}`]: content };
  const files = Object.entries(texts).map(([name, text]) => ({ name, content: Buffer.from(text) }));
  return { version, platforms: PLATFORMS, files, hash: hashOf(files) };
}

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
const place = (version: string, content?: string) =>
  placeBeside(folder, [packageOf(version, content)]);

const expectPlaced = (content: string) => {
  const placed = LAUNCHERS.flatMap((file) => [file, file.replace(LAUNCHER, "main.cjs")]);
  const others = [".terraform.lock.hcl", `${MIRROR}/.gitattributes`];
  expect(filesIn(folder)).toEqual([...placed, ...others].sort());
  for (const file of LAUNCHERS) {
    expect(readFileSync(join(folder, file), "utf8")).toBe(content);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o755);
  }
};

it("a process that is killed leaves nothing in a package's folder, whose hash would change", () => {
  const killed = () => {
    throw new Error("killed");
  };
  jest.spyOn(fs, "renameSync").mockImplementationOnce(killed);
  jest.spyOn(fs, "rmSync").mockImplementationOnce(() => undefined);
  expect(() => place("1.2.3")).toThrow("killed");
  jest.restoreAllMocks();
  const left = filesIn(folder);
  expect(left).toEqual([expect.stringMatching(/^\.[\w.]+\.[0-9a-f]{12}$/)]);
  rmSync(join(folder, left[0]!));
  place("1.2.3");
  expectPlaced("plugin 1.2.3\n");
});

it("the bundled package has the files, the version of the npm package, and the folder's h1 hash", () => {
  const [plugin, cdktf] = [join(folder, "dist/plugin"), join(folder, "dist/cdktf")];
  for (const each of [plugin, cdktf]) mkdirSync(each, { recursive: true });
  const manifest = { name: "terraform-provider-polyai", version: "1.2.3" };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  // It says how to build what was not built, and names a bundler if it is not there.
  expect(() => bundledPackage(cdktf)).toThrow(/was not built.*npm run build/s);
  expect(() => bundledPackage(temporaryFolder())).toThrow(/mark .* as external/);

  const texts = { "main.cjs": "main\n", [LAUNCHER]: "hello\n" };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(plugin, name), text);
  const { version, platforms, hash, files } = bundledPackage(cdktf);
  const lines = Object.entries(texts).map(
    ([name, text]) => `${createHash("sha256").update(text).digest("hex")}  ${name}\n`,
  );
  const expected = createHash("sha256").update(lines.join("")).digest("base64");
  expect({ version, platforms, hash }).toEqual({
    version: "1.2.3",
    platforms: PLATFORMS,
    hash: `h1:${expected}`,
  });
  expect(files.map(({ name }) => name).sort()).toEqual(Object.keys(texts));
});

describe("placeBeside", () => {
  it("places the files for each platform, and a lock entry, and nothing else", () => {
    place("1.2.3", "content");
    expectPlaced("content");
  });

  it.each([0o022, 0o077])("changes nothing when it is done already, with umask %o", (mask) => {
    const umask = process.umask(mask);
    const times = () => filesIn(folder).map((file) => statSync(join(folder, file)).ctimeMs);
    place("1.2.3");
    const before = times();
    place("1.2.3");
    process.umask(umask);
    expect(times()).toEqual(before);
  });

  it("makes good a file that was changed, or is not executable any more", () => {
    place("1.2.3", "content");
    const [first, second, third] = LAUNCHERS.map((file) => join(folder, file));
    rmSync(first!);
    writeFileSync(first!, "changed", { mode: 0o755 });
    chmodSync(second!, 0o644);
    rmSync(third!);
    place("1.2.3", "content");
    expectPlaced("content");
  });

  it("is unchanged by git, whatever line ends that makes", () => {
    const content = "#!/bin/sh\necho\n";
    place("1.2.3", content);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "core.autocrlf=true", "-c", "core.eol=crlf", ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder },
      });
    // The repository's own rule is for its texts.
    writeFileSync(join(folder, ".gitattributes"), "* text=auto\n");
    git("init", "--quiet");
    git("add", ".");
    rmSync(join(folder, "terraform.d"), { recursive: true });
    git("checkout", "--", ".");
    const target = join(folder, MIRROR, "1.2.3/linux_amd64");
    expect(hashOf(filesOf(target))).toBe(packageOf("1.2.3", content).hash);
    place("1.2.3", content);
    expect(git("status", "--porcelain").toString()).not.toMatch(/^.[MD]/m);
  });

  it("replaces an earlier version, in the folder and in the lock file", () => {
    place("1.2.3");
    place("1.3.0");
    expect(readdirSync(join(folder, MIRROR))).toEqual([".gitattributes", "1.3.0"]);
    const lock = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    expect(lock).toContain('version     = "1.3.0"');
    expect(lock).not.toContain("1.2.3");
  });

  it("is right whichever of several processes comes last", async () => {
    const script = join(temporaryFolder(), "place.js");
    buildSync({
      stdin: {
        contents: `import { placeBeside } from "./place.js";
          const { files, ...rest } = JSON.parse(process.argv[3]);
          const content = Buffer.from("x".repeat(300_000));
          const sized = files.map(({ name }) => ({ name, content }));
          placeBeside(process.argv[2], [{ ...rest, files: sized }]);`,
        resolveDir: resolve(__dirname, "../../src/placement"),
      },
      bundle: true,
      platform: "node",
      outfile: script,
    });
    const args = [script, folder, JSON.stringify(packageOf("1.2.3"))];
    await Promise.all(Array.from({ length: 8 }, () => promisify(execFile)(process.execPath, args)));
    expectPlaced("x".repeat(300_000));
  });

  it.each(["terraform.d", "terraform.d/plugins", MIRROR, `${MIRROR}/0.9.0`, ".terraform.lock.hcl"])(
    "changes nothing behind a symbolic link at %s",
    (path) => {
      const elsewhere = temporaryFolder();
      writeFileSync(join(elsewhere, "terraform-provider-polyai_v0.9.0"), "theirs");
      mkdirSync(join(elsewhere, "1.0.0/linux_amd64"), { recursive: true });
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      symlinkSync(elsewhere, join(folder, path));
      const before = readdirSync(elsewhere, { recursive: true });
      expect(() => place("1.2.3")).toThrow(`${join(folder, path)} is a symbolic link`);
      expect(readdirSync(elsewhere, { recursive: true })).toEqual(before);
    },
  );

  it("follows a link to the folder itself, which somebody named", () => {
    symlinkSync(folder, join(folder, "link"));
    placeBeside(join(folder, "link"), [packageOf("1.2.3")]);
    expect(readdirSync(join(folder, MIRROR))).toEqual([".gitattributes", "1.2.3"]);
  });

  it("deletes no file that is not the provider's, and says which is in the way", () => {
    place("1.2.3");
    const other = join(folder, "terraform.d/plugins/example.com/acme/thing/1.0.0/linux_amd64");
    mkdirSync(other, { recursive: true });
    const notes = [MIRROR, `${MIRROR}/1.2.3/linux_amd64`].map((at) => join(folder, at, "notes"));
    notes.push(join(other, "terraform-provider-polyai_v1.0.0"));
    for (const file of notes) writeFileSync(file, "mine");
    expect(() => place("1.2.3")).toThrow(
      `${notes[1]!} is no file of the provider, and would change its hash: remove it.`,
    );
    place("1.3.0");
    for (const file of notes) expect(readFileSync(file, "utf8")).toBe("mine");
  });
});
