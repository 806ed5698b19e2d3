import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/cli.js";
import { type TemporaryFolder, evaluate, temporaryFolder } from "./support.js";

let folder: TemporaryFolder;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => {
  folder.remove();
});

describe("Bun", () => {
  const platform = (integrity: string) => ({
    name: "linux_amd64",
    exe: "",
    runtime: { name: "@oven/bun-linux-x64", integrity },
  });

  /** Gets it with an npm that packs what it is told to, and no registry. */
  const getBun = async (integrity: string) => {
    const source = join(folder.path, "package/bin");
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, "bun"), "the runtime\n");
    const archive = join(folder.path, "packed.tgz");
    if (!existsSync(archive)) {
      execFileSync("tar", ["-czf", archive, "-C", folder.path, "package/bin/bun"]);
    }
    // npm pack NAME@VERSION --silent --pack-destination FOLDER
    folder.write(
      "bin/npm",
      `#!/bin/sh\necho asked >> ${folder.path}/asked\n` +
        `v="\${2##*@}"\ncp ${archive} "$5/oven-bun-linux-x64-$v.tgz"\n`,
      0o755,
    );
    const actual = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    const { stdout, stderr } = await evaluate(
      "lib/bun.mjs",
      `try {
         console.log(await script.getBun(${JSON.stringify(platform(integrity === "" ? actual : integrity))}));
       } catch (error) { console.log("refused: " + error.message) }`,
      {
        PATH: `${join(folder.path, "bin")}:${process.env.PATH ?? ""}`,
        XDG_CACHE_HOME: join(folder.path, "cache"),
      },
    );
    return { answer: stdout.trim(), stderr };
  };

  it("comes once from npm, and then out of the user's cache", async () => {
    const { answer } = await getBun("");
    expect(answer.startsWith(join(folder.path, "cache"))).toBe(true);
    expect(readFileSync(answer, "utf8")).toBe("the runtime\n");
    expect((await getBun("")).answer).toBe(answer);
    expect(readFileSync(join(folder.path, "asked"), "utf8")).toBe("asked\n");
  });

  it("is refused where it is not what is pinned, and leaves nothing", async () => {
    const { answer } = await getBun("sha512-other");
    expect(answer).toMatch(/^refused: @oven\/bun-linux-x64@.* but sha512-other is pinned\.$/);
    const left = execFileSync("find", [join(folder.path, "cache"), "-type", "f"]).toString();
    expect(left).toBe("");
  });
});

describe("a signature of a Mach-O executable", () => {
  /** As small as one can be: three load commands, some code, and an empty signature. */
  const image = (): Buffer => {
    const start = 16_384;
    const made = Buffer.alloc(start + 64, 7);
    made.fill(0, 0, 1024);
    const word = (at: number, value: number) => made.writeUInt32LE(value, at);
    word(0, 0xfeedfacf);
    word(16, 3);
    const segment = (at: number, name: string, offset: number, size: number) => {
      word(at, 0x19);
      word(at + 4, 72);
      made.write(name, at + 8, "latin1");
      made.writeBigUInt64LE(BigInt(size), at + 32);
      made.writeBigUInt64LE(BigInt(offset), at + 40);
      made.writeBigUInt64LE(BigInt(size), at + 48);
    };
    segment(32, "__TEXT", 0, 8192);
    segment(104, "__LINKEDIT", 8192, start + 64 - 8192);
    word(176, 0x1d);
    word(180, 16);
    word(184, start);
    word(188, 64);
    return made;
  };

  const inImage = async (body: string) => {
    const file = folder.write("image", image());
    const { stdout, stderr } = await evaluate(
      "release/mach-o.mjs",
      `import { readFileSync, writeFileSync } from "node:fs";
       const image = readFileSync(${JSON.stringify(file)});
       const signed = script.signAdHoc(image, "a-name");
       ${body}`,
    );
    expect(stderr).toBe("");
    return JSON.parse(stdout) as unknown;
  };

  it("fits once it is made, and no more when a byte before it changes", async () => {
    expect(
      await inImage(`
        const changed = Buffer.from(signed);
        changed[9000] ^= 1;
        console.log(JSON.stringify([image, signed, changed].map(script.signatureFits)));`),
    ).toEqual([false, true, false]);
  });

  it("is the same however often it is made, and reaches to the file's end", async () => {
    expect(
      await inImage(`
        const again = script.signAdHoc(signed, "a-name");
        console.log(JSON.stringify([
          again.equals(signed),
          signed.readUInt32LE(184) + signed.readUInt32LE(188) === signed.length,
          8192 + Number(signed.readBigUInt64LE(104 + 48)) === signed.length,
        ]));`),
    ).toEqual([true, true, true]);
  });

  it("says that nobody vouches for it", async () => {
    // The flags of the code directory, which follows the 20 bytes of the signature's head.
    expect(
      await inImage("console.log(signed.readUInt32BE(signed.readUInt32LE(184) + 20 + 12))"),
    ).toBe(2);
  });

  it("cannot be made of anything else", async () => {
    const { stdout } = await evaluate(
      "release/mach-o.mjs",
      `try { script.signAdHoc(Buffer.alloc(64), "a") } catch (error) { console.log(error.message) }`,
    );
    expect(stdout).toBe("This is no 64-bit Mach-O file.\n");
  });
});

describe("a release that nobody signs", () => {
  it("says so, and how to sign it", async () => {
    const file = folder.write("SHA256SUMS", "sums");
    folder.write("SHA256SUMS.sig", "of an earlier release");
    const { stdout } = await evaluate(
      "release/signature.mjs",
      `console.log(await script.sign(${JSON.stringify(file)}))`,
    );
    expect(stdout).toMatch(/^The release is not signed.*GPG_FINGERPRINT.*gpg --detach-sign/);
    expect(existsSync(`${file}.sig`)).toBe(false);
  });
});

describe("the platforms", () => {
  it("are refused by a sentence where there is none of that name", async () => {
    const { stdout } = await evaluate(
      "release/platforms.mjs",
      `try { script.platformCalled("plan9_amd64") } catch (error) { console.log(error.message) }`,
    );
    expect(stdout).toContain("No executable is made for plan9_amd64; there are linux_amd64,");
  });

  it("are those that the constructs know packages for", async () => {
    const { stdout } = await evaluate(
      "release/platforms.mjs",
      "console.log(JSON.stringify(script.PLATFORMS.map(({ name, npm }) => [name, `${npm.os}-${npm.cpu}`])))",
    );
    const source = readFileSync(join(ROOT, "lib/executable-packages.ts"), "utf8");
    const known = [...source.matchAll(/^ {2}(\w+_\w+): "([\w-]+)",$/gm)].map(([, a, b]) => [a, b]);
    expect(known.sort()).toEqual((JSON.parse(stdout) as string[][]).sort());
  });
});
