/**
 * What core does to plan, from its source: internal/terraform, node_resource_plan_instance.go,
 * node_resource_plan_orphan.go, node_resource_destroy_deposed.go and
 * node_resource_abstract_instance.go.
 */
import { valuesEqual } from "../../src/plugin/cty/equal.js";
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { NO_PRIVATE, TYPES, type Plugin, type TypeName } from "./plugin.js";
import {
  evaluated,
  NO_DEPOSED,
  referencesOf,
  withCurrent,
  withDeposed,
  type Configuration,
  type Configured,
  type Held,
  type State,
} from "./state.js";
import { walk, type Node } from "./walk.js";

export interface Change {
  readonly address: string;
  readonly type: TypeName;
  readonly action: "none" | "create" | "update" | "replace" | "delete";
  readonly createFirst: boolean;
  readonly deposed?: string;
  readonly before: Held | undefined;
  readonly after: ObjectValue | null;
  readonly private: Uint8Array;
}

export interface Plan {
  readonly ok: boolean;
  readonly changes: readonly Change[];
  /** The state as the refresh left it. */
  readonly prior: State;
}

export interface Planning {
  readonly configuration: Configuration;
  readonly refresh: boolean;
  /** Empty: everything. */
  readonly targets: readonly string[];
  /** -replace */
  readonly replace: readonly string[];
  readonly order: readonly number[];
  readonly stopped: () => boolean;
}

const inScope = ({ configuration, targets }: Planning, address: string): boolean =>
  targets.length === 0 ||
  targets.some(
    (target) => target === address || referencesOf(configuration.get(target)).includes(address),
  );

/** @param changing false for -refresh-only */
export async function planWalk(
  plugin: Plugin,
  state: State,
  planning: Planning,
  changing = true,
): Promise<Plan> {
  const { configuration, refresh, order, stopped } = planning;
  let prior = state;
  const changes: Change[] = [];
  const planned = new Map<string, ObjectValue>();
  const valueOf = (address: string) => planned.get(address) ?? prior.get(address)?.current?.value;

  /** Undefined after a failure; null if the object is gone. */
  const refreshed = async (type: TypeName, held: Held): Promise<Held | null | undefined> => {
    if (!refresh) return held;
    const read = await plugin.read(type, held.value, held.private);
    if (read === undefined || read.failed) return undefined;
    return read.value && { ...held, value: read.value, private: read.private };
  };

  const current = async (address: string, configured: Configured | undefined) => {
    const before = prior.get(address)?.current;
    const type = configured?.type ?? prior.get(address)?.type;
    if (type === undefined) return true;
    const held = before && (await refreshed(type, before));
    if (before !== undefined && held === undefined) return false;
    prior = withCurrent(prior, address, type, held ?? undefined);
    if (!changing) return true;
    const change = configured
      ? await planInstance(plugin, address, configured, held ?? undefined, planning, valueOf)
      : held && (await planDestroy(plugin, address, type, held));
    if (change === undefined) return !(configured ?? held);
    if (change === null) return true;
    changes.push(change);
    if (change.after !== null) planned.set(address, change.after);
    return true;
  };

  const deposed = async (address: string, type: TypeName, key: string, before: Held) => {
    const held = await refreshed(type, before);
    if (held === undefined) return false;
    prior = withDeposed(prior, address, key, held ?? undefined);
    if (held === null || !changing) return true;
    const change = await planDestroy(plugin, address, type, held, key);
    if (change !== undefined) changes.push(change);
    return change !== undefined;
  };

  const addresses = new Set([...configuration.keys(), ...state.keys()]);
  const nodes = [...addresses]
    .filter((address) => inScope(planning, address))
    .flatMap((address): readonly Node[] => {
      const configured = configuration.get(address);
      const { type, deposed: left } = state.get(address) ?? { deposed: NO_DEPOSED };
      return [
        {
          name: address,
          needs: referencesOf(configured),
          run: () => current(address, configured),
        },
        ...[...left].map(([key, held]) => ({
          name: `${address} deposed ${key}`,
          needs: [],
          run: () => deposed(address, type!, key, held),
        })),
      ];
    });
  const ok = await walk(nodes, order, stopped);
  return { ok, changes, prior };
}

/** The plan of `terraform destroy`, whose refresh is a walk of its own, before. */
export async function destroyPlanWalk(
  plugin: Plugin,
  prior: State,
  { targets, order, stopped }: Planning,
): Promise<Plan> {
  const changes: Change[] = [];
  const aimedAt = (address: string, held: Held) =>
    targets.length === 0 ||
    targets.some((target) => target === address || held.dependencies.includes(target));
  const nodes = [...prior].flatMap(([address, { type, current, deposed }]) =>
    [[undefined, current] as const, ...deposed].flatMap(([key, held]): readonly Node[] =>
      held === undefined || !aimedAt(address, held)
        ? []
        : [
            {
              name: `${address} ${key ?? ""}`,
              needs: [],
              async run() {
                const change = await planDestroy(plugin, address, type, held, key);
                if (change !== undefined) changes.push(change);
                return change !== undefined;
              },
            },
          ],
    ),
  );
  const ok = await walk(nodes, order, stopped);
  return { ok, changes, prior };
}

/** Undefined after a failure. */
export async function planDestroy(
  plugin: Plugin,
  address: string,
  type: TypeName,
  before: Held,
  deposed?: string,
): Promise<Change | undefined> {
  const planned = await plugin.plan(type, before.value, null, before.private);
  if (planned === undefined || planned.failed) return undefined;
  return {
    address,
    type,
    action: "delete",
    createFirst: false,
    ...(deposed === undefined ? {} : { deposed }),
    before,
    after: null,
    private: planned.private,
  };
}

/**
 * Plans an instance that is configured; the apply does so once more. Undefined after a failure.
 *
 * @param valueOf gives the object that an address stands for, planned or real
 */
export async function planInstance(
  plugin: Plugin,
  address: string,
  configured: Configured,
  before: Held | undefined,
  { replace }: Pick<Planning, "replace">,
  valueOf: (address: string) => ObjectValue | undefined,
): Promise<Change | undefined> {
  const { type } = configured;
  const config = evaluated(configured, valueOf);
  if (!(await plugin.validate(type, config))) return undefined;
  // A tainted object is no prior state: the plan is a creation without any private.
  const prior = before === undefined || before.tainted ? undefined : before;
  let planned = await plugin.plan(type, prior?.value ?? null, config, prior?.private ?? NO_PRIVATE);
  if (planned === undefined || planned.failed) return undefined;
  const replaced =
    prior !== undefined && (planned.requiresReplace.length > 0 || replace.includes(address));
  if (replaced) {
    planned = await plugin.plan(type, null, config, planned.private);
    if (planned === undefined || planned.failed) return undefined;
  }
  const same = valuesEqual(planned.value, prior?.value ?? null, TYPES[type].type);
  return {
    address,
    type,
    action: replaced || before?.tainted ? "replace" : !prior ? "create" : same ? "none" : "update",
    createFirst: configured.type === "polyai_webhook_secret" && configured.createFirst,
    before,
    after: planned.value,
    private: planned.private,
  };
}
