import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  mirrorConfiguration,
  pluginCaches,
  providerInstallation,
} from "../../../src/cli/cli-configuration.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "polyai-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const BLOCK = mirrorConfiguration("/opt/mirror");

function found(files: Readonly<Record<string, string>>, env: Record<string, string> = {}) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  return providerInstallation({ platform: "linux", env, home });
}

it.each([".terraformrc", ".tofurc", ".terraform.d/mine.tfrc"])(
  "finds a provider_installation block in ~/%s",
  (name) => {
    expect(found({ [name]: `plugin_cache_dir = "/cache"\n${BLOCK}` })).toEqual({
      file: join(home, name),
      mirrors: ["/opt/mirror"],
      hasOthers: false,
    });
  },
);

it("finds it in JSON, where OpenTofu's configuration follows XDG", () => {
  const text = JSON.stringify({
    provider_installation: [
      { filesystem_mirror: { path: "/a" } },
      { network_mirror: { url: "x" } },
    ],
  });
  const file = join(home, "config/opentofu/tofurc");
  expect(
    found({ "config/opentofu/tofurc": text }, { XDG_CONFIG_HOME: join(home, "config") }),
  ).toEqual({ file, mirrors: ["/a"], hasOthers: true });
});

it("reads the file that TF_CLI_CONFIG_FILE names and no other", () => {
  const env = { TF_CLI_CONFIG_FILE: join(home, "mine.tfrc") };
  expect(found({ ".terraformrc": BLOCK }, env)).toBeUndefined();
  expect(found({ "mine.tfrc": BLOCK }, env)?.file).toBe(join(home, "mine.tfrc"));
});

it("takes no comment for a block", () => {
  expect(
    found({ ".terraformrc": `# provider_installation {\n// ${BLOCK.split("\n")[0]!}\n` }),
  ).toBe(undefined);
});

it("lists every folder of a block that has several", () => {
  const text = `provider_installation {
    filesystem_mirror { path = "/a" }
    filesystem_mirror {
      include = ["example.com/*/*"]
      path    = "/b"
    }
    direct {}
  }`;
  expect(found({ ".terraformrc": text })?.mirrors).toEqual(["/a", "/b"]);
});

it("lists the plugin caches: CDKTF's or the variable's, and the one of a configuration", () => {
  const caches = (env: Record<string, string>) => pluginCaches({ platform: "linux", env, home });
  expect(caches({})).toEqual([join(home, ".terraform.d/plugin-cache")]);
  writeFileSync(join(home, ".terraformrc"), '# \nplugin_cache_dir   = "$HOME/cache"\n');
  expect(caches({ TF_PLUGIN_CACHE_DIR: "/cache" })).toEqual(["/cache", join(home, "cache")]);
});
