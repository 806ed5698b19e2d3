/** Each test of a file that imports this has an endpoint, and the story of its secret. */
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import type { Fault } from "../../src/simulator/index.js";
import { open } from "../support/age.js";
import type { Applied, Planned } from "../support/host.js";
import { beginWalk, kept, Story } from "../support/provider.js";
import { host, setEnvironment, simulator } from "./setup.js";

export { host, setEnvironment, simulator } from "./setup.js";

export const TYPE = "polyai_webhook_secret";

export function ciphertextIn({ encrypted_signing_secret }: ObjectValue): string {
  if (typeof encrypted_signing_secret === "string") return encrypted_signing_secret;
  throw new Error("the state holds no ciphertext");
}

/** One endpoint and its secret. */
class SecretStory extends Story {
  /** Each secret that the endpoint had after an apply. */
  readonly plaintexts: string[] = [];
  private config: ObjectValue = {};

  constructor(readonly endpoint: string) {
    super(host, TYPE, { endpoint_id: endpoint });
  }

  /** Begins a walk, with this configuration of the provider from now on. */
  async configure(config: ObjectValue): Promise<void> {
    this.config = config;
    await beginWalk(this.host, simulator, config);
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
    return simulator.currentSecret(this.endpoint);
  }

  rotations(): number {
    return simulator.rotations(this.endpoint);
  }

  /** The secret in the current state's ciphertext. */
  opened(identity: string): Promise<string> {
    return open(ciphertextIn(this.state), identity);
  }

  kept(): string {
    return kept(this.instance);
  }
}

export let story: SecretStory;

/** Makes another endpoint, whose story takes the place of the first one's. */
export async function beginStory(): Promise<void> {
  const { id } = await simulator.createEndpoint();
  story = new SecretStory(id);
}
beforeEach(beginStory);

/** Spoils rotations from now on. */
export const spoilRotation = (fault: Fault): string =>
  simulator.setFault({ ...fault, operation: "rotateWebhookSigningSecret" });

export const expectLive = (): void => expect(story.state["signing_secret"]).toBe(story.current());

/** Imports the story's endpoint, with this secret in the environment. */
export async function importWith(POLYAI_SIGNING_SECRET: string | undefined): Promise<Applied> {
  setEnvironment({ POLYAI_SIGNING_SECRET });
  await story.configure({});
  return story.import(story.endpoint);
}
