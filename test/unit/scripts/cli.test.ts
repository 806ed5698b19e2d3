import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { zipSync } from "fflate";
import { findClis, getClis } from "../../../scripts/cli.js";
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
    archive = zipSync({ tofu: Buffer.from("#!/bin/sh\necho OpenTofu v1.12.6\n") });
    await expect(getClis("tofu")).rejects.toThrow(/has SHA-256 \w{64}, but \w{64} is pinned/);
    expect(findClis()).toEqual([]);
  });

  it("says what to install if there is neither a release nor Go", async () => {
    process.env.TOFU_RELEASES_URL = "http://127.0.0.1:1";
    await expect(getClis("tofu")).rejects.toThrow("Install Terraform 1.5 or OpenTofu 1.6 or newer");
  });
});
