import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SCRIPTS, type TemporaryFolder, fakeCli, node, temporaryFolder, zip } from "./support.js";

let folder: TemporaryFolder;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => {
  folder.remove();
});

const PLATFORM = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

const environment = () => ({
  PATH: join(folder.path, "bin"),
  HOME: folder.path,
  XDG_CACHE_HOME: join(folder.path, "cache"),
  CLI_SOURCES: "release",
});

const cli = (args: string[], env: Record<string, string> = {}) =>
  node([join(SCRIPTS, "cli.mjs"), ...args], { ...environment(), ...env });

const found = async (env: Record<string, string> = {}) =>
  (JSON.parse((await cli(["list"], env)).stdout) as Record<string, string>[]).map(
    ({ product, version, source }) => `${product} ${version} from ${source}`,
  );

const cachedTofu = (version: string) =>
  join(folder.path, "cache/terraform-provider-polyai/tofu", version, PLATFORM, "tofu");

describe("finding a CLI", () => {
  it("finds both products on PATH, Terraform first", async () => {
    folder.write("bin/tofu", fakeCli("OpenTofu", "1.10.0"), 0o755);
    folder.write("bin/terraform", fakeCli("Terraform", "1.11.4"), 0o755);
    expect(await found()).toEqual(["terraform 1.11.4 from PATH", "tofu 1.10.0 from PATH"]);
  });

  it("prefers what TERRAFORM_BINARY_NAME names by its path", async () => {
    folder.write("bin/terraform", fakeCli("Terraform", "1.11.4"), 0o755);
    const path = folder.write("own/tofu-next", fakeCli("OpenTofu", "1.13.0"), 0o755);
    expect(await found({ TERRAFORM_BINARY_NAME: path })).toEqual([
      "tofu 1.13.0 from TERRAFORM_BINARY_NAME",
      "terraform 1.11.4 from PATH",
    ]);
  });

  it("prefers what TERRAFORM_BINARY_NAME names on PATH", async () => {
    folder.write("bin/terraform", fakeCli("Terraform", "1.11.4"), 0o755);
    folder.write("bin/terraform-1.5", fakeCli("Terraform", "1.5.7"), 0o755);
    expect(await found({ TERRAFORM_BINARY_NAME: "terraform-1.5" })).toEqual([
      "terraform 1.5.7 from TERRAFORM_BINARY_NAME",
    ]);
  });

  it.each([
    ["is not on PATH", "nowhere", /^TERRAFORM_BINARY_NAME is nowhere, which is not on PATH\.\n$/],
    ["does not exist", "/no/such/tofu", /^TERRAFORM_BINARY_NAME is \/no\/such\/tofu, .*\.\n$/],
    ["is something else", "other", /is other, which runs neither Terraform nor OpenTofu\.\n$/],
    ["is too old", "old", /is old, Terraform 1\.4\.7, which is older than 1\.5\.0\.\n$/],
  ])("fails with a sentence where what it names %s", async (_, name, sentence) => {
    folder.write("bin/terraform", fakeCli("Terraform", "1.11.4"), 0o755);
    folder.write("bin/other", "#!/bin/sh\necho hello\n", 0o755);
    folder.write("bin/old", fakeCli("Terraform", "1.4.7"), 0o755);
    const { code, stderr } = await cli(["list"], { TERRAFORM_BINARY_NAME: name });
    expect(stderr).toMatch(sentence);
    expect(code).toBe(1);
  });

  it("passes over a CLI on PATH that is too old", async () => {
    folder.write("bin/terraform", fakeCli("Terraform", "1.4.7"), 0o755);
    folder.write("bin/tofu", fakeCli("OpenTofu", "1.6.0"), 0o755);
    expect(await found()).toEqual(["tofu 1.6.0 from PATH"]);
  });

  it("knows OpenTofu that is installed as terraform", async () => {
    folder.write("bin/terraform", fakeCli("OpenTofu", "1.12.6"), 0o755);
    expect(await found()).toEqual(["tofu 1.12.6 from PATH"]);
  });

  it("sees that a CLI was replaced by another version", async () => {
    folder.write("bin/tofu", fakeCli("OpenTofu", "1.6.0"), 0o755);
    await found();
    folder.write("bin/tofu", fakeCli("OpenTofu", "1.12.60"), 0o755);
    expect(await found()).toEqual(["tofu 1.12.60 from PATH"]);
  });

  it("fails with a sentence where a wanted CLI is not here", async () => {
    folder.write("bin/terraform", fakeCli("Terraform", "1.11.4"), 0o755);
    const { code, stderr } = await cli(["resolve", "terraform,tofu@1.6.3"]);
    expect(stderr).toBe(
      "tofu@1.6.3 is not here. Run `node scripts/cli.mjs get tofu@1.6.3` first.\n",
    );
    expect(code).toBe(1);
  });

  it("fails with a sentence where no CLI is here at all", async () => {
    const { code, stderr } = await cli(["resolve", "found"]);
    expect(stderr).toBe("Neither Terraform nor OpenTofu is here. Run `npm run setup` first.\n");
    expect(code).toBe(1);
  });
});

describe("getting a release", () => {
  let server: Server;
  let files: Record<string, string | Buffer>;
  let requests: string[];
  const archive = `tofu_1.12.7_${PLATFORM}.zip`;

  beforeEach(async () => {
    files = {};
    requests = [];
    server = createServer((request, response) => {
      requests.push(request.url ?? "");
      const body = files[request.url ?? ""];
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const get = (version: string, env: Record<string, string> = {}) =>
    cli(["get", `tofu@${version}`], {
      TOFU_RELEASES_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...env,
    });

  const release = (version: string, binary: string) => {
    const bytes = zip("tofu", binary);
    const name = `tofu_${version}_${PLATFORM}.zip`;
    const sum = createHash("sha256").update(bytes).digest("hex");
    files[`/v${version}/${name}`] = bytes;
    files[`/v${version}/tofu_${version}_SHA256SUMS`] =
      `${"0".repeat(64)}  other.zip\n${sum}  ${name}\n`;
  };

  it("installs the archive's executable, once", async () => {
    release("1.12.7", fakeCli("OpenTofu", "1.12.7"));
    const first = await get("1.12.7");
    expect(first.stderr).toContain("Downloading");
    expect(JSON.parse(first.stdout)).toEqual([
      { product: "tofu", version: "1.12.7", path: cachedTofu("1.12.7"), source: "release" },
    ]);
    requests = [];
    const second = await get("1.12.7");
    expect(JSON.parse(second.stdout)).toMatchObject([{ version: "1.12.7", source: "cache" }]);
    expect(second.stderr).toBe("");
    expect(requests).toEqual([]);
  });

  it("downloads once for two that ask at the same time", async () => {
    release("1.12.7", fakeCli("OpenTofu", "1.12.7"));
    const both = await Promise.all([get("1.12.7"), get("1.12.7")]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(requests.filter((url) => url.endsWith(".zip"))).toHaveLength(1);
  });

  it.each(["release", "release,go"])(
    "refuses an archive that its SHA256SUMS do not match, with sources %s",
    async (sources) => {
      release("1.12.7", fakeCli("OpenTofu", "1.12.7"));
      files[`/v1.12.7/${archive}`] = zip("tofu", "#!/bin/sh\necho OpenTofu v1.12.7 # evil\n");
      const { code, stderr } = await get("1.12.7", { CLI_SOURCES: sources });
      expect(stderr).toMatch(/tofu_1\.12\.7_\w+\.zip has SHA-256 \w{64}, but .*SHA256SUMS says/);
      expect(code).toBe(1);
      expect(existsSync(cachedTofu("1.12.7"))).toBe(false);
    },
  );

  it("refuses an archive of the pinned version that is not the pinned one", async () => {
    release("1.12.6", fakeCli("OpenTofu", "1.12.6"));
    const { code, stderr } = await get("1.12.6");
    expect(stderr).toMatch(/has SHA-256 \w{64}, but \w{64} is pinned/);
    expect(code).toBe(1);
    expect(existsSync(cachedTofu("1.12.6"))).toBe(false);
  });

  it("refuses a release whose executable is of another version", async () => {
    release("1.12.7", fakeCli("OpenTofu", "1.12.5"));
    const { code, stderr } = await get("1.12.7");
    expect(stderr).toMatch(/does not run as version 1\.12\.7\. Remove it and try again\.\n$/);
    expect(code).toBe(1);
  });

  it("ends with one sentence where there is neither a release nor Go", async () => {
    const { code, stderr } = await get("1.12.7", { CLI_SOURCES: "release,go" });
    expect(stderr.trim().split("\n").at(-1)).toMatch(
      /^OpenTofu 1\.12\.7 is needed and could not be got: .* answers 404; there is no Go .*\. Install /,
    );
    expect(code).toBe(1);
  });
});

describe("building with Go", () => {
  const SUM = "h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=";

  // Answers as the go command does, and notes what it was asked for.
  const fakeGo = (sum: string) => `#!/bin/sh
echo "$PWD $CGO_ENABLED $*" >> '${folder.path}/asked'
case "$1" in
  mod) echo '{"Dir": "${folder.path}", "Sum": "${sum}"}' ;;
  build)
    for arg in "$@"; do case "$arg" in -o=*) out="\${arg#-o=}" ;; esac; done
    printf '#!/bin/sh\\necho OpenTofu v1.12.6\\n' > "$out" ;;
esac
`;

  const closedPort = () =>
    new Promise<number>((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => {
          resolve(port);
        });
      });
    });

  it("builds the pinned version where no release can be reached", async () => {
    folder.write("bin/go", fakeGo(SUM), 0o755);
    const { stdout, stderr } = await cli(["get", "tofu@1.12.6"], {
      CLI_SOURCES: "release,go",
      TOFU_RELEASES_URL: `http://127.0.0.1:${await closedPort()}`,
    });
    expect(stderr).toMatch(/cannot be reached \(ECONNREFUSED\)[^]*Building .*opentofu@v1\.12\.6/);
    expect(JSON.parse(stdout)).toEqual([
      { product: "tofu", version: "1.12.6", path: cachedTofu("1.12.6"), source: "go" },
    ]);
  });

  it("refuses a module that is not the pinned one", async () => {
    folder.write("bin/go", fakeGo("h1:other"), 0o755);
    const { code, stderr } = await cli(["get", "tofu@1.12.6"], { CLI_SOURCES: "go" });
    expect(stderr).toContain(`with checksum h1:other, not ${SUM}`);
    expect(code).toBe(1);
    expect(existsSync(cachedTofu("1.12.6"))).toBe(false);
  });
});
