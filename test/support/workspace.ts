/** A folder that a person could run Terraform in, with the built plugin placed beside the HCL. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { name as PACKAGE, version as PROVIDER_VERSION } from "../../package.json";
import { PROVIDER_ADDRESS } from "../../src/facts.js";
import { thisPlatform } from "../../src/placement/package.js";
import {
  type Cli,
  ROOT,
  type RunOptions,
  type RunResult,
  type Running,
  start,
  succeed,
} from "./cli.js";
import { temporaryFolder } from "./temporary-folder.js";

export { PROVIDER_ADDRESS, PROVIDER_VERSION };

/** The plugin's file name, as Terraform looks for it in a package folder. */
export const PLUGIN_NAME = `${PACKAGE}_v${PROVIDER_VERSION}`;

/** The files of the built plugin, as Terraform finds them in a package folder. */
export const PLUGIN_FOLDER = join(ROOT, "dist/plugin");

/**
 * The program that Terraform starts: the launcher of the built plugin, or with POLYAI_PROVIDER_RUNTIME=executable
 * the executable for this machine, which scripts/release.ts makes.
 */
export const PLUGIN =
  process.env.POLYAI_PROVIDER_RUNTIME === "executable"
    ? join(ROOT, ".cache/release", thisPlatform(), PLUGIN_NAME)
    : join(PLUGIN_FOLDER, PLUGIN_NAME);

/** Written as versions.tf into every workspace that brings none. */
export const REQUIRED_PROVIDERS = `terraform {
  required_providers {
    polyai = {
      source  = "${PROVIDER_ADDRESS}"
      version = "${PROVIDER_VERSION}"
    }
  }
}
`;

/** A secret with these arguments, and the output that shows it. */
export const secretOf = (endpointId: string, args = ""): string => `
resource "polyai_webhook_secret" "this" {
  endpoint_id = "${endpointId}"
  ${args}
}

output "secret" {
  value     = polyai_webhook_secret.this.signing_secret
  sensitive = true
}
`;

export type Environment = NonNullable<RunOptions["env"]>;

export interface CommandOptions extends Omit<RunOptions, "cwd"> {
  /** More arguments, after the helper's own. */
  readonly args?: readonly string[];
}

export type Files = Readonly<Record<string, string>>;

export type Attributes = Readonly<Record<string, unknown>>;

export const STATE_FILE = "terraform.tfstate";

/** The state as it stands in the file. */
export interface State {
  readonly resources?: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly attributes: Record<string, unknown>;
      readonly identity?: unknown;
    }[];
  }[];
}

const QUIET = ["-input=false", "-no-color"] as const;

export class Workspace {
  /**
   * A folder whose configuration and plugin are there already, such as a synthesized stack.
   *
   * @param env for every command run in it, such as POLYAI_API_KEY
   */
  constructor(
    readonly cli: Cli,
    readonly folder: string,
    private readonly env: Environment = {},
  ) {
    this.write({ "home/cli.tfrc": "" });
  }

  /**
   * A temporary folder with the plugin, versions.tf and these files.
   *
   * @param files HCL and other files by name
   */
  static make(cli: Cli, files: Files = {}, env: Environment = {}): Workspace {
    return new Workspace(cli, temporaryFolder(), env).withPlugin(files);
  }

  protected withPlugin(files: Files): this {
    placePlugin(this.folder);
    this.write({ "versions.tf": REQUIRED_PROVIDERS, ...files });
    return this;
  }

  /** Writes files (names relative to the folder), over those of the same name. */
  write(files: Files): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  /** A file's text. */
  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  /** The state file's content; empty without one. */
  state(): State {
    return this.has(STATE_FILE) ? (JSON.parse(this.read(STATE_FILE)) as State) : {};
  }

  /** Any command, started. */
  start(args: readonly string[], options: CommandOptions = {}): Running {
    return start(this.cli, [...args, ...(options.args ?? [])], {
      ...options,
      cwd: this.folder,
      env: { ...this.env, ...options.env },
    });
  }

  /** Any command, run to its end. */
  run(args: readonly string[], options?: CommandOptions): Promise<RunResult> {
    return this.start(args, options).result;
  }

  /** `init`; throws if it fails. */
  init(options?: CommandOptions): Promise<RunResult> {
    return succeed(this.run(["init", ...QUIET], options));
  }

  validate(options?: CommandOptions): Promise<RunResult> {
    return this.run(["validate", "-no-color"], options);
  }

  /** `plan -detailed-exitcode`: code 0 for no changes, 2 for changes, 1 for an error. */
  plan(options?: CommandOptions): Promise<RunResult> {
    return this.run(["plan", ...QUIET, "-detailed-exitcode"], options);
  }

  apply(options?: CommandOptions): Promise<RunResult> {
    return this.run(["apply", ...QUIET, "-auto-approve"], options);
  }

  destroy(options?: CommandOptions): Promise<RunResult> {
    return this.run(["destroy", ...QUIET, "-auto-approve"], options);
  }

  /** The attributes of one resource in state; undefined if it is not in state. */
  attributes(address: string): Attributes | undefined {
    const [type, name] = address.split(".");
    const found = this.state().resources?.find((each) => each.type === type && each.name === name);
    return found?.instances[0]?.attributes;
  }

  /** The values of all outputs, sensitive ones too. They are not searched for secrets. */
  async outputs(): Promise<Attributes> {
    const running = Workspace.prototype.start.call(this, ["output", "-json"]);
    const { stdout } = await succeed(running.result);
    const outputs = JSON.parse(stdout) as Readonly<Record<string, { value: unknown }>>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }
}

/** Puts the built plugin where Terraform finds it with no registry and no configuration. */
export function placePlugin(folder: string): void {
  const target = join(
    folder,
    "terraform.d/plugins",
    PROVIDER_ADDRESS,
    PROVIDER_VERSION,
    thisPlatform(),
  );
  // Of an executable, nothing else belongs to it.
  const source = dirname(PLUGIN) === PLUGIN_FOLDER ? PLUGIN_FOLDER : PLUGIN;
  cpSync(source, source === PLUGIN ? join(target, PLUGIN_NAME) : target, { recursive: true });
}
