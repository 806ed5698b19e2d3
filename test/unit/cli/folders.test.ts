import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { userMirrors, type Surroundings } from "../../../src/cli/folders.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "polyai-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const mirror = (platform: NodeJS.Platform, env: Surroundings["env"] = {}) =>
  userMirrors({ platform, env, home })[0]?.replace(home, "~");

describe("the first of userMirrors", () => {
  it.each(["linux", "darwin"] as const)("is ~/.terraform.d/plugins on %s", (platform) => {
    expect(mirror(platform)).toBe("~/.terraform.d/plugins");
    expect(mirror(platform, { XDG_CONFIG_HOME: "", XDG_DATA_HOME: "" })).toBe(
      "~/.terraform.d/plugins",
    );
  });

  it.each([
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/terraform/plugins"],
    ["linux", { XDG_CONFIG_HOME: "/config" }, "~/.local/share/terraform/plugins"],
    [
      "darwin",
      { XDG_CONFIG_HOME: "/config" },
      "~/Library/Application Support/io.terraform/plugins",
    ],
  ] as const)("makes no ~/.terraform.d on %s with %p, but uses %s", (platform, env, expected) => {
    expect(mirror(platform, env)).toBe(expected);
    mkdirSync(join(home, ".terraform.d"));
    expect(mirror(platform, env)).toBe("~/.terraform.d/plugins");
  });

  it("is in the roaming application data on Windows", () => {
    const env = { APPDATA: "/roaming", XDG_CONFIG_HOME: "/config" };
    expect(mirror("win32", env)).toBe("/roaming/terraform.d/plugins");
  });

  it("is an absolute path, for a user without a home folder too", () => {
    const foreign = { platform: "linux", home: "" } as const;
    expect(userMirrors({ ...foreign, env: {} })).toEqual([]);
    expect(userMirrors({ ...foreign, env: { XDG_DATA_HOME: "/data" } })).toEqual([
      "/data/terraform/plugins",
      "/data/opentofu/plugins",
    ]);
  });
});
