import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Simulator } from "../../src/simulator/index.js";
import { ALICE, BOB } from "./age.js";
import { Canary, isState, type Leak } from "./canary.js";
import { type Cli, type RunResult, type Running } from "./cli.js";
import { accessTo } from "./simulator.js";
import { temporaryFolder } from "./temporary-folder.js";
import {
  secretOf,
  STATE_FILE,
  Workspace,
  type CommandOptions,
  type Environment,
  type Files,
} from "./workspace.js";
import { readZip } from "./zip.js";

interface Options {
  /** Files besides main.tf, or instead of it. */
  readonly files?: Files;
  readonly env?: Environment;
  /** Puts further providers into the folder, before `init`. */
  readonly place?: (folder: string) => void;
}

/**
 * A workspace with one webhook secret, `polyai_webhook_secret.this`, of an endpoint of its own.
 * Everything is logged at TRACE, into trace.log, and {@link leaks} searches all that was printed,
 * logged or left in a file for the API key, for age's identities, and for each secret that the
 * endpoint ever had.
 */
export class SecretWorkspace extends Workspace {
  static readonly ADDRESS = "polyai_webhook_secret.this";
  endpoint = "";
  readonly #canary: Canary;
  readonly #printed: Leak[] = [];

  /** @param args of the resource in main.tf; begins with `init` done */
  static async begin(
    cli: Cli,
    simulator: Simulator,
    args = "",
    { files = {}, env = {}, place }: Options = {},
  ): Promise<SecretWorkspace> {
    const workspace = new SecretWorkspace(cli, simulator, env);
    await workspace.takeNewEndpoint();
    workspace.configure(args);
    workspace.withPlugin(files);
    place?.(workspace.folder);
    await workspace.init();
    return workspace;
  }

  private constructor(
    cli: Cli,
    private readonly simulator: Simulator,
    env: Environment,
  ) {
    super(cli, temporaryFolder(), { ...accessTo(simulator), ...env });
    this.#canary = new Canary(simulator.apiKey);
    for (const { identity } of [ALICE, BOB]) this.#canary.watch(identity, "an identity");
    mkdirSync(this.temporary);
  }

  /** The temporary folder of everything that runs here. */
  get temporary(): string {
    return join(this.folder, "tmp");
  }

  /** Goes on with another endpoint, which no state knows. */
  async takeNewEndpoint(): Promise<void> {
    this.endpoint = (await this.simulator.createEndpoint()).id;
    rmSync(join(this.folder, STATE_FILE), { force: true });
  }

  /** Writes main.tf: the secret with these arguments, and more HCL. */
  configure(args: string, more = ""): void {
    this.write({ "main.tf": more + secretOf(this.endpoint, args) });
  }

  override start(args: readonly string[], options: CommandOptions = {}): Running {
    this.#watchSecrets();
    const { child, result } = super.start(args, {
      ...options,
      env: {
        TMPDIR: this.temporary,
        TF_LOG: "TRACE",
        TF_LOG_PATH: join(this.folder, "trace.log"),
        TF_VAR_endpoint_id: this.endpoint,
        ...options.env,
      },
    });
    const searched = result.then((ended) => {
      this.#watchSecrets();
      for (const stream of ["stdout", "stderr"] as const) {
        const bytes = Buffer.from(ended[stream]);
        this.#printed.push(...this.#canary.scan(`${stream} of ${args.join(" ")}`, bytes));
      }
      return ended;
    });
    return { child, result: searched };
  }

  /** `apply`, which must succeed without a warning on stderr. */
  async applies(options?: CommandOptions): Promise<RunResult> {
    const result = await this.apply(options);
    expect([result.code, result.stderr]).toEqual([0, ""]);
    return result;
  }

  /** The secret in the state, if any. */
  storedSecret(): string | undefined {
    const secret = this.state().resources?.find(({ type }) => type === "polyai_webhook_secret");
    const stored = secret?.instances[0]?.attributes["signing_secret"];
    return typeof stored === "string" ? stored : undefined;
  }

  currentSecret(): string {
    return this.simulator.currentSecret(this.endpoint);
  }

  rotations(): number {
    return this.simulator.rotations(this.endpoint);
  }

  /**
   * The places that show the key, a secret or an identity: in print, in a file, inside a saved plan.
   *
   * @param inState whether states and saved plans may hold secrets (never the key)
   */
  leaks(inState: "secrets in state" | "no secret in state" = "secrets in state"): readonly Leak[] {
    this.#watchSecrets();
    const mayHold = (file: string) =>
      inState === "secrets in state" && (isState(file) || file.endsWith(".tfplan"));
    const plans = readdirSync(this.folder).filter((name) => name.endsWith(".tfplan"));
    return [
      ...this.#printed,
      ...this.#canary.scanFolder(this.folder, mayHold),
      ...(inState === "secrets in state" ? [] : plans.flatMap((name) => this.inPlan(name))),
    ];
  }

  /** The leaks in a saved plan: a zip archive, unless OpenTofu has encrypted it. */
  inPlan(name: string): readonly Leak[] {
    const bytes = readFileSync(join(this.folder, name));
    if (bytes.toString("latin1", 0, 2) !== "PK") return this.#canary.scan(name, bytes);
    return readZip(bytes).flatMap((entry) => this.#canary.scan(entry.name, entry.bytes));
  }

  #watchSecrets(): void {
    const stored = this.storedSecret();
    if (stored !== undefined) this.#canary.watch(stored);
    this.#canary.watch(this.currentSecret());
  }
}
