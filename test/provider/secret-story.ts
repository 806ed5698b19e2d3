import type { ObjectValue } from "../../src/plugin/cty/value.js";
import type { Simulator } from "../../src/simulator/index.js";
import { open } from "../support/age.js";
import type { Host, Planned } from "../support/host.js";
import { beginWalk, kept, startHost, Story } from "../support/provider.js";

export const TYPE = "polyai_webhook_secret";

export function ciphertextIn({ encrypted_signing_secret }: ObjectValue): string {
  if (typeof encrypted_signing_secret === "string") return encrypted_signing_secret;
  throw new Error("the state holds no ciphertext");
}

/** One endpoint and its secret. */
export class SecretStory extends Story {
  /** Each secret that the endpoint had after an apply. */
  readonly plaintexts: string[] = [];

  private constructor(
    private readonly simulator: Simulator,
    host: Host,
    readonly endpoint: string,
    private config?: ObjectValue,
  ) {
    super(host, TYPE, { endpoint_id: endpoint });
  }

  static async begin(simulator: Simulator, config?: ObjectValue): Promise<SecretStory> {
    const { id } = await simulator.createEndpoint();
    return new SecretStory(simulator, await startHost(simulator, config), id, config);
  }

  /** Begins a walk, with this configuration of the provider from now on. */
  async configure(config: ObjectValue | undefined): Promise<void> {
    this.config = config;
    await beginWalk(this.host, this.simulator, config);
  }

  override async plan(changes?: ObjectValue | null): Promise<Planned> {
    await this.configure(this.config);
    return super.plan(changes);
  }

  override async applyPlan(plan: Planned): Promise<ObjectValue> {
    const state = await super.applyPlan(plan);
    if (plan.config !== null) this.plaintexts.push(this.current());
    return state;
  }

  /** As core plans -replace: once as an update, and then as a creation that carries its private. */
  async planReplacement(changes: ObjectValue): Promise<Planned> {
    const prior = this.instance;
    const { plannedPrivate } = await this.plan(changes);
    this.instance = { state: null, private: plannedPrivate };
    const plan = await super.plan(changes);
    this.instance = prior;
    return plan;
  }

  current(): string {
    return this.simulator.currentSecret(this.endpoint);
  }

  rotations(): number {
    return this.simulator.rotations(this.endpoint);
  }

  /** The secret in the current state's ciphertext. */
  opened(identity: string): Promise<string> {
    return open(ciphertextIn(this.state), identity);
  }

  kept(): string {
    return kept(this.instance);
  }
}
