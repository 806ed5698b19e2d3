import type { ObjectValue } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { createProviderServer } from "../../src/plugin/server/server.js";
import { createProvider } from "../../src/provider/provider.js";
import { Host, type Instance, type Planned } from "../support/host.js";
import type { Run, Settings } from "./history.js";
import type { Network, Sender } from "./network.js";
import type { Time } from "./time.js";
import { TURN_MS } from "./walk.js";

export interface Surroundings {
  readonly time: Time;
  readonly network: Network;
  readonly pauses: Run["pauses"];
  /** Takes whatever the provider tells the practitioner. */
  readonly tell: (diagnostics: readonly Diagnostic[]) => void;
}

type Told<T> = T & { readonly diagnostics: readonly Diagnostic[] };

const known = Host.start(createProviderServer(createProvider()));

/**
 * One provider process, as core sees it through its RPCs. Undefined instead of an answer: the
 * process is dead, or the answer is of no use since it has an error and no object.
 */
export class Plugin implements Sender {
  dead = false;
  #die: () => void = () => undefined;
  readonly #death = new Promise<undefined>((resolve) => {
    this.#die = () => resolve(undefined);
  });
  readonly #host: Promise<Host>;
  readonly #stop: () => Promise<unknown>;
  readonly #pauses: number[];

  constructor(private readonly surroundings: Surroundings) {
    const { time, network, pauses } = surroundings;
    const server = createProviderServer(
      createProvider({
        transport: network.transportOf(this),
        now: () => time.now,
        random: () => 0.5,
        sleep: (milliseconds, signal) =>
          this.dead ? new Promise(() => undefined) : time.sleep(milliseconds, signal),
      }),
    );
    this.#pauses = [...pauses];
    this.#host = known.then((host) => host.of(server));
    this.#stop = () => server.stopProvider({});
  }

  /** @param secret as POLYAI_SIGNING_SECRET has it */
  async configure(settings: Settings, retries: number, secret?: string): Promise<boolean> {
    const { key } = this.surroundings.network;
    if (secret !== undefined) process.env.POLYAI_SIGNING_SECRET = secret;
    const configured = await this.#call(async (host) => ({
      diagnostics: await host.configure({
        api_key: settings === "other key" ? "other-key" : key,
        region: settings === "other region" ? "uk" : null,
        base_url: settings === "path too much" ? "https://api.us.poly.ai/v1" : null,
        max_retries: retries,
      }),
    }));
    delete process.env.POLYAI_SIGNING_SECRET;
    return succeeded(configured);
  }

  async validate(type: string, config: ObjectValue): Promise<boolean> {
    return succeeded(
      await this.#call(async (host) => ({ diagnostics: await host.validate(type, config) })),
    );
  }

  async read(type: string, instance: Instance): Promise<Instance | undefined> {
    const read = await this.#call((host) => host.read(type, instance));
    return read && succeeded(read) ? composed(read) : undefined;
  }

  /** @param config null to destroy */
  async plan(
    type: string,
    config: ObjectValue | null,
    prior: Instance,
  ): Promise<Planned | undefined> {
    const planned = await this.#call((host) => host.plan(type, config, prior));
    return succeeded(planned) ? planned : undefined;
  }

  /** Undefined only once the process is dead. */
  async apply(type: string, plan: Planned): Promise<Told<Instance> | undefined> {
    const applied = await this.#call((host) => host.apply(type, plan));
    return applied && { ...composed(applied), diagnostics: applied.diagnostics };
  }

  async import(type: string, id: string): Promise<Instance | undefined> {
    const imported = await this.#call((host) => host.importState(type, id));
    return succeeded(imported) ? imported : undefined;
  }

  /** Core's own wait, which a dead plugin does not end. */
  readonly sleep = (milliseconds: number): Promise<void> =>
    this.surroundings.time.sleep(milliseconds, undefined);

  /** Sends the request that Ctrl-C has core send. */
  stop(): void {
    void this.#stop();
  }

  kill(): void {
    this.dead = true;
    this.#die();
  }

  async #call<T>(rpc: (host: Host) => Promise<Told<T>>): Promise<Told<T> | undefined> {
    const turns = this.#pauses.shift() ?? 0;
    if (turns > 0) await this.sleep(turns * TURN_MS);
    if (this.dead) return undefined;
    const answered = await Promise.race([this.#host.then(rpc), this.#death]);
    if (answered !== undefined) this.surroundings.tell(answered.diagnostics);
    return answered;
  }
}

export const succeeded = (answered: Told<object> | undefined): boolean =>
  answered?.diagnostics.every(({ severity }) => severity !== "error") ?? false;

/** Core holds every string in NFC. No attribute of these types nests strings that are not ASCII. */
function composed(instance: Instance): Instance {
  const strings = Object.entries(instance.state ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const changed = strings.filter(([, value]) => value !== value.normalize("NFC"));
  if (changed.length === 0) return instance;
  const nfc = changed.map(([name, value]) => [name, value.normalize("NFC")] as const);
  return { ...instance, state: { ...instance.state, ...Object.fromEntries(nfc) } };
}
