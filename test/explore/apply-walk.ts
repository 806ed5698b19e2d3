/**
 * What core does to apply, from its source: internal/terraform, transform_diff.go,
 * transform_destroy_edge.go, node_resource_apply_instance.go, node_resource_destroy.go,
 * node_resource_destroy_deposed.go and node_resource_abstract_instance.go.
 */
import { valuesEqual } from "../../src/plugin/cty/equal.js";
import { isUnknown, type ObjectValue } from "../../src/plugin/cty/value.js";
import { planDestroy, planInstance, type Change, type Plan } from "./plan-walk.js";
import { NO_PRIVATE, TYPES, type Plugin } from "./plugin.js";
import {
  evaluated,
  referencesOf,
  withCurrent,
  withDeposed,
  type Configuration,
  type Held,
  type State,
} from "./state.js";
import { walk, type Node } from "./walk.js";

export interface Applying {
  readonly configuration: Configuration;
  readonly order: readonly number[];
  readonly stopped: () => boolean;
  /** Addresses whose dependents fail, after they themselves were made or changed. */
  readonly dependentsFail: readonly string[];
  /** Takes what core itself complains of in the provider's answers. */
  readonly complain: (about: string) => void;
}

/** The walk of an apply, whose state can be looked at before its end. */
export class ApplyWalk {
  state: State;
  readonly ends: Promise<boolean>;

  constructor(
    private readonly plugin: Plugin,
    { prior, changes }: Plan,
    private readonly applying: Applying,
  ) {
    this.state = prior;
    const nodes = changes.flatMap((change) => this.#nodesOf(change, changes));
    this.ends = walk(nodes, applying.order, applying.stopped);
  }

  #nodesOf(change: Change, changes: readonly Change[]): readonly Node[] {
    const { address, action, createFirst, deposed } = change;
    if (action === "none") return [];
    const made = `make ${address}`;
    const used = `use ${address}`;
    const destroyed = `destroy ${address}`;
    const makes = action !== "delete";
    const key = deposed ?? (makes && createFirst ? this.#freeKey(address) : undefined);
    const dependents = changes.filter(({ before }) => before?.dependencies.includes(address));
    const nodes: Node[] = [];
    if (makes) {
      const references = referencesOf(this.applying.configuration.get(address));
      nodes.push({
        name: made,
        needs: [
          ...references.map((reference) => `make ${reference}`),
          ...(action === "replace" && !createFirst ? [destroyed] : []),
        ],
        run: () => this.#make(change, key),
      });
      // Dependents are of another provider; those that do not fail change nothing here.
      nodes.push({
        name: used,
        needs: [made],
        run: async () => !this.applying.dependentsFail.includes(address),
      });
    }
    if (action === "delete" || action === "replace") {
      nodes.push({
        name: key === undefined ? destroyed : `${destroyed} deposed ${key}`,
        // A deposed object goes after its successor and its dependents are done.
        needs: [
          ...(key === undefined ? [] : [made, used]),
          ...dependents.map((dependent) =>
            dependent.action === "delete" || dependent.action === "replace"
              ? `destroy ${dependent.address}`
              : `make ${dependent.address}`,
          ),
        ],
        run: () => (key === undefined ? this.#destroy(change) : this.#destroyDeposed(change, key)),
      });
    }
    return nodes;
  }

  #freeKey(address: string): string {
    const taken = this.state.get(address)?.deposed;
    let key = 1;
    while (taken?.has(String(key))) key++;
    return String(key);
  }

  async #make(planned: Change, deposedKey: string | undefined): Promise<boolean> {
    const { address, type, action } = planned;
    const { configuration, complain } = this.applying;
    const configured = configuration.get(address);
    if (configured === undefined) throw new Error(`${address} has no configuration`);
    let before = this.state.get(address)?.current;
    const old = before;
    const replaces = action === "replace";
    if (replaces && deposedKey !== undefined && old !== undefined) {
      this.#set(planned, undefined);
      const instance = this.state.get(address);
      this.state = new Map(this.state).set(address, {
        type,
        deposed: new Map(instance?.deposed).set(deposedKey, old),
      });
      before = undefined;
    }
    const restore = () => {
      if (deposedKey === undefined || !replaces || this.state.get(address)?.current) return;
      this.state = withDeposed(this.state, address, deposedKey, undefined);
      this.#set(planned, old);
    };

    // Core plans once more, from the state's private: the planned private does not get here.
    const valueOf = (name: string) => this.state.get(name)?.current?.value;
    const change = await planInstance(
      this.plugin,
      address,
      configured,
      before,
      { replace: [] },
      valueOf,
    );
    // Core leaves before it has restored what it has deposed.
    if (change === undefined) return false;
    const problem = inconsistency(planned, change);
    if (problem !== undefined) {
      complain(`Provider produced inconsistent final plan for ${address}: ${problem}`);
      return false;
    }
    if (change.action === "none") return true;

    const prior = before?.value ?? null;
    const config = evaluated(configured, valueOf);
    const applied = await this.plugin.apply(type, prior, change.after, config, change.private);
    // The plugin is gone: the prior object stays, without its private.
    const value = applied === undefined ? prior : applied.value;
    const failed = applied === undefined || applied.failed;
    if (!failed) {
      const wrong = value === null ? "null" : difference(TYPES[type], change.after, value);
      if (wrong) complain(`Provider produced inconsistent result for ${address}: ${wrong}`);
    }
    const held: Held | undefined =
      value === null
        ? before
        : {
            value,
            private: applied?.private ?? NO_PRIVATE,
            tainted: failed && (before?.tainted ?? true),
            dependencies: referencesOf(configured),
          };
    this.#set(planned, held);
    if (failed) restore();
    return !failed;
  }

  async #destroy(change: Change): Promise<boolean> {
    const held = this.state.get(change.address)?.current;
    if (held === undefined) return true;
    const left = await this.#delete(change, held, change.private);
    this.#set(change, left.held);
    return left.ok;
  }

  async #destroyDeposed(change: Change, key: string): Promise<boolean> {
    const { address, type } = change;
    const held = this.state.get(address)?.deposed.get(key);
    if (held === undefined) return true;
    // A deposed object's destroy is planned once more during apply, from the state's private.
    const planned = await planDestroy(this.plugin, address, type, held, key);
    if (planned === undefined) return false;
    const left = await this.#delete(change, held, planned.private);
    this.state = withDeposed(this.state, address, key, left.held);
    return left.ok;
  }

  async #delete({ type }: Change, held: Held, bytes: Uint8Array) {
    const applied = await this.plugin.apply(type, held.value, null, null, bytes);
    if (applied === undefined) return { ok: false, held };
    if (!applied.failed) return { ok: true, held: undefined };
    const { value } = applied;
    return {
      ok: false,
      held: value === null ? held : { ...held, value, private: applied.private },
    };
  }

  #set({ address, type }: Change, held: Held | undefined): void {
    this.state = withCurrent(this.state, address, type, held);
  }
}

/** Why the plan that core makes during apply does not fit the plan that was approved. */
function inconsistency(planned: Change, actual: Change): string | undefined {
  const expected = planned.action === "replace" ? "create" : planned.action;
  if (expected !== actual.action && !(expected === "update" && actual.action === "none")) {
    return `${expected} became ${actual.action}`;
  }
  return difference(TYPES[planned.type], planned.after, actual.after);
}

/** The first known attribute that came out otherwise. */
function difference(
  { attributes }: (typeof TYPES)[keyof typeof TYPES],
  planned: ObjectValue | null,
  actual: ObjectValue | null,
): string | undefined {
  return Object.entries(attributes).find(([name, { type }]) => {
    const known = planned?.[name] ?? null;
    return !isUnknown(known) && !valuesEqual(known, actual?.[name] ?? null, type.cty);
  })?.[0];
}
