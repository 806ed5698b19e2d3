import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { warning, type Diagnostic } from "../plugin/framework/diagnostic.js";
import type { Ending, Outcome, PrivateState } from "../plugin/framework/resource.js";
import type { Validator } from "../plugin/schema/attribute.js";
import { PolyaiError } from "../polyai/errors.js";
import { attempt, attemptUnlessGone, isNotFound, isPassing } from "./api-calls.js";
import type { Client } from "./client.js";
import { diagnose } from "./errors.js";
import { assertImportId } from "./ids.js";
import { assertGone, seenBy } from "./settings.js";

/** A kind of object that PolyAI creates, shows, changes and deletes by id. */
export interface Kind<Settings, Found, Created extends Found> {
  /** Completes "Could not read …", such as `alert rule`. */
  readonly noun: string;
  readonly isId: Validator<string>;
  /** The attributes that the API may complain of by name. */
  readonly settings: readonly string[];
  /** The data source that lists the objects. */
  readonly dataSource: string;
  readonly api: (client: Client) => {
    create(settings: Settings): Promise<Created>;
    get(id: string): Promise<Found>;
    update(id: string, changes: Partial<Settings>): Promise<Found>;
    delete(id: string): Promise<void>;
  };
}

/** A state of such an object. */
interface HasId {
  readonly id: string | null;
}

const idOf = ({ id }: HasId): string => id ?? "";

/** The API calls of a resource of this kind. Each throws a DiagnosticError if it fails. */
export function crud<
  Settings extends { readonly name: string },
  Found,
  Created extends Found & { readonly id: string },
>({ noun, isId, settings: attributes, dataSource, api }: Kind<Settings, Found, Created>) {
  const titled = (id: string) => `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${id}`;

  return {
    async create<S>(
      client: Client,
      settings: Settings,
      stateOf: (created: Created) => S,
    ): Promise<Outcome<S>> {
      const created = await attempt(api(client).create(settings), {
        action: `create ${noun} ${JSON.stringify(settings.name)}`,
        attributes,
        ifAmbiguous: `PolyAI may have made it all the same, without its answer arriving here. Look before you apply again, with the data source ${dataSource} for one: import it if it is there, or delete it, or there will be two.`,
      });
      const { id } = created;
      const { seen, diagnostics } = await firstReading(client, titled(id), () =>
        api(client).get(id),
      );
      // A 404 does not tell that an object is gone which was never shown.
      return { state: stateOf(created), privateState: seen ? seenBy(client, id) : {}, diagnostics };
    },

    async read<S>(
      client: Client,
      state: HasId,
      privateState: PrivateState,
      stateOf: (found: Found) => S,
    ): Promise<Outcome<S | null>> {
      const id = idOf(state);
      const what = { action: `read ${noun} ${id}` };
      const found = await attemptUnlessGone(api(client).get(id), what);
      if (found !== undefined) {
        return { state: stateOf(found), privateState: { ...privateState, ...seenBy(client, id) } };
      }
      assertGone(client, id, privateState, what.action);
      const gone = warning(
        `${titled(id)} is gone`,
        `PolyAI does not know it any more at ${client.settingsFor(id).url}, so it is removed from the state. If the configuration still has it, the next apply creates it anew.`,
      );
      return { state: null, diagnostics: [gone] };
    },

    /** Sends the settings that differ. `stateOf` is given nothing if none does. */
    async update<S>(
      client: Client,
      state: HasId,
      privateState: PrivateState,
      [before, after]: readonly [Settings, Settings],
      stateOf: (updated: Found | undefined) => S,
    ): Promise<Outcome<S>> {
      const changes = changesBetween(before, after);
      if (Object.keys(changes).length === 0) return { state: stateOf(undefined) };
      const id = idOf(state);
      const action = `update ${noun} ${id}`;
      const call = api(client).update(id, changes);
      await call.catch((failure: unknown) => {
        if (isNotFound(failure)) assertGone(client, id, privateState, action);
      });
      const updated = await attempt(call, { action, attributes });
      return { state: stateOf(updated), privateState: seenBy(client, id) };
    },

    /** An object that is gone already is deleted. */
    async delete(client: Client, state: HasId, privateState: PrivateState): Promise<Ending> {
      const id = idOf(state);
      const what = { action: `delete ${noun} ${id}` };
      const call = api(client).delete(id);
      const deleted = await attemptUnlessGone(
        call.then(() => true),
        what,
      );
      if (deleted === undefined) assertGone(client, id, privateState, what.action);
      return {};
    },

    async import<S>(client: Client, id: string, stateOf: (found: Found) => S): Promise<Outcome<S>> {
      assertImportId(isId, id);
      const found = await attempt(api(client).get(id), { action: `import ${noun} ${id}` });
      return { state: stateOf(found), privateState: seenBy(client, id) };
    },
  };
}

/** The settings that changed, which is all that a PATCH needs to name. */
export const changesBetween = <T extends object>(before: T, after: T): Partial<T> => {
  const was = new Map<string, unknown>(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(value, was.get(name))),
  ) as Partial<T>;
};

/**
 * The value of a setting that a state holds after reading: the prior value if the API only writes
 * it in another way, else the value that was read.
 */
export const kept = <V>(
  prior: V | null | undefined,
  read: V,
  normalize: (value: V) => unknown,
): V =>
  prior !== null && prior !== undefined && normalize(prior) === normalize(read) ? prior : read;

const WAITS_MS = [0, 100, 200, 400, 800, 1600];
/** The state waits for the reading, and holds the only signing secret. */
const LONGEST_READING_MS = 5000;

interface Reading {
  readonly seen: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Waits until a new object can be read, so that whatever uses it next finds it. It never throws,
 * since the new object must reach the state.
 */
async function firstReading(
  { api: { timing } }: Client,
  object: string,
  read: () => Promise<unknown>,
): Promise<Reading> {
  const readings = async (): Promise<Reading> => {
    for (const wait of WAITS_MS) {
      await timing.sleep(wait, undefined);
      try {
        await read();
        return { seen: true, diagnostics: [] };
      } catch (failure) {
        if (!isNotFound(failure)) return { seen: false, diagnostics: problemsOf(object, failure) };
      }
    }
    return { seen: false, diagnostics: [notShown(object)] };
  };
  const over = once(timing.deadline(LONGEST_READING_MS), "abort");
  return Promise.race([readings(), over.then(() => ({ seen: false, diagnostics: [] }))]);
}

function problemsOf(object: string, failure: unknown): readonly Diagnostic[] {
  if (!(failure instanceof PolyaiError)) {
    return [unreadable(object, "This is a fault in the provider: please report it.")];
  }
  if (isPassing(failure)) return [];
  const [{ detail }] = diagnose(failure, { action: "read it" });
  return [unreadable(object, detail)];
}

const notShown = (object: string): Diagnostic =>
  warning(
    `${object} cannot be read yet`,
    "PolyAI has created it but does not show it so far. It is in the state. If the next plan cannot read it, wait a little and plan again.",
  );

const unreadable = (object: string, reason: string): Diagnostic =>
  warning(
    `${object} was created but cannot be read`,
    `It is in the state, and the next plan will fail to read it, too. ${reason}`,
  );
