import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { findClis, getClis, resolveClis } from "../../../scripts/cli.js";
import { platform } from "../../../scripts/lib/machine.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const environment = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  process.env = { PATH: join(folder, "bin"), XDG_CACHE_HOME: folder };
});
afterEach(() => {
  process.env = environment;
});

/** A shell script that answers `version` as the product does. */
const script = (title: string, version: string) =>
  `#!/bin/sh\n[ "$1" = version ] || exit 64\necho "${title} v${version}"\n`;

function fake(path: string, title: "Terraform" | "OpenTofu", version: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, script(title, version));
  chmodSync(file, 0o755);
  return file;
}

const cached = (product: string, version: string) =>
  join("terraform-provider-polyai", product, version, platform().name, product);

describe("finding a CLI", () => {
  it("prefers TERRAFORM_BINARY_NAME to PATH, and PATH to the cache", () => {
    const named = fake("elsewhere/tofu", "OpenTofu", "1.9.0");
    fake("bin/tofu", "OpenTofu", "1.8.0");
    const path = fake("bin/terraform", "Terraform", "1.11.4");
    fake(cached("terraform", "1.5.7"), "Terraform", "1.5.7");
    process.env.TERRAFORM_BINARY_NAME = named;
    expect(findClis()).toEqual([
      { product: "tofu", version: "1.9.0", path: named, source: "TERRAFORM_BINARY_NAME" },
      { product: "terraform", version: "1.11.4", path, source: "PATH" },
    ]);
  });

  it("refuses a TERRAFORM_BINARY_NAME that cannot be used", () => {
    process.env.TERRAFORM_BINARY_NAME = "nothing";
    expect(() => findClis()).toThrow("which runs neither Terraform (1.5 or newer) nor OpenTofu");
  });

  it.each([
    ["tofu@1.6.3", "tofu@1.6.3 is not here. Run"],
    ["found", "tofu is not here. Run"],
    ["terrafrom", '"terrafrom" is neither terraform nor tofu'],
  ])("says what is missing for %s", (spec, message) => {
    expect(() => resolveClis(spec)).toThrow(message);
  });
});

describe("getting OpenTofu's release", () => {
  let server: Server;
  let archive: Uint8Array;
  beforeAll(async () => {
    server = createServer((request, response) => {
      response.writeHead(request.url?.endsWith(".zip") ? 200 : 404).end(archive);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  beforeEach(() => {
    const { port } = server.address() as AddressInfo;
    process.env.TOFU_RELEASES_URL = `http://127.0.0.1:${port}`;
  });
  afterAll(() => server.close());

  it("refuses an archive whose checksum is not the pinned one", async () => {
    archive = zipSync({ tofu: Buffer.from(script("OpenTofu", "1.12.6")) });
    await expect(getClis("tofu")).rejects.toThrow(/has SHA-256 \w{64}, but \w{64} is pinned/);
    expect(findClis()).toEqual([]);
  });

  it("says what to install if there is neither a release nor Go", async () => {
    process.env.TOFU_RELEASES_URL = "http://127.0.0.1:1";
    await expect(getClis("tofu")).rejects.toThrow("Install Terraform 1.5 or OpenTofu 1.6 or newer");
  });
});
