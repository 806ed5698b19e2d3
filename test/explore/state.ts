import { isUnknown, UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import type { Instance } from "../support/host.js";

/** One object of a resource, as a state file holds it. */
export interface Held extends Instance {
  readonly state: ObjectValue;
  readonly tainted: boolean;
  /** Addresses that it was made from. */
  readonly dependencies: readonly string[];
}

export interface ResourceInstance {
  readonly type: TypeName;
  readonly current?: Held | undefined;
  readonly deposed: ReadonlyMap<string, Held>;
}

/** A state: instances by address. It is replaced, never changed. */
export type State = ReadonlyMap<string, ResourceInstance>;

export const NO_DEPOSED: ReadonlyMap<string, Held> = new Map();

/** The state with one instance changed; an instance without objects is none. */
function withInstance(state: State, address: string, instance: ResourceInstance): State {
  const next = new Map(state);
  if (instance.current === undefined && instance.deposed.size === 0) next.delete(address);
  else next.set(address, instance);
  return next;
}

export const withCurrent = (
  state: State,
  address: string,
  type: TypeName,
  current: Held | undefined,
): State =>
  withInstance(state, address, {
    type,
    current,
    deposed: state.get(address)?.deposed ?? NO_DEPOSED,
  });

export function withDeposed(
  state: State,
  address: string,
  key: string,
  held: Held | undefined,
): State {
  const instance = state.get(address);
  if (instance === undefined) return state;
  const deposed = new Map(instance.deposed);
  if (held === undefined) deposed.delete(key);
  else deposed.set(key, held);
  return withInstance(state, address, { ...instance, deposed });
}

export type TypeName = Configured["type"];

/** The configuration that a practitioner writes of one resource instance. */
export type Configured = SecretConfig | { readonly type: "polyai_webhook_endpoint" };

export interface SecretConfig {
  readonly type: "polyai_webhook_secret";
  /** An endpoint's id, or the address of a `polyai_webhook_endpoint`. */
  readonly endpoint: string;
  readonly trigger: string | null;
  readonly days: number | null;
  readonly invalidate: boolean;
  /** True if it adopts the endpoint's first secret. Only with the address of one. */
  readonly initial: boolean;
  /** True if encrypt_to names a recipient; the first secret is given as initial_secret_wo then. */
  readonly encrypted: boolean;
  /** create_before_destroy */
  readonly createFirst: boolean;
}

export type Configuration = ReadonlyMap<string, Configured>;

/** The addresses that an instance refers to. */
export const referencesOf = (configured: Configured | undefined): readonly string[] =>
  configured?.type === "polyai_webhook_secret" && !configured.endpoint.startsWith("whe_")
    ? [configured.endpoint]
    : [];

/** @param valueOf gives the object that an address stands for now, planned or real */
export function evaluated(
  configured: Configured,
  valueOf: (address: string) => ObjectValue | undefined,
): ObjectValue {
  if (configured.type === "polyai_webhook_endpoint") {
    return {
      name: "Made by the configuration",
      url: "https://receiver.example.com/hook",
      event_types: ["alerts.triggered"],
    };
  }
  const { endpoint, trigger, days, invalidate, initial, encrypted } = configured;
  const made = valueOf(endpoint);
  const first = initial ? (made?.["signing_secret"] ?? null) : null;
  return {
    endpoint_id: made?.["id"] ?? endpoint,
    rotation_trigger: trigger,
    rotate_after_days: days,
    on_destroy: invalidate ? "invalidate" : "keep",
    encrypt_to: encrypted ? ["age1"] : null,
    initial_secret: encrypted ? null : first,
    initial_secret_wo: encrypted ? first : null,
    // As the expression `signing_secret == null ? null : 1` gives it.
    initial_secret_wo_version:
      encrypted && first !== null ? (isUnknown(first) ? UNKNOWN : 1) : null,
  };
}
