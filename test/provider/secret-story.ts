import type { ObjectValue } from "../../src/plugin/cty/value.js";
import type { Simulator } from "../../src/simulator/index.js";
import { open } from "../support/age.js";
import type { Host, Instance, Planned } from "../support/host.js";
import { knownValues, startHost } from "./support.js";

export const TYPE = "polyai_webhook_secret";

export function ciphertextIn({ encrypted_signing_secret }: ObjectValue): string {
  if (typeof encrypted_signing_secret === "string") return encrypted_signing_secret;
  throw new Error("the state holds no ciphertext");
}

/** One endpoint and its secret, whose state is held against each plan as core does. */
export class SecretStory {
  instance: Instance | undefined;
  readonly plaintexts: string[] = [];

  private constructor(
    private readonly simulator: Simulator,
    readonly host: Host,
    readonly endpoint: string,
  ) {}

  static async begin(simulator: Simulator): Promise<SecretStory> {
    const { id } = await simulator.createEndpoint();
    return new SecretStory(simulator, await startHost(simulator), id);
  }

  plan(config: ObjectValue) {
    return this.host.plan(TYPE, { endpoint_id: this.endpoint, ...config }, this.instance);
  }

  async apply(config: ObjectValue): Promise<ObjectValue> {
    return this.applyPlan(await this.plan(config));
  }

  async applyPlan(plan: Planned): Promise<ObjectValue> {
    expect(plan.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const applied = await this.host.apply(TYPE, plan);
    expect(applied.diagnostics).toEqual([]);
    expect(applied.state).toMatchObject(knownValues(plan));
    this.instance = applied;
    this.plaintexts.push(this.current());
    return applied.state ?? {};
  }

  current(): string {
    return this.simulator.currentSecret(this.endpoint);
  }

  rotations(): number {
    return this.simulator.requests.filter(
      ({ operation, path }) =>
        operation === "rotateWebhookSigningSecret" && path.includes(this.endpoint),
    ).length;
  }

  /** What the current state's ciphertext holds. */
  opened(identity: string): Promise<string> {
    return open(ciphertextIn(this.instance?.state ?? {}), identity);
  }

  /** Everything that core would keep. */
  kept(): string {
    return JSON.stringify([
      [...Object.entries(this.instance?.state ?? {})],
      Buffer.from(this.instance?.private ?? []).toString(),
    ]);
  }
}
