import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  mirrorConfiguration,
  pluginCaches,
  providerInstallation,
} from "../../../src/cli/cli-configuration.js";
import { userMirrors, type Surroundings } from "../../../src/placement/user-mirror.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

let home: string;
beforeEach(() => {
  home = temporaryFolder();
});

type Env = Surroundings["env"];
const linux = (env: Env): Surroundings => ({ platform: "linux", env, home });

describe("the first of userMirrors", () => {
  const mirror = (platform: NodeJS.Platform, env: Env = {}) =>
    userMirrors({ platform, env, home })[0]?.replace(home, "~");
  const CLASSIC = "~/.terraform.d/plugins";
  const config = { XDG_CONFIG_HOME: "/config" };

  it.each<[NodeJS.Platform, Env, string]>([
    ["linux", {}, CLASSIC],
    ["darwin", { XDG_CONFIG_HOME: "", XDG_DATA_HOME: "" }, CLASSIC],
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/terraform/plugins"],
    ["linux", config, "~/.local/share/terraform/plugins"],
    ["darwin", config, "~/Library/Application Support/io.terraform/plugins"],
    ["win32", { APPDATA: "/roaming", ...config }, "/roaming/terraform.d/plugins"],
  ])("on %s with %j is %s", (platform, env, expected) => {
    expect(mirror(platform, env)).toBe(expected);
    if (platform === "win32") return;
    mkdirSync(join(home, ".terraform.d"));
    expect(mirror(platform, env)).toBe(CLASSIC);
  });

  it("is an absolute path, for a user without a home folder too", () => {
    home = "";
    expect(userMirrors(linux({}))).toEqual([]);
    const names = ["terraform", "opentofu"].map((name) => `/data/${name}/plugins`);
    expect(userMirrors(linux({ XDG_DATA_HOME: "/data" }))).toEqual(names);
  });
});

describe("a CLI configuration", () => {
  const BLOCK = mirrorConfiguration("/opt/mirror");
  const SEVERAL = `provider_installation {
    filesystem_mirror { path = "/a" }
    filesystem_mirror {
      include = ["example.com/*/*"]
      path    = "/b"
    }
    direct {}
  }`;
  const JSON_BLOCK = JSON.stringify({
    provider_installation: [
      { filesystem_mirror: { path: "/a" } },
      { network_mirror: { url: "x" } },
    ],
  });
  const foundIn = (name: string, text: string, env: Env = {}) => {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
    return providerInstallation(linux(env));
  };

  it.each<[string, string, readonly string[], boolean]>([
    [".terraformrc", `plugin_cache_dir = "/cache"\n${BLOCK}`, ["/opt/mirror"], false],
    [".tofurc", BLOCK, ["/opt/mirror"], false],
    [".terraform.d/mine.tfrc", SEVERAL, ["/a", "/b"], false],
    ["config/opentofu/tofurc", JSON_BLOCK, ["/a"], true],
  ])("has its provider_installation block found in ~/%s", (name, text, mirrors, hasOthers) => {
    const env = { XDG_CONFIG_HOME: join(home, "config") };
    expect(foundIn(name, text, env)).toEqual({ file: join(home, name), mirrors, hasOthers });
  });

  it("is the file that TF_CLI_CONFIG_FILE names and no other", () => {
    const env = { TF_CLI_CONFIG_FILE: join(home, "mine.tfrc") };
    expect(foundIn(".terraformrc", BLOCK, env)).toBeUndefined();
    expect(foundIn("mine.tfrc", BLOCK, env)?.file).toBe(env.TF_CLI_CONFIG_FILE);
  });

  it("has no block in a comment", () => {
    const text = `# provider_installation {\n// ${BLOCK.split("\n")[0]!}\n`;
    expect(foundIn(".terraformrc", text)).toBeUndefined();
  });

  it("names a plugin cache, beside CDKTF's or the variable's", () => {
    expect(pluginCaches(linux({}))).toEqual([join(home, ".terraform.d/plugin-cache")]);
    foundIn(".terraformrc", '# \nplugin_cache_dir   = "$HOME/cache"\n');
    const caches = pluginCaches(linux({ TF_PLUGIN_CACHE_DIR: "/cache" }));
    expect(caches).toEqual(["/cache", join(home, "cache")]);
  });
});
