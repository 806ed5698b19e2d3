import { decodeMsgpack, encodeMsgpack } from "../../src/plugin/cty/msgpack.js";
import type { ObjectValue, Unknown, Value } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { createProviderServer, type ProviderServer } from "../../src/plugin/server/server.js";
import type * as wire from "../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { createProvider } from "../../src/provider/provider.js";
import { diagnosticsFrom } from "../support/host.js";
import type { Network, Sender } from "./network.js";
import type { Time } from "./time.js";

/** Where and as whom a run asks PolyAI. `right` and `new key` reach the account of the history. */
export type Settings = "right" | "other key" | "other region" | "path too much";

export interface Surroundings {
  readonly time: Time;
  readonly network: Network;
  /** Takes whatever the provider tells the practitioner. */
  readonly tell: (diagnostics: readonly Diagnostic[]) => void;
}

export interface Answered {
  readonly value: ObjectValue | null;
  readonly private: Uint8Array;
  readonly failed: boolean;
}

export interface PlanAnswered extends Answered {
  readonly requiresReplace: readonly string[];
}

const NO_BYTES = new Uint8Array();
export const NO_PRIVATE = NO_BYTES;

/** One provider process, as core sees it through its RPCs. */
export class Plugin implements Sender {
  dead = false;
  readonly #server: ProviderServer;
  readonly #surroundings: Surroundings;
  #die: () => void = () => undefined;
  readonly #death = new Promise<undefined>((resolve) => {
    this.#die = () => resolve(undefined);
  });

  constructor(surroundings: Surroundings) {
    const { time, network } = surroundings;
    this.#surroundings = surroundings;
    this.#server = createProviderServer(
      createProvider({
        transport: network.transportOf(this),
        now: () => time.now,
        random: () => 0.5,
        sleep: (milliseconds, signal) =>
          this.dead ? new Promise(() => undefined) : time.sleep(milliseconds, signal),
      }),
    );
  }

  async configure(settings: Settings, retries: number, knownSecret?: string): Promise<boolean> {
    const { network } = this.#surroundings;
    if (knownSecret !== undefined) process.env.POLYAI_SIGNING_SECRET = knownSecret;
    const answered = await this.#call((server) =>
      server.configureProvider({
        terraformVersion: "1.11.4",
        config: encode(PROVIDER, {
          api_key: settings === "other key" ? "other-key" : network.key,
          region: settings === "other region" ? "uk" : null,
          base_url: settings === "path too much" ? "https://api.us.poly.ai/v1" : null,
          max_retries: retries,
          request_timeout: null,
        }),
      }),
    );
    delete process.env.POLYAI_SIGNING_SECRET;
    return answered !== undefined && !failed(answered.diagnostics);
  }

  async validate(type: TypeName, config: ObjectValue): Promise<boolean> {
    const answered = await this.#call((server) =>
      server.validateResourceConfig({
        typeName: type,
        config: encode(TYPES[type], config),
        clientCapabilities: { writeOnlyAttributesAllowed: true },
      }),
    );
    return answered !== undefined && !failed(answered.diagnostics);
  }

  async read(type: TypeName, value: ObjectValue, bytes: Uint8Array): Promise<Answered | undefined> {
    const answered = await this.#call((server) =>
      server.readResource({
        typeName: type,
        currentState: encode(TYPES[type], value),
        private: bytes,
      }),
    );
    return answered && answer(TYPES[type], answered.newState, answered.private, answered);
  }

  async plan(
    type: TypeName,
    prior: ObjectValue | null,
    config: ObjectValue | null,
    bytes: Uint8Array,
  ): Promise<PlanAnswered | undefined> {
    const known = TYPES[type];
    const answered = await this.#call((server) =>
      server.planResourceChange({
        typeName: type,
        priorState: encode(known, prior),
        proposedNewState: encode(known, config && proposed(known, config, prior)),
        config: encode(known, config),
        priorPrivate: bytes,
      }),
    );
    return (
      answered && {
        ...answer(known, answered.plannedState, answered.plannedPrivate, answered),
        requiresReplace: (answered.requiresReplace ?? []).map(
          ({ steps = [] }) => steps[0]?.attributeName ?? "",
        ),
      }
    );
  }

  async apply(
    type: TypeName,
    prior: ObjectValue | null,
    planned: ObjectValue | null,
    config: ObjectValue | null,
    bytes: Uint8Array,
  ): Promise<Answered | undefined> {
    const known = TYPES[type];
    const answered = await this.#call((server) =>
      server.applyResourceChange({
        typeName: type,
        priorState: encode(known, prior),
        plannedState: encode(known, planned),
        config: encode(known, config),
        plannedPrivate: bytes,
      }),
    );
    return answered && answer(known, answered.newState, answered.private, answered);
  }

  async import(type: TypeName, id: string): Promise<Answered | undefined> {
    const answered = await this.#call((server) =>
      server.importResourceState({ typeName: type, id }),
    );
    const [imported] = answered?.importedResources ?? [];
    return answered && answer(TYPES[type], imported?.state, imported?.private, answered);
  }

  /** What Ctrl-C has core ask for. */
  async stop(): Promise<void> {
    await this.#call((server) => server.stopProvider({}).then(() => ({ diagnostics: [] })));
  }

  kill(): void {
    this.dead = true;
    this.#die();
  }

  /** Undefined once the process is dead, as core's client then fails. */
  async #call<R extends { readonly diagnostics?: readonly wire.Diagnostic[] | undefined }>(
    rpc: (server: ProviderServer) => Promise<R>,
  ): Promise<R | undefined> {
    if (this.dead) return undefined;
    const answered = await Promise.race([rpc(this.#server), this.#death]);
    if (answered !== undefined) {
      this.#surroundings.tell(diagnosticsFrom([...(answered.diagnostics ?? [])]));
    }
    return answered;
  }
}

const { schema: PROVIDER, resources } = createProvider();
const schemaOf = (name: TypeName) => {
  const found = resources.find(({ typeName }) => typeName === name);
  if (found === undefined) throw new Error(`the provider has no ${name}`);
  return found.schema;
};

export type TypeName = "polyai_webhook_secret" | "polyai_webhook_endpoint";
export const TYPES = {
  polyai_webhook_secret: schemaOf("polyai_webhook_secret"),
  polyai_webhook_endpoint: schemaOf("polyai_webhook_endpoint"),
};
type Known = (typeof TYPES)[TypeName];

/** The bytes that a value came as, or was sent as before. */
const sentAs = new WeakMap<ObjectValue, Uint8Array>();

function encode({ type }: Pick<Known, "type">, value: ObjectValue | null): wire.DynamicValue {
  const msgpack = (value && sentAs.get(value)) ?? encodeMsgpack(value, type);
  if (value !== null) sentAs.set(value, msgpack);
  return { msgpack };
}

/** @throws CtyError if it cannot be decoded */
const answer = (
  { type }: Known,
  encoded: wire.DynamicValue | undefined,
  bytes: Uint8Array | undefined,
  { diagnostics }: { readonly diagnostics?: readonly wire.Diagnostic[] | undefined },
): Answered => ({
  value: encoded?.msgpack === undefined ? null : decode(encoded.msgpack, type),
  private: bytes ?? NO_BYTES,
  failed: failed(diagnostics),
});

function decode(msgpack: Uint8Array, type: Known["type"]): ObjectValue | null {
  const value = decodeMsgpack(msgpack, type) as ObjectValue | null;
  if (value === null) return null;
  const text = Object.values(value)
    .filter((each) => typeof each === "string")
    .join("");
  if (text !== text.normalize("NFC")) return composed(value);
  sentAs.set(value, msgpack);
  return value;
}

const failed = (diagnostics: readonly wire.Diagnostic[] = []): boolean =>
  diagnosticsFrom(diagnostics).some(({ severity }) => severity === "error");

/** Core holds every string in NFC. No attribute of these types nests strings that are not ASCII. */
const composed = (value: ObjectValue): ObjectValue =>
  Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      typeof each === "string" ? each.normalize("NFC") : each,
    ]),
  );

/** Core's merge of config and prior state. */
const proposed = ({ schema }: Known, config: ObjectValue, prior: ObjectValue | null): ObjectValue =>
  Object.fromEntries(
    schema.attributes.map(({ name, computed }): [string, Value | Unknown] => [
      name,
      config[name] ?? (computed ? (prior?.[name] ?? null) : null),
    ]),
  );
