import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { evaluate, node, SCRIPTS, type TemporaryFolder, temporaryFolder } from "./support.js";

/** What functions of a script give for these arguments, asked of one process. */
const call = async (script: string, ...calls: readonly (readonly [string, ...unknown[]])[]) => {
  const { stdout, stderr } = await evaluate(
    script,
    `for (const [name, ...args] of ${JSON.stringify(calls)}) {
       console.log(JSON.stringify(await script[name](...args)));
     }`,
    { PATH: process.env.PATH ?? "" },
  );
  if (stderr !== "") throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string[]);
};

describe("publishing", () => {
  it("refuses plain npm publish, and says what to use", async () => {
    const { code, stderr } = await node([join(SCRIPTS, "publish.mjs"), "--refuse"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Use: node scripts/publish.mjs");
  });

  it("refuses an option that it does not know, rather than publish", async () => {
    const { code, stderr } = await node([join(SCRIPTS, "publish.mjs"), "--dryrun"]);
    expect(code).toBe(1);
    expect(stderr).toContain("no option --dryrun");
  });
});

describe("a release", () => {
  const git = { changed: [], branch: "main", tags: ["v0.1.0", "nightly"], onMain: true };
  const manifest = {
    version: "0.1.0",
    repository: { type: "git", url: "git+https://code.example/o/r.git" },
  };
  const workflow = {
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://code.example",
    GITHUB_REPOSITORY: "o/r",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example",
  };
  const cases: [string, object, object, object, RegExp | undefined][] = [
    ["is made of main's tagged commit", {}, {}, {}, undefined],
    ["is made of a tag's own checkout", { branch: "" }, {}, {}, undefined],
    [
      "is not made of a dirty tree",
      { changed: ["a", "b", "c", "d"] },
      {},
      {},
      /dirty \(a, b, c, and 1 more\)/,
    ],
    ["is not made of another branch", { branch: "next" }, {}, {}, /branch next/],
    ["is not made of what main lacks", { branch: "", onMain: false }, {}, {}, /not part of main/],
    ["is not made without a tag", { tags: ["nightly"] }, {}, {}, /no version's tag/],
    ["is not made of another version's tag", { tags: ["v0.2.0"] }, {}, {}, /HEAD has v0\.2\.0/],
    ["is not made of two versions at once", { tags: ["v0.1.0", "v0.2.0"] }, {}, {}, /several/],
    ["needs a repository", {}, { repository: undefined }, {}, /names no repository/],
    ["needs its own repository", {}, { repository: "github:o/other" }, {}, /o\/other, and this is/],
    ["needs an identity", {}, {}, { ACTIONS_ID_TOKEN_REQUEST_URL: "" }, /id-token: write/],
    ["is made in CI only", {}, {}, { GITHUB_ACTIONS: "" }, /attests provenance in/],
  ];

  it("is refused for each thing that is amiss, and for nothing else", async () => {
    const answers = await call(
      "publish/release-state.mjs",
      ...cases.map(
        ([, facts, fields, env]) =>
          [
            "releaseProblems",
            { ...git, ...facts },
            { ...manifest, ...fields },
            { ...workflow, ...env },
          ] as const,
      ),
    );
    for (const [index, [name, , , , problem]] of cases.entries()) {
      const told = [name, ...answers[index]!];
      if (problem === undefined) expect(told).toEqual([name]);
      else expect(told).toEqual([name, expect.stringMatching(problem)]);
    }
  });

  it("reads git's own state", async () => {
    const folder = temporaryFolder();
    const run = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b.example", ...args], {
        cwd: folder.path,
      });
    try {
      run("init", "--quiet", "--initial-branch=main");
      folder.write("file", "1");
      run("add", ".");
      run("commit", "--quiet", "-m", "One");
      run("tag", "v0.1.0");
      folder.write("file", "2");
      folder.write("new", "");
      const [dirty] = await call("publish/release-state.mjs", ["gitFacts", folder.path]);
      expect(dirty).toEqual({
        changed: ["file", "new"],
        branch: "main",
        tags: ["v0.1.0"],
        onMain: true,
      });
      run("checkout", "--quiet", "-b", "next");
      run("commit", "--quiet", "-am", "Two");
      const [next] = await call("publish/release-state.mjs", ["gitFacts", folder.path]);
      expect(next).toEqual({ changed: ["new"], branch: "next", tags: [], onMain: false });
    } finally {
      folder.remove();
    }
  });

  it("takes platform packages of its own version only, and all that it asks for", async () => {
    const one = { name: "x-linux", version: "0.1.0", license: "A", os: ["linux"], cpu: ["x64"] };
    const main = { name: "x", version: "0.1.0", license: "A" };
    const asking = { ...main, optionalDependencies: { "x-linux": "0.1.0" } };
    const problems = (manifest: object, ...platforms: object[]) =>
      ["platformProblems", platforms.map((each) => ({ manifest: each })), manifest] as const;
    const answers = await call(
      "publish/release-state.mjs",
      problems(main),
      problems(asking, { ...one, license: "A AND B" }),
      problems(main, { ...one, license: "B" }),
      problems({ ...main, repository: "o/r" }, one),
      problems(main, { ...one, version: "0.0.9" }),
      problems(main, { ...one, os: undefined }),
      problems(asking),
      problems({ ...asking, optionalDependencies: { "x-linux": "^0.1.0" } }, one),
    );
    expect(answers).toEqual([
      [],
      [],
      ["x-linux must have licence A."],
      ["x-linux names another repository, or none."],
      ["x-linux is of version 0.0.9, not 0.1.0: npm run release"],
      ["x-linux must name one os and one cpu."],
      ["dist/npm/ lacks x-linux, which package.json asks for: npm run release"],
      ["package.json asks for x-linux ^0.1.0, not 0.1.0."],
    ]);
  });
});

describe("a tarball", () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => {
    folder.remove();
  });

  /** The problems of a package as it should be, with these files added or changed. */
  const problemsWith = async (changes: Record<string, string>, env = {}) => {
    const manifest = { name: "x", version: "0.1.0", bin: { x: "./dist/cli.js" } };
    const good = ["README.md", "LICENSE", "CHANGELOG.md", "dist/cli.js", "dist/x.d.ts.map"];
    const files: Record<string, string> = {
      ...Object.fromEntries(good.map((path) => [path, "{}"])),
      "package.json": "{}",
      "dist/sbom.cdx.json": "{}",
      "dist/LICENSES.txt": "",
      "dist/plugin/x_v0.1.0": "",
      ...changes,
    };
    const { stdout, stderr } = await evaluate(
      "publish/tarball.mjs",
      `const files = Object.entries(${JSON.stringify(files)})
         .map(([path, text]) => ({ path, mode: 0o644, bytes: Buffer.from(text) }));
       const machine = { folders: ["/builds/checkout-17"], env: ${JSON.stringify(env)} };
       console.log(JSON.stringify(script.tarballProblems(files, ${JSON.stringify(manifest)}, machine)));`,
    );
    if (stderr !== "") throw new Error(stderr);
    return (JSON.parse(stdout) as string[]).filter((each) => !each.includes("x_v0.1.0 is of"));
  };

  const key = "a".repeat(40);
  it.each<[string, Record<string, string>, string[]]>([
    ["nothing, as it should be", {}, []],
    ["a test", { "dist/test/a.js": "" }, ["dist/test/a.js is a test's."]],
    [
      "another package",
      { "dist/npm/a/package.json": "" },
      ["dist/npm/a/package.json belongs to another package."],
    ],
    ["a hidden file", { "dist/.env": "" }, ["dist/.env is hidden."]],
    ["a source", { "src/a.ts": "" }, ["src/a.ts is of no known kind."]],
    ["a map of sources", { "dist/a.js.map": "{}" }, ["dist/a.js.map is of no known kind."]],
    [
      "an absolute path in a map",
      { "dist/x.d.ts.map": '{"sources":["/x/a.ts"]}' },
      ["dist/x.d.ts.map names a source by its absolute path."],
    ],
    [
      "the folder it was built in",
      { "dist/cli.js": "/builds/checkout-17/src" },
      ["dist/cli.js holds a path of this machine."],
    ],
    [
      "somebody's home",
      { "dist/cli.js": "x /home/ada/x" },
      ["dist/cli.js holds a path of somebody's machine."],
    ],
    [
      "a private key",
      { "README.md": `-----BEGIN PRIVATE KEY-----\n${key}` },
      ["README.md holds what looks like a private key."],
    ],
    [
      "an age identity",
      { "README.md": `AGE-SECRET-KEY-1${"Q".repeat(58)}` },
      ["README.md holds what looks like an age identity."],
    ],
    [
      "a token",
      { "README.md": `npm_${key.slice(4)}` },
      ["README.md holds what looks like a token of npm."],
    ],
  ])("is refused for %s", async (_, changes, problems) => {
    expect(await problemsWith(changes)).toEqual(problems);
  });

  it("is refused for a secret of the environment, which is not shown", async () => {
    const env = { POLYAI_API_KEY: "correct-horse-battery" };
    expect(await problemsWith({ "dist/cli.js": "x correct-horse-battery" }, env)).toEqual([
      "dist/cli.js holds the value of POLYAI_API_KEY.",
    ]);
  });

  it("is read as tar wrote it: long paths, modes and sizes", async () => {
    const long = `package/dist/${"deep/".repeat(30)}file.js`;
    chmodSync(folder.write(long, "x".repeat(513)), 0o755);
    folder.write("package/package.json", "{}");
    execFileSync("tar", ["--format=pax", "-czf", "p.tgz", "package/package.json", long], {
      cwd: folder.path,
    });
    const { stdout, stderr } = await evaluate(
      "publish/tar.mjs",
      `import { readFileSync } from "node:fs";
       const files = script.readTarball(readFileSync(${JSON.stringify(join(folder.path, "p.tgz"))}));
       console.log(JSON.stringify(files.map((f) => [f.path, f.mode, f.bytes.length])));`,
    );
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([
      ["package.json", 0o644, 2],
      [long.replace("package/", ""), 0o755, 513],
    ]);
  });
});

describe("an audit", () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => {
    folder.remove();
  });

  /** What is told of axios, which is bundled, when npm answers so. */
  const told = async (answer: object) => {
    // As npm: it ends with 1 where it finds something, and finds nothing among what it installs.
    const none = "echo '{\"vulnerabilities\":{}}'";
    folder.write(
      "bin/npm",
      `#!/bin/sh\nif [ "$3" = --omit=dev ]; then ${none}; exit 0; fi\necho '${JSON.stringify(answer)}'\nexit 1\n`,
      0o755,
    );
    const { stdout, stderr } = await evaluate(
      "publish/audit.mjs",
      `const found = await script.audit(${JSON.stringify(folder.path)}, [{ path: "node_modules/axios" }])
         .catch((error) => [error.constructor.name, error.message]);
       console.log(JSON.stringify(found));`,
      { PATH: `${join(folder.path, "bin")}:${process.env.PATH ?? ""}` },
    );
    expect(stderr).toBe("");
    return JSON.parse(stdout) as string[];
  };

  it("tells the vulnerabilities of what ships, and not of what only builds it", async () => {
    const one = (name: string) => ({
      name,
      severity: "high",
      nodes: [`node_modules/${name}`],
      via: [{ title: "Bad", url: "https://a.example/1" }],
    });
    expect(await told({ vulnerabilities: { axios: one("axios"), jest: one("jest") } })).toEqual([
      "axios, severity high: Bad (https://a.example/1)",
    ]);
  });

  it("is no audit where the registry does not answer", async () => {
    expect(await told({ message: "405 Method Not Allowed" })).toEqual([
      "NotAudited",
      "the registry answers no audit (405 Method Not Allowed)",
    ]);
  });
});
