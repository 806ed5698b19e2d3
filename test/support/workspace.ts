/** A folder that a person could run Terraform in, with the built plugin placed beside the HCL. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type Cli,
  ROOT,
  type RunOptions,
  type RunResult,
  type Running,
  run,
  start,
  succeed,
} from "./cli.js";

const { name: PACKAGE, version: VERSION } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
) as { name: string; version: string };

export const PROVIDER_ADDRESS = "registry.terraform.io/polyai/polyai";
export const PROVIDER_VERSION = VERSION;

/** The plugin's file name, as Terraform looks for it in a package folder. */
export const PLUGIN_NAME = `${PACKAGE}_v${VERSION}`;

/** What Terraform finds in a package folder: the files of the built plugin. */
export const PLUGIN_FOLDER = join(ROOT, "dist/plugin");

/**
 * What Terraform starts: the launcher of the built plugin, or with POLYAI_PROVIDER_RUNTIME=executable
 * the executable for this machine, which scripts/test-executable.mjs makes.
 */
export const PLUGIN =
  process.env.POLYAI_PROVIDER_RUNTIME === "executable"
    ? join(ROOT, ".cache/executable", platformName(), PLUGIN_NAME)
    : join(PLUGIN_FOLDER, PLUGIN_NAME);

/** Written as versions.tf into every workspace that brings none. */
export const REQUIRED_PROVIDERS = `terraform {
  required_providers {
    polyai = {
      source  = "${PROVIDER_ADDRESS}"
      version = "${VERSION}"
    }
  }
}
`;

export type Environment = NonNullable<RunOptions["env"]>;

export interface CommandOptions extends Omit<RunOptions, "cwd"> {
  /** More arguments, after the helper's own. */
  readonly args?: readonly string[];
}

export interface Workspace {
  readonly folder: string;
  /** Writes files (names relative to the folder), over those of the same name. */
  write(files: Readonly<Record<string, string>>): void;
  /** A file's text. */
  read(name: string): string;
  /** Any command, run to its end. */
  run(args: readonly string[], options?: CommandOptions): Promise<RunResult>;
  /** Any command, started. */
  start(args: readonly string[], options?: CommandOptions): Running;
  /** `init`; throws where it fails. */
  init(options?: CommandOptions): Promise<RunResult>;
  validate(options?: CommandOptions): Promise<RunResult>;
  /** `plan -detailed-exitcode`: code 0 for no changes, 2 for changes, 1 for an error. */
  plan(options?: CommandOptions): Promise<RunResult>;
  /** Plans and gives the plan as `show -json` has it; throws where planning fails. */
  planJson(options?: CommandOptions): Promise<PlanJson>;
  apply(options?: CommandOptions): Promise<RunResult>;
  destroy(options?: CommandOptions): Promise<RunResult>;
  /** The state as `show -json` has it, sensitive values and all. */
  stateJson(options?: CommandOptions): Promise<StateJson>;
  /** The attributes of one managed resource in state; undefined where it is not in state. */
  attributes(address: string, options?: CommandOptions): Promise<Attributes | undefined>;
  /** All outputs, sensitive ones too. */
  outputs(options?: CommandOptions): Promise<Readonly<Record<string, OutputJson>>>;
  remove(): void;
}

export type Attributes = Readonly<Record<string, unknown>>;

export interface OutputJson {
  readonly sensitive: boolean;
  readonly type: unknown;
  readonly value: unknown;
}

export interface StateJson {
  readonly values?: {
    readonly outputs?: Readonly<Record<string, OutputJson>>;
    readonly root_module: {
      readonly resources?: readonly {
        readonly address: string;
        readonly type: string;
        readonly values: Attributes;
        readonly sensitive_values: Attributes;
      }[];
    };
  };
}

export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Attributes | null;
      readonly after: Attributes | null;
      readonly after_unknown: Attributes;
      readonly replace_paths?: readonly (readonly (string | number)[])[];
    };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

const open = new Set<Workspace>();

// Outside of jest, whoever makes a workspace removes it.
if (typeof afterAll === "function") {
  afterAll(() => {
    for (const workspace of open) workspace.remove();
  });
}

/**
 * Makes a workspace for a CLI in a temporary folder, which is removed when the test file is done.
 *
 * @param files HCL and other files by name.
 * @param env for every command run in it, such as POLYAI_API_KEY.
 */
export function makeWorkspace(
  cli: Cli,
  files: Readonly<Record<string, string>>,
  env: Environment = {},
): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "polyai-workspace-"));
  const started = (args: readonly string[], options: CommandOptions = {}): Running =>
    start(cli, [...args, ...(options.args ?? [])], withDefaults(options));
  const withDefaults = (options: CommandOptions): RunOptions => ({
    ...options,
    cwd: folder,
    env: { ...env, ...options.env },
  });
  const json = async <T>(args: readonly string[], options: CommandOptions = {}): Promise<T> => {
    const { stdout } = await succeed(run(cli, args, withDefaults(options)));
    return JSON.parse(stdout) as T;
  };

  const workspace: Workspace = {
    folder,
    write(more) {
      for (const [name, text] of Object.entries(more)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
    read: (name) => readFileSync(join(folder, name), "utf8"),
    run: (args, options) => started(args, options).result,
    start: started,
    init: (options) => succeed(workspace.run(["init", ...QUIET], options)),
    validate: (options) => workspace.run(["validate", "-no-color"], options),
    plan: (options) => workspace.run(["plan", ...QUIET, "-detailed-exitcode"], options),
    async planJson(options) {
      await succeed(workspace.run(["plan", ...QUIET, "-out=plan.tfplan"], options));
      return json(["show", "-json", "plan.tfplan"], options);
    },
    apply: (options) => workspace.run(["apply", ...QUIET, "-auto-approve"], options),
    destroy: (options) => workspace.run(["destroy", ...QUIET, "-auto-approve"], options),
    stateJson: (options) => json(["show", "-json"], options),
    async attributes(address, options) {
      const state = await workspace.stateJson(options);
      return state.values?.root_module.resources?.find((r) => r.address === address)?.values;
    },
    outputs: (options) => json(["output", "-json"], options),
    remove() {
      rmSync(folder, { recursive: true, force: true });
      open.delete(workspace);
    },
  };
  open.add(workspace);
  placePlugin(folder);
  workspace.write({ "home/cli.tfrc": "", "versions.tf": REQUIRED_PROVIDERS, ...files });
  return workspace;
}

const QUIET = ["-input=false", "-no-color"] as const;

/** Puts the built plugin where Terraform finds it with no registry and no configuration. */
export function placePlugin(folder: string): void {
  const target = join(folder, "terraform.d/plugins", PROVIDER_ADDRESS, VERSION, platformName());
  // Of an executable, nothing else belongs to it.
  const source = dirname(PLUGIN) === PLUGIN_FOLDER ? PLUGIN_FOLDER : PLUGIN;
  cpSync(source, source === PLUGIN ? join(target, PLUGIN_NAME) : target, { recursive: true });
}

/** This machine's platform in Terraform's words, such as linux_amd64. */
export function platformName(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
