import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { zipSync } from "fflate";
import { findClis, getClis } from "../../../scripts/cli.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

afterEach(() => jest.restoreAllMocks());

/** Looks for releases of OpenTofu at a port of this machine, on a machine that has none. */
const releasesAt = (port: number) => {
  const folder = temporaryFolder();
  jest.replaceProperty(process, "env", {
    PATH: join(folder, "bin"),
    XDG_CACHE_HOME: folder,
    TOFU_RELEASES_URL: `http://127.0.0.1:${port}`,
  });
};

it("getting OpenTofu's release refuses an archive whose checksum is not the pinned one", async () => {
  const archive = zipSync({ tofu: Buffer.from("#!/bin/sh\necho OpenTofu v1.12.6\n") });
  const server = createServer((request, response) => {
    response.writeHead(request.url?.endsWith(".zip") ? 200 : 404).end(archive);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  releasesAt((server.address() as AddressInfo).port);
  await expect(getClis("tofu")).rejects.toThrow(/has SHA-256 \w{64}, but \w{64} is pinned/);
  expect(findClis()).toEqual([]);
  server.close();
});

it("getting OpenTofu's release says what to install if there is neither one nor Go", async () => {
  releasesAt(1);
  await expect(getClis("tofu")).rejects.toThrow("Install Terraform 1.5 or OpenTofu 1.6 or newer");
});
