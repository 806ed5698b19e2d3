/**
 * Core's plan walk, from its source: internal/terraform, node_resource_plan_instance.go,
 * node_resource_plan_orphan.go, node_resource_destroy_deposed.go and
 * node_resource_abstract_instance.go.
 */
import { valuesEqual } from "../../src/plugin/cty/equal.js";
import type { ObjectValue } from "../../src/plugin/cty/value.js";
import { NOTHING, type Planned } from "../support/host.js";
import type { Run } from "./history.js";
import type { Plugin } from "./plugin.js";
import { TYPES } from "./schemas.js";
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
  type TypeName,
} from "./state.js";
import { walk, type Node } from "./walk.js";

export interface Change {
  readonly address: string;
  readonly type: TypeName;
  readonly action: "none" | "create" | "update" | "replace" | "delete";
  readonly createFirst: boolean;
  readonly deposed?: string | undefined;
  readonly before: Held | undefined;
  /** Of a replacement, the plan of its creation. */
  readonly plan: Planned;
}

export interface Plan {
  readonly ok: boolean;
  readonly changes: readonly Change[];
  /** The state as the refresh left it. */
  readonly prior: State;
}

export type Planning = Pick<Run, "refresh" | "targets" | "replace" | "order" | "readsLast">;

/** @param changing false for -refresh-only */
export async function planWalk(
  plugin: Plugin,
  state: State,
  configuration: Configuration,
  { refresh, targets, replace, order, readsLast }: Planning,
  changing = true,
): Promise<Plan> {
  let prior = state;
  const changes: Change[] = [];
  const planned = new Map<string, ObjectValue>();
  const valueOf = (address: string) => planned.get(address) ?? prior.get(address)?.current?.state;

  /** Undefined after a failure; null if the object is gone. */
  const refreshed = async (type: TypeName, held: Held): Promise<Held | null | undefined> => {
    if (!refresh) return held;
    const read = await plugin.read(type, held);
    return read && read.state && { ...held, state: read.state, private: read.private };
  };

  const current = async (address: string, configured: Configured | undefined) => {
    const before = prior.get(address)?.current;
    const type = configured?.type ?? prior.get(address)?.type;
    if (type === undefined || (configured ?? before) === undefined) return true;
    const early =
      changing && readsLast && !configured && before
        ? await planDestroy(plugin, address, type, before)
        : undefined;
    const held = before && (await refreshed(type, before));
    if (before !== undefined && held === undefined) return false;
    prior = withCurrent(prior, address, type, held ?? undefined);
    if (!changing || (!configured && !held)) return true;
    const change = configured
      ? await planInstance(plugin, address, configured, held ?? undefined, replace, valueOf)
      : held && (early ?? (await planDestroy(plugin, address, type, held)));
    if (!change) return false;
    changes.push(change);
    if (change.plan.planned !== null) planned.set(address, change.plan.planned);
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

  // A target brings what it refers to.
  const wanted = targets.flatMap((each) => [each, ...referencesOf(configuration.get(each))]);
  const nodes = [...new Set([...configuration.keys(), ...state.keys()])]
    .filter((address) => targets.length === 0 || wanted.includes(address))
    .flatMap((address): readonly Node[] => {
      const configured = configuration.get(address);
      const { type, deposed: left } = state.get(address) ?? { deposed: NO_DEPOSED };
      const needs = referencesOf(configured);
      return [
        { name: address, needs, run: () => current(address, configured) },
        ...[...left].map(([key, held]) => ({
          name: `${address} deposed ${key}`,
          needs: [],
          run: () => deposed(address, type!, key, held),
        })),
      ];
    });
  return { ok: await walk(nodes, order), changes, prior };
}

/** The plan of `terraform destroy`, whose refresh is a walk of its own, before. */
export async function destroyPlanWalk(
  plugin: Plugin,
  prior: State,
  { targets, order }: Planning,
): Promise<Plan> {
  const changes: Change[] = [];
  const nodes = [...prior].flatMap(([address, { type, current, deposed }]) =>
    [[undefined, current] as const, ...deposed].flatMap(([key, held]): readonly Node[] => {
      // A target takes along what was made from it.
      const aimedAt = [address, ...(held?.dependencies ?? [])];
      if (!held || (targets.length > 0 && !targets.some((each) => aimedAt.includes(each)))) {
        return [];
      }
      const run = async () => {
        const change = await planDestroy(plugin, address, type, held, key);
        if (change !== undefined) changes.push(change);
        return change !== undefined;
      };
      return [{ name: `${address} ${key ?? ""}`, needs: [], run }];
    }),
  );
  return { ok: await walk(nodes, order), changes, prior };
}

/** Undefined after a failure. */
export async function planDestroy(
  plugin: Plugin,
  address: string,
  type: TypeName,
  before: Held,
  deposed?: string,
): Promise<Change | undefined> {
  const plan = await plugin.plan(type, null, before);
  return plan && { address, type, action: "delete", createFirst: false, deposed, before, plan };
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
  replace: readonly string[],
  valueOf: (address: string) => ObjectValue | undefined,
): Promise<Change | undefined> {
  const { type } = configured;
  const config = evaluated(configured, valueOf);
  if (!(await plugin.validate(type, config))) return undefined;
  // A tainted object is no prior state: the plan is a creation without any private.
  const prior = before === undefined || before.tainted ? NOTHING : before;
  let plan = await plugin.plan(type, config, prior);
  if (plan === undefined) return undefined;
  const same = valuesEqual(plan.planned, prior.state, TYPES[type].type);
  const replaced =
    prior.state !== null && (plan.requiresReplace.length > 0 || replace.includes(address));
  if (replaced) {
    plan = await plugin.plan(type, config, { state: null, private: plan.plannedPrivate });
    if (plan === undefined) return undefined;
  }
  return {
    address,
    type,
    action:
      replaced || before?.tainted ? "replace" : !prior.state ? "create" : same ? "none" : "update",
    createFirst: configured.type === "polyai_webhook_secret" && configured.createFirst,
    before,
    plan,
  };
}
