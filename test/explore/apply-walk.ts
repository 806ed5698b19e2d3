/**
 * Core's apply walk, from its source: internal/terraform, transform_diff.go,
 * transform_destroy_edge.go, node_resource_apply_instance.go, node_resource_destroy.go,
 * node_resource_destroy_deposed.go and node_resource_abstract_instance.go.
 */
import { valuesEqual } from "../../src/plugin/cty/equal.js";
import { isUnknown, type ObjectValue } from "../../src/plugin/cty/value.js";
import { NOTHING } from "../support/host.js";
import { planDestroy, planInstance, type Change, type Plan } from "./plan-walk.js";
import { succeeded, type Plugin } from "./plugin.js";
import { TYPES } from "./schemas.js";
import {
  referencesOf,
  withCurrent,
  withDeposed,
  type Configuration,
  type Held,
  type State,
  type TypeName,
} from "./state.js";
import { walk, type Node } from "./walk.js";

export interface Applying {
  /** Of the command; makes the keys of deposed objects new. */
  readonly index: number;
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
    const nodes = changes
      .filter(({ action }) => action !== "none")
      .flatMap((change, _, all) => this.#nodesOf(change, all));
    this.ends = walk(nodes, applying.order, plugin.sleep, applying.stopped);
  }

  #nodesOf(change: Change, changes: readonly Change[]): readonly Node[] {
    const { address, action, createFirst } = change;
    const [made, used] = [`make ${address}`, `use ${address}`];
    const key = this.#deposedKeyOf(change);
    const makes: readonly Node[] = [
      {
        name: made,
        needs: [
          ...referencesOf(this.applying.configuration.get(address)).map((each) => `make ${each}`),
          ...(action === "replace" && !createFirst ? [this.#destroyOf(change)] : []),
        ],
        run: () => this.#make(change, key),
      },
      // Dependents are of another provider; those that do not fail change nothing here.
      {
        name: used,
        needs: [made],
        run: async () => !this.applying.dependentsFail.includes(address),
      },
    ];
    const dependents = changes.filter(({ before }) => before?.dependencies.includes(address));
    const destroys: readonly Node[] = [
      {
        name: this.#destroyOf(change),
        // A deposed object goes after its successor and its dependents are done.
        needs: [
          ...(key === undefined ? [] : [made, used]),
          ...dependents.map((each) =>
            each.action === "update" ? `make ${each.address}` : this.#destroyOf(each),
          ),
        ],
        run: () => (key === undefined ? this.#destroy(change) : this.#destroyDeposed(change, key)),
      },
    ];
    return [
      ...(action === "delete" ? [] : makes),
      ...(action === "delete" || action === "replace" ? destroys : []),
    ];
  }

  #destroyOf(change: Change): string {
    return `destroy ${change.address} ${this.#deposedKeyOf(change) ?? ""}`;
  }

  /** The key of the deposed object that the change destroys, if it does not destroy the current. */
  #deposedKeyOf({ action, createFirst, deposed }: Change): string | undefined {
    if (deposed !== undefined || action !== "replace" || !createFirst) return deposed;
    return `new ${this.applying.index}`;
  }

  async #make(planned: Change, deposedKey: string | undefined): Promise<boolean> {
    const { address, type, action } = planned;
    const { configuration, complain } = this.applying;
    const configured = configuration.get(address);
    if (configured === undefined) throw new Error(`${address} has no configuration`);
    const old = this.state.get(address)?.current;
    const deposes = action === "replace" && deposedKey !== undefined && old !== undefined;
    if (deposes) {
      const deposed = new Map(this.state.get(address)?.deposed).set(deposedKey, old);
      this.state = new Map(this.state).set(address, { type, deposed });
    }
    const before = deposes ? undefined : old;

    // Core plans once more, from the state's private: the planned private does not get here.
    const valueOf = (name: string) => this.state.get(name)?.current?.state;
    const change = await planInstance(this.plugin, address, configured, before, [], valueOf);
    // Core leaves before it has restored what it has deposed.
    if (change === undefined) return false;
    const problem = inconsistency(planned, change);
    if (problem !== undefined) {
      complain(`Provider produced inconsistent final plan for ${address}: ${problem}`);
      return false;
    }
    if (change.action === "none") return true;

    const applied = await this.plugin.apply(type, change.plan);
    const ok = succeeded(applied);
    // Once the plugin is gone, the prior object stays, without its private.
    const left = applied ?? { ...NOTHING, state: before?.state ?? null };
    if (ok) {
      const wrong = left.state ? difference(type, change.plan.planned, left.state) : "no object";
      if (wrong) complain(`Provider produced inconsistent result for ${address}: ${wrong}`);
    }
    const held: Held | undefined =
      left.state === null
        ? before
        : {
            state: left.state,
            private: left.private,
            tainted: !ok && (before?.tainted ?? true),
            dependencies: referencesOf(configured),
          };
    this.#set(planned, held);
    if (!ok && deposes && held === undefined) {
      this.state = withDeposed(this.state, address, deposedKey, undefined);
      this.#set(planned, old);
    }
    return ok;
  }

  async #destroy(change: Change): Promise<boolean> {
    const held = this.state.get(change.address)?.current;
    if (held === undefined) return true;
    const left = await this.#delete(change, held);
    this.#set(change, left);
    return left === undefined;
  }

  async #destroyDeposed({ address, type }: Change, key: string): Promise<boolean> {
    const held = this.state.get(address)?.deposed.get(key);
    if (held === undefined) return true;
    // A deposed object's destroy is planned once more during apply, from the state's private.
    const change = await planDestroy(this.plugin, address, type, held, key);
    if (change === undefined) return false;
    const left = await this.#delete(change, held);
    this.state = withDeposed(this.state, address, key, left);
    return left === undefined;
  }

  /** Gives what is left of the object. */
  async #delete({ type, plan }: Change, held: Held): Promise<Held | undefined> {
    const applied = await this.plugin.apply(type, {
      ...plan,
      prior: held,
      planned: null,
      config: null,
    });
    if (succeeded(applied)) return undefined;
    if (!applied?.state) return held;
    return { ...held, state: applied.state, private: applied.private };
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
  return difference(planned.type, planned.plan.planned, actual.plan.planned);
}

/** The first known attribute that came out otherwise. */
const difference = (
  type: TypeName,
  planned: ObjectValue | null,
  actual: ObjectValue | null,
): string | undefined =>
  Object.entries(TYPES[type].attributes).find(([name, attribute]) => {
    const known = planned?.[name] ?? null;
    return !isUnknown(known) && !valuesEqual(known, actual?.[name] ?? null, attribute.type.cty);
  })?.[0];
