import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The settings that decide where a person's files are. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

export const here = (): Surroundings => ({
  env: process.env,
  platform: process.platform,
  home: homedir(),
});

/**
 * The person's folder of plugins that Terraform (from 1.5) and OpenTofu (from 1.6) both read, with
 * no configuration: an implied local mirror.
 *
 * That is `~/.terraform.d/plugins`, unless making `~/.terraform.d` would do harm: with XDG_CONFIG_HOME
 * or XDG_DATA_HOME set, OpenTofu keeps its credentials and plugins there only as long as there is no
 * `~/.terraform.d`. Terraform's folder by the XDG rules, or by Apple's, serves then.
 */
export function userMirror(surroundings: Surroundings): string {
  const { env, platform, home } = surroundings;
  const classic = classicMirror(surroundings);
  const movable = Boolean(env["XDG_CONFIG_HOME"] ?? "") || Boolean(env["XDG_DATA_HOME"] ?? "");
  if (platform === "win32" || !movable || existsSync(join(home, ".terraform.d"))) return classic;
  return applicationMirror(surroundings);
}

/** Every such folder of the person, also those that only one of the CLIs reads. */
export function userMirrors(surroundings: Surroundings): readonly string[] {
  const data = surroundings.env["XDG_DATA_HOME"] ?? "";
  return [
    classicMirror(surroundings),
    ...(data === "" || surroundings.platform === "win32"
      ? []
      : [join(data, "opentofu", "plugins")]),
    applicationMirror(surroundings),
  ];
}

const classicMirror = (surroundings: Surroundings): string =>
  surroundings.platform === "win32"
    ? join(roaming(surroundings), "terraform.d", "plugins")
    : join(surroundings.home, ".terraform.d", "plugins");

/** The folder for an application's data by each system's own rules; OpenTofu, too, reads Terraform's. */
function applicationMirror(surroundings: Surroundings): string {
  const { env, platform, home } = surroundings;
  if (platform === "win32") return join(roaming(surroundings), "HashiCorp", "Terraform", "plugins");
  if (platform === "darwin") {
    return join(home, "Library", "Application Support", "io.terraform", "plugins");
  }
  const data = env["XDG_DATA_HOME"] ?? "";
  return join(isAbsolute(data) ? data : join(home, ".local", "share"), "terraform", "plugins");
}

export const roaming = ({ env, home }: Surroundings): string =>
  env["APPDATA"] ?? join(home, "AppData", "Roaming");
