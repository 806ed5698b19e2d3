/** The CLI configuration: which files it is in, what it says of us, and what it ought to say. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { ADDRESSES } from "../placement/package.js";
import { roaming, terraformFolder, type Surroundings } from "../placement/user-mirror.js";

/** A file that says where providers come from; Terraform and OpenTofu look nowhere else then. */
export interface ProviderInstallation {
  readonly file: string;
  /** Folders that it names as mirrors. */
  readonly mirrors: readonly string[];
  /** True if it names anything else that a provider of ours can come from. */
  readonly hasOthers: boolean;
}

/** The first configuration file here that has a `provider_installation` block. */
export function providerInstallation(surroundings: Surroundings): ProviderInstallation | undefined {
  for (const file of configurationFiles(surroundings)) {
    const text = readFileSync(file, "utf8").replace(/^[ \t]*(?:#|\/\/).*$/gm, "");
    const start = /\bprovider_installation"?\s*(?:[:=]\s*)?[[{]/.exec(text);
    if (start === null) continue;
    const block = text.slice(start.index);
    const mirrors = block.matchAll(/\bfilesystem_mirror\b[^}]*?\bpath"?\s*[=:]\s*"([^"]*)"/g);
    return {
      file,
      mirrors: [...mirrors].map(([, path = ""]) => resolve(path)),
      hasOthers: /\b(network_mirror|oci_mirror|dev_overrides)\b/.test(block),
    };
  }
  return undefined;
}

const CACHE = /^[ \t]*"?plugin_cache_dir"?[ \t]*[=:][ \t]*"([^"]+)"/gm;

/** The folders that `init` may share providers in: those named, and the one that CDKTF's CLI names. */
export const pluginCaches = (surroundings: Surroundings): readonly string[] => [
  surroundings.env["TF_PLUGIN_CACHE_DIR"] || join(terraformFolder(surroundings), "plugin-cache"),
  ...configurationFiles(surroundings)
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(CACHE)])
    .map(([, folder = ""]) => folder.replace(/\$\{?HOME\}?/, surroundings.home)),
];

/** Those that are there. TF_CLI_CONFIG_FILE stands for all others. */
function configurationFiles(surroundings: Surroundings): readonly string[] {
  const { env, platform, home } = surroundings;
  const named = env["TF_CLI_CONFIG_FILE"] || env["TERRAFORM_CONFIG"];
  if (named) return existsSync(named) ? [named] : [];
  const folder = terraformFolder(surroundings);
  const further = existsSync(folder) ? readdirSync(folder) : [];
  return [
    ...(platform === "win32"
      ? ["terraform.rc", "tofu.rc"].map((name) => join(roaming(surroundings), name))
      : [".terraformrc", ".tofurc"].map((name) => join(home, name))),
    join(env["XDG_CONFIG_HOME"] ?? "", "opentofu", "tofurc"),
    ...further.filter((name) => /\.tfrc(\.json)?$/.test(name)).map((name) => join(folder, name)),
  ].filter((file) => isAbsolute(file) && existsSync(file));
}

/** Takes this provider from a mirror, and every other from where it came from before. */
export function mirrorConfiguration(mirror: string): string {
  const ours = ADDRESSES.map((address) => `\n      ${JSON.stringify(address)},`).join("");
  return `provider_installation {
  filesystem_mirror {
    path = ${JSON.stringify(mirror)}
    include = [${ours}
    ]
  }
  direct {
    exclude = [${ours}
    ]
  }
}
`;
}
