import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "../../src/simulator/index.js";
import { newKey, open, type Key } from "./age.js";
import { Canary, type Leak } from "./canary.js";
import { type Cli, type RunResult } from "./cli.js";
import {
  makeWorkspace,
  type CommandOptions,
  type Environment,
  type Workspace,
} from "./workspace.js";
import { readZip } from "./zip.js";

export type Files = Readonly<Record<string, string>>;

/** The secret in {@link secretResource}. */
export const ADDRESS = "polyai_webhook_secret.this";

/** HCL of the endpoint's secret with these arguments. */
export const secretResource = (args: string): Record<"main.tf", string> => ({
  "main.tf": `
variable "endpoint_id" {
  type = string
}

resource "polyai_webhook_secret" "this" {
  endpoint_id = var.endpoint_id
  ${args}
}
`,
});

/** Encrypts to these. */
export const encryptTo = (...keys: readonly Key[]): string =>
  `encrypt_to = ${JSON.stringify(keys.map(({ recipient }) => recipient))}`;

/** What stays with whoever decrypts: it is searched for as the secrets are. */
const identities: string[] = [];

/** A key whose identity no workspace may show. */
export async function newWatchedKey(): Promise<Key> {
  const key = await newKey();
  identities.push(key.identity);
  return key;
}

/** Words as they were before Terraform wrapped them in a box. */
export const text = ({ stdout, stderr }: RunResult): string =>
  `${stdout}\n${stderr}`.replace(/^[│╷╵]\s?/gm, "").replace(/\s*\n\s*/g, " ");

const sinkFolders: string[] = [];
afterAll(() => {
  for (const folder of sinkFolders) rmSync(folder, { recursive: true });
});

/** A workspace that is searched, every byte of it, for every secret that the endpoint ever had. */
export class SearchedWorkspace {
  readonly #workspace: Workspace;
  readonly #canary: Canary;
  readonly #printed: Leak[] = [];
  readonly #sinkFolder = mkdtempSync(join(tmpdir(), "polyai-sink-"));

  /** Begins with an endpoint of its own, and with what is placed in the folder before `init`. */
  static async begin(
    cli: Cli,
    simulator: Simulator,
    files: Files,
    env: Environment = {},
    place: (folder: string) => void = () => undefined,
  ): Promise<SearchedWorkspace> {
    const { id } = await simulator.createEndpoint();
    const workspace = new SearchedWorkspace(cli, simulator, id, files, env);
    place(workspace.folder);
    await workspace.succeeds(["init"]);
    return workspace;
  }

  private constructor(
    cli: Cli,
    private readonly simulator: Simulator,
    readonly endpoint: string,
    files: Files,
    env: Environment,
  ) {
    this.#canary = new Canary(simulator.apiKey);
    for (const identity of identities) this.#canary.watch(identity, "an identity");
    this.#workspace = makeWorkspace(cli, files, {
      POLYAI_API_KEY: simulator.apiKey,
      POLYAI_BASE_URL: simulator.url,
      TF_VAR_endpoint_id: endpoint,
      TF_VAR_sink_folder: this.#sinkFolder,
      ...env,
    });
    mkdirSync(join(this.folder, "tmp"));
    sinkFolders.push(this.#sinkFolder);
  }

  get folder(): string {
    return this.#workspace.folder;
  }

  write(files: Files): void {
    this.#workspace.write(files);
  }

  read(name: string): string {
    return this.#workspace.read(name);
  }

  /** Runs with everything logged at TRACE; what is printed and logged is searched. */
  async run(args: readonly string[], options: CommandOptions = {}): Promise<RunResult> {
    this.#canary.watch(this.currentSecret());
    const [command = "", ...others] = args;
    const result = await this.#workspace.run([command, "-no-color", ...others], {
      ...options,
      env: {
        TMPDIR: join(this.folder, "tmp"),
        TF_LOG: "TRACE",
        TF_LOG_PATH: join(this.folder, "trace.log"),
        ...options.env,
      },
    });
    this.#canary.watch(this.currentSecret());
    for (const stream of ["stdout", "stderr"] as const) {
      const place = `${stream} of ${args.join(" ")}`;
      this.#printed.push(...this.#canary.scan(place, Buffer.from(result[stream])));
    }
    return result;
  }

  /** Runs a command that is asked to print the secret. */
  unwatched(args: readonly string[]): Promise<RunResult> {
    return this.#workspace.run(args);
  }

  async succeeds(args: readonly string[], options?: CommandOptions): Promise<void> {
    const result = await this.run(args, options);
    expect([result.code, result.code === 0 ? "" : text(result)]).toEqual([0, ""]);
  }

  async attributes(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#workspace.attributes(ADDRESS)) ?? {};
  }

  /** What the ciphertext in the state holds. */
  async opened(key: Key): Promise<string> {
    return open((await this.attributes())["encrypted_signing_secret"] as string, key.identity);
  }

  currentSecret(): string {
    return this.simulator.currentSecret(this.endpoint);
  }

  rotations(): number {
    return this.simulator.rotations(this.endpoint);
  }

  /** What the sink holds; it keeps it to itself. */
  sink(): string {
    const file = join(this.#sinkFolder, "alerts");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    return readFileSync(file, "utf8");
  }

  /** Where a secret, an identity or `other` stands: in the folder, in a plan, in print. */
  leaks(other?: string): readonly Leak[] {
    if (other !== undefined) this.#canary.watch(other, "the other text");
    const plans = readdirSync(this.folder).filter((name) => name.endsWith(".tfplan"));
    return [
      ...this.#printed,
      ...this.#canary.scanFolder(this.folder, () => false),
      ...plans.flatMap((name) => {
        const bytes = readFileSync(join(this.folder, name));
        if (!bytes.subarray(0, 2).equals(Buffer.from("PK"))) return [];
        return readZip(bytes).flatMap((entry) =>
          this.#canary.scan(`${name}: ${entry.name}`, entry.bytes),
        );
      }),
    ];
  }
}
