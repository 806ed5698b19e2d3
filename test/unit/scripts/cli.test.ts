import { join } from "node:path";
import { zipSync } from "fflate";
import { findClis, getClis } from "../../../scripts/cli.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { closeAll, serve } from "../polyai/server.js";

afterEach(() => jest.restoreAllMocks());

/** Looks for releases of OpenTofu at a URL, on a machine that has none. */
const releasesAt = (url: string) => {
  const folder = temporaryFolder();
  jest.replaceProperty(process, "env", {
    PATH: join(folder, "bin"),
    XDG_CACHE_HOME: folder,
    TOFU_RELEASES_URL: url,
  });
};

it("getting OpenTofu's release refuses an archive whose checksum is not the pinned one", async () => {
  const archive = zipSync({ tofu: Buffer.from("#!/bin/sh\necho OpenTofu v1.12.6\n") });
  const { url } = await serve((response, _, { path }) => {
    response.writeHead(path.endsWith(".zip") ? 200 : 404).end(archive);
  });
  releasesAt(url);
  await expect(getClis("tofu")).rejects.toThrow(/has SHA-256 \w{64}, but \w{64} is pinned/);
  expect(findClis()).toEqual([]);
  await closeAll();
});

it("getting OpenTofu's release says what to install if there is neither one nor Go", async () => {
  releasesAt("http://127.0.0.1:1");
  await expect(getClis("tofu")).rejects.toThrow("Install Terraform 1.5 or OpenTofu 1.6 or newer");
});
