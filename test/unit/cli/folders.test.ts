import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { userMirror, userMirrors, type Surroundings } from "../../../src/cli/folders.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "polyai-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const mirror = (platform: NodeJS.Platform, env: Surroundings["env"] = {}) =>
  userMirror({ platform, env, home }).replace(home, "~");

describe("userMirror", () => {
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

  it.each([
    ["linux", {}],
    ["linux", { XDG_DATA_HOME: "/data" }],
    ["darwin", { XDG_CONFIG_HOME: "/config" }],
    ["win32", { APPDATA: "/roaming" }],
  ] as const)("is among all that are read, on %s with %p", (platform, env) => {
    const surroundings = { platform, env, home };
    expect(userMirrors(surroundings)).toContain(userMirror(surroundings));
  });
});
