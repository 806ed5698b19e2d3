import type { Leak } from "../support/canary.js";
import type { Cli, RunResult } from "../support/cli.js";
import { WatchedWorkspace } from "../support/watched-workspace.js";
import type { Environment } from "../support/workspace.js";
import type { Surroundings } from "./surroundings.js";

/** What a run said, from Terraform's machine-readable output. */
export interface Said {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
}

export interface Applied {
  readonly code: number | null;
  readonly said: readonly Said[];
}

const PROVIDER = `provider "polyai" {
  max_retries     = 1
  request_timeout = 2
}`;

/** One person with one webhook secret under one CLI, for one row of the matrix after the other. */
export class Bench {
  trigger = 0;
  readonly #workspace: WatchedWorkspace;

  private constructor(cli: Cli, surroundings: Surroundings) {
    this.#workspace = new WatchedWorkspace(cli, surroundings.simulator);
  }

  static async start(cli: Cli, surroundings: Surroundings): Promise<Bench> {
    const bench = new Bench(cli, surroundings);
    const { code, stderr } = await bench.#workspace.run(["init", "-input=false"]);
    if (code !== 0) throw new Error(`init failed:\n${stderr}`);
    return bench;
  }

  get endpoint(): string {
    return this.#workspace.endpoint;
  }

  /** An endpoint of its own that no state knows yet. */
  async beginAnew(): Promise<void> {
    await this.#workspace.takeNewEndpoint();
    this.setTrigger(1);
  }

  /** A state that holds the secret that is valid. */
  async beginWithSecret(): Promise<void> {
    if (this.endpoint !== "" && this.stateIs() === "true") return;
    await this.beginAnew();
    const { code, said } = await this.apply();
    if (code !== 0) {
      throw new Error(`Could not create a secret to begin with: ${said[0]?.detail ?? ""}`);
    }
  }

  setTrigger(trigger: number): void {
    this.trigger = trigger;
    this.#workspace.configure(`rotation_trigger = "${trigger}"`, PROVIDER);
  }

  async apply(env: Environment = {}, ...args: readonly string[]): Promise<Applied> {
    const run = await this.#run(["apply", "-auto-approve", ...args], env);
    return { code: run.code, said: readDiagnostics(run.stdout) };
  }

  /** Whether a plan finds anything to do. @throws Error where it fails */
  async plansSomething(): Promise<boolean> {
    const { code, stdout } = await this.#run(["plan", "-detailed-exitcode"]);
    if (code === 0 || code === 2) return code === 2;
    throw new Error(`The plan failed: ${readDiagnostics(stdout)[0]?.summary ?? ""}`);
  }

  state = (): string | undefined => this.#workspace.state();
  putState = (text: string): void => this.#workspace.putState(text);
  storedSecret = (): string | undefined => this.#workspace.storedSecret();
  stateIs = (): "true" | "false" | "empty" => this.#workspace.stateIs();
  takeLeaks = (): readonly Leak[] => this.#workspace.takeLeaks();
  remove = (): void => this.#workspace.remove();

  #run(args: readonly string[], env: Environment = {}): Promise<RunResult> {
    const [command = "", ...rest] = args;
    return this.#workspace.run([command, "-input=false", "-json", ...rest], { env });
  }
}

interface Line {
  readonly diagnostic?: Said;
}

const readDiagnostics = (stdout: string): readonly Said[] =>
  stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line)
    .flatMap(({ diagnostic }) => (diagnostic === undefined ? [] : [diagnostic]));
