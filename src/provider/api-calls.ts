import { setTimeout as sleep } from "node:timers/promises";
import {
  error,
  warning,
  DiagnosticError,
  type Diagnostic,
} from "../plugin/framework/diagnostic.js";
import type { PrivateState } from "../plugin/framework/resource.js";
import { PolyaiError } from "../polyai/errors.js";
import type { Client } from "./client.js";
import { diagnose, fail, type Attempt } from "./errors.js";

/** @throws DiagnosticError where the API refuses or does not answer */
export async function attempt<T>(call: Promise<T>, what: Attempt): Promise<T> {
  try {
    return await call;
  } catch (failure) {
    if (failure instanceof PolyaiError) return fail(failure, what);
    throw failure;
  }
}

/**
 * The same for a creation, which the client does not repeat where it may have succeeded.
 *
 * @param dataSource lists what there is of the kind
 */
export async function attemptCreation<T>(
  call: Promise<T>,
  what: Attempt,
  dataSource: string,
): Promise<T> {
  try {
    return await call;
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    if (!failure.ambiguous) return fail(failure, what);
    const [first, ...others] = diagnose(failure, what);
    const detail = `${first.detail}

PolyAI may have made it all the same, without its answer arriving here. Look before you apply again, with the data source ${dataSource} for one: import it if it is there, or delete it, or there will be two.`;
    throw new DiagnosticError({ ...first, detail }, ...others);
  }
}

/** What PolyAI answers of an object; undefined where it does not know it. */
export async function attemptRead<T>(call: Promise<T>, what: Attempt): Promise<T | undefined> {
  try {
    return await call;
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    return failure.kind === "not_found" ? undefined : fail(failure, what);
  }
}

/** Deletes; what is gone already is deleted. */
export const attemptDeletion = async (
  call: Promise<void>,
  what: Attempt,
  asked: () => void,
): Promise<readonly Diagnostic[]> => {
  try {
    await call;
  } catch (failure) {
    if (!(failure instanceof PolyaiError)) throw failure;
    if (failure.kind !== "not_found") return fail(failure, what);
    asked();
  }
  return [];
};

/** Kept beside the state of each object. */
interface Made extends PrivateState {
  /** Where the API was asked when the object was last seen. */
  readonly origin?: string;
}

export const madeAt = ({ origin }: Client): Made => ({ origin });

/**
 * In the wrong region nothing is found; what is there must not be given up for that.
 *
 * @throws DiagnosticError where the object was last seen at another origin than is asked now
 */
export function assertSameOrigin(
  { origin: asked }: Client,
  privateState: PrivateState,
  { action }: Attempt,
): void {
  const { origin } = privateState as Made;
  if (origin === undefined || origin === asked) return;
  throw new DiagnosticError(
    error(
      `Could not ${action}`,
      `It was last seen at ${origin}, and the provider now asks ${asked}, which does not know it. The state is kept as it is. Set the provider's region (or base_url) back, or remove the resource from the state with "terraform state rm" if you mean to leave it.`,
    ),
  );
}

/** @param object begins a sentence: `Alert rule ar_1` */
export const gone = (object: string, { origin }: Client): Diagnostic =>
  warning(
    `${object} is gone`,
    `PolyAI does not know it any more at ${origin}, so it is removed from the state. If the configuration still has it, the next apply creates it anew.`,
  );

const WAITS_MS = [100, 200, 400, 800, 1600];

/**
 * Waits until what was just created can be read, so that whatever uses it next finds it. It never
 * fails: what exists must reach the state.
 *
 * @param object begins a sentence: `Alert rule ar_1`
 */
export async function untilReadable(
  object: string,
  read: () => Promise<unknown>,
): Promise<readonly Diagnostic[]> {
  for (const wait of [0, ...WAITS_MS]) {
    await sleep(wait);
    try {
      await read();
      return [];
    } catch (failure) {
      if (!(failure instanceof PolyaiError) || failure.kind !== "not_found") return [];
    }
  }
  return [
    warning(
      `${object} cannot be read yet`,
      "PolyAI has created it but does not show it so far. It is in the state. If the next plan reports it as gone, wait a little and plan again before applying.",
    ),
  ];
}
