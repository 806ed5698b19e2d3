import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Simulator } from "../../src/simulator/index.js";
import { Canary, isState, type Leak } from "./canary.js";
import type { Cli, RunResult, Running } from "./cli.js";
import {
  makeWorkspace,
  type CommandOptions,
  type Environment,
  type Workspace,
} from "./workspace.js";
import { readZip } from "./zip.js";

/** A key that has to be escaped or encoded nearly everywhere, so that each form is another. */
export const CANARY_KEY = 'canary"key\\with+/=%&~and{40}more<characters>';

const STATE = "terraform.tfstate";

/**
 * A workspace with one webhook secret, in which everything is logged at TRACE, and everything that
 * is printed, logged or left in a file is searched for the API key and for secrets. The simulator's
 * key is {@link CANARY_KEY}.
 */
export class WatchedWorkspace {
  readonly folder: string;
  endpoint = "";
  readonly #workspace: Workspace;
  #canary: Canary;
  #inStreams: Leak[] = [];
  #logged = "";

  constructor(
    cli: Cli,
    private readonly simulator: Simulator,
    env: Environment = {},
  ) {
    this.#canary = new Canary(simulator.apiKey);
    this.#workspace = makeWorkspace(
      cli,
      {},
      {
        POLYAI_API_KEY: simulator.apiKey,
        POLYAI_BASE_URL: simulator.url,
        TF_LOG: "TRACE",
        ...env,
      },
    );
    this.folder = this.#workspace.folder;
    mkdirSync(this.temporary);
  }

  /** The temporary folder of everything that runs here. */
  get temporary(): string {
    return join(this.folder, "tmp");
  }

  /** Begins with an endpoint of its own, that no state knows yet. */
  async takeNewEndpoint(): Promise<void> {
    this.endpoint = (await this.simulator.createEndpoint()).id;
    rmSync(join(this.folder, STATE), { force: true });
    this.#watchSecrets();
  }

  /** Writes main.tf: the provider block or blocks, and the secret with these arguments. */
  configure(args: string, provider = ""): void {
    this.#workspace.write({
      "main.tf": `${provider}

resource "polyai_webhook_secret" "this" {
  endpoint_id = "${this.endpoint}"
  ${args}
}

output "secret" {
  value     = polyai_webhook_secret.this.signing_secret
  sensitive = true
}
`,
    });
  }

  async run(args: readonly string[], options: CommandOptions = {}): Promise<RunResult> {
    return this.start(args, options).result;
  }

  start(args: readonly string[], options: CommandOptions = {}): Running {
    this.#watchSecrets();
    const { child, result } = this.#workspace.start(args, {
      ...options,
      env: { TMPDIR: this.temporary, ...options.env },
    });
    return {
      child,
      result: result.then((ended) => {
        this.#watchSecrets();
        for (const stream of ["stdout", "stderr"] as const) {
          const bytes = Buffer.from(ended[stream]);
          this.#inStreams.push(...this.#canary.scan(`${stream} of ${args.join(" ")}`, bytes));
        }
        this.#logged += ended.stderr;
        return ended;
      }),
    };
  }

  /** Everything that was logged so far. */
  get logged(): string {
    return this.#logged;
  }

  /** The state file's text; undefined where there is none. */
  state(): string | undefined {
    return existsSync(join(this.folder, STATE)) ? this.#workspace.read(STATE) : undefined;
  }

  putState(text: string): void {
    this.#workspace.write({ [STATE]: text });
  }

  /** The secret in the state, if any. */
  storedSecret(): string | undefined {
    const text = this.state();
    if (text === undefined) return undefined;
    const { resources } = JSON.parse(text) as {
      resources: { instances: { attributes: Record<string, unknown> }[] }[];
    };
    return resources[0]?.instances[0]?.attributes["signing_secret"] as string | undefined;
  }

  /** Whether the state holds the secret with which PolyAI signs now. */
  stateIs(): "true" | "false" | "empty" {
    const stored = this.storedSecret();
    if (stored === undefined) return "empty";
    return stored === this.simulator.currentSecret(this.endpoint) ? "true" : "false";
  }

  /**
   * Where a key or a secret stands that must not, or has been printed since this was asked last.
   * States and saved plans may hold secrets; not the key.
   */
  takeLeaks(): readonly Leak[] {
    this.#watchSecrets();
    const mayHold = (file: string) => isState(file) || file.endsWith(".tfplan");
    const leaks = [...this.#inStreams, ...this.#canary.scanFolder(this.folder, mayHold)];
    this.#inStreams = [];
    // What was a secret until now is one no longer: it need not be looked for again.
    this.#canary = new Canary(this.simulator.apiKey);
    return leaks;
  }

  /** What stands in a saved plan, which is a zip archive. */
  inPlan(name: string): readonly Leak[] {
    return readZip(readFileSync(join(this.folder, name))).flatMap((entry) =>
      this.#canary.scan(entry.name, entry.bytes),
    );
  }

  remove(): void {
    this.#workspace.remove();
  }

  #watchSecrets(): void {
    const stored = this.storedSecret();
    if (stored !== undefined) this.#canary.watch(stored);
    if (this.endpoint !== "") this.#canary.watch(this.simulator.currentSecret(this.endpoint));
  }
}
