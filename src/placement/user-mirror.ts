import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";

/** The settings that decide where a person's files are. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Empty for a user without one, such as a container's with a foreign id. */
  readonly home: string;
}

export const here = (): Surroundings => ({
  env: process.env,
  platform: process.platform,
  home: homeFolder(),
});

function homeFolder(): string {
  try {
    return homedir() || userInfo().homedir;
  } catch {
    return "";
  }
}

/**
 * The person's folders of plugins that Terraform or OpenTofu reads with no configuration: implied
 * local mirrors. Terraform (from 1.5) and OpenTofu (from 1.6) both read the first.
 *
 * That is `~/.terraform.d/plugins`, unless making `~/.terraform.d` would do harm: with XDG_CONFIG_HOME
 * or XDG_DATA_HOME set, OpenTofu keeps its credentials and plugins there only as long as there is no
 * `~/.terraform.d`. Terraform's folder by the XDG rules, or by Apple's, serves then.
 */
export function userMirrors(surroundings: Surroundings): readonly string[] {
  const { env, platform, home } = surroundings;
  const classic = join(terraformFolder(surroundings), "plugins");
  if (platform === "win32") {
    return [classic, join(roaming(surroundings), "HashiCorp", "Terraform", "plugins")];
  }
  const data = env["XDG_DATA_HOME"] ?? "";
  const application =
    platform === "darwin"
      ? join(home, "Library", "Application Support", "io.terraform", "plugins")
      : join(isAbsolute(data) ? data : join(home, ".local", "share"), "terraform", "plugins");
  const movable = Boolean(env["XDG_CONFIG_HOME"]) || data !== "";
  const isSecond = movable && !existsSync(terraformFolder(surroundings));
  return [
    ...(isSecond ? [application, classic] : [classic, application]),
    ...(data === "" ? [] : [join(data, "opentofu", "plugins")]),
  ].filter(isAbsolute);
}

/** Terraform's folder in the person's own. */
export const terraformFolder = (surroundings: Surroundings): string =>
  surroundings.platform === "win32"
    ? join(roaming(surroundings), "terraform.d")
    : join(surroundings.home, ".terraform.d");

export const roaming = ({ env, home }: Surroundings): string =>
  env["APPDATA"] ?? join(home, "AppData", "Roaming");
