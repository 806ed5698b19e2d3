import { isUnknown, UNKNOWN, type Unknown } from "../../plugin/cty/value.js";
import {
  ageOf,
  compareElements,
  compareTrigger,
  nextRotation,
  type Rotation,
  type RotationInputs,
} from "./decide.js";
import type { State } from "./schema.js";

/**
 * Gives `rotation_reason` after an update: unknown while an unknown value may bring another reason.
 * A trigger may be sensitive, so the text has the names of a map's keys and no value.
 *
 * @param since when the current secret's age began
 * @param now milliseconds since 1970
 */
export function reasonOf(
  rotation: Rotation,
  prior: State,
  planned: RotationInputs,
  since: string | null,
  now: number,
): string | Unknown | null {
  if (rotation.kind === "none") return prior.rotation_reason;
  if (rotation.kind === "possible") return UNKNOWN;
  if (rotation.kind === "adoption") return "adopted";
  const { reason } = rotation;
  if (reason === "rotation not confirmed" || reason === "secret not known") return reason;

  const { rotation_trigger, rotation_triggers, rotate_after_days, encrypt_to } = planned;
  if (isUnknown(rotation_trigger) || isUnknown(rotation_triggers)) return UNKNOWN;
  if ([...(rotation_triggers?.values() ?? [])].some(isUnknown)) return UNKNOWN;
  if (reason === "trigger changed") {
    const keys = [...compareElements(prior.rotation_triggers, rotation_triggers)].flatMap(
      ([key, comparison]) => (comparison === "changed" ? [key] : []),
    );
    const alone = compareTrigger(prior.rotation_trigger || null, rotation_trigger || null);
    const names = alone === "changed" ? ["rotation_trigger", ...keys] : keys;
    return keys.length === 0 ? reason : `${reason}: ${names.join(", ")}`;
  }
  if (reason === "recipients changed") return reason;
  if (isUnknown(encrypt_to) || encrypt_to?.some(isUnknown)) return UNKNOWN;
  const readable = since !== null && ageOf(since, now) !== undefined;
  if (!readable || isUnknown(rotate_after_days)) return `${reason}: age not known`;
  return `${reason} since ${nextRotation(rotate_after_days, since) ?? ""}`;
}
