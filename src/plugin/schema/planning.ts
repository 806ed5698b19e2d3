import { valuesEqual } from "../cty/equal.js";
import { UNKNOWN, type ObjectValue, type Value } from "../cty/value.js";
import type { SchemaDefinition } from "./define.js";

export interface PlannedChange {
  readonly plannedState: ObjectValue;
  /** The changed attributes that cannot change in place. */
  readonly requiresReplace: readonly string[];
}

/**
 * The planning rules that a schema implies.
 *
 * A configured attribute is planned as configured, or as its default. A computed one keeps its
 * prior value, unless there is none yet or a changed attribute recomputes it: then it is unknown.
 * If nothing configured changes, nothing changes at all.
 *
 * @param proposedNewState core's merge of config and prior state
 */
export function planChange(
  { attributes }: SchemaDefinition,
  config: ObjectValue,
  priorState: ObjectValue | null,
  proposedNewState: ObjectValue,
): PlannedChange {
  const planned: Record<string, Value> = { ...proposedNewState };
  const recomputed = new Set<string>();
  const requiresReplace: string[] = [];
  for (const [name, { source, options, type }] of Object.entries(attributes)) {
    // The protocol has write-only values in the config alone.
    if (options.writeOnly) planned[name] = null;
    else if (source === "defaulted") planned[name] = config[name] ?? (options.default as Value);
    if (priorState === null) continue;
    if (valuesEqual(planned[name] ?? null, priorState[name] ?? null, type.cty)) continue;
    for (const other of options.recomputes ?? []) recomputed.add(other);
    if (options.requiresReplace) requiresReplace.push(name);
  }
  for (const [name, { source }] of Object.entries(attributes)) {
    if (source !== "computed") continue;
    if (priorState === null || recomputed.has(name)) planned[name] = UNKNOWN;
  }
  return { plannedState: planned, requiresReplace };
}

/** A plan or state as the protocol allows it: with what is write-only taken out. */
export const withoutWriteOnly = <S extends ObjectValue | null>(
  { attributes }: SchemaDefinition,
  state: S,
): S =>
  state === null
    ? state
    : (Object.fromEntries(
        Object.entries(state).map(([name, value]) => [
          name,
          attributes[name]?.options.writeOnly === true ? null : value,
        ]),
      ) as S);
