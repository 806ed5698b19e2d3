/** The promises that hold after every command. */
import { isUnknown } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { secretIn } from "./cipher.js";
import { FELL_DUE, limitOf, ofSavedPlan } from "./limits.js";
import { isConfigured, ownersOf, type Owner } from "./owners.js";
import type { Change } from "./plan-walk.js";
import type { Configuration, State } from "./state.js";
import type { Command, Place, World } from "./world.js";

export interface Finding {
  readonly kind:
    | "silent dead secret"
    | "state lost"
    | "change without a planned change"
    | "more rotations than planned"
    | "secret in a diagnostic"
    | "fault of the provider"
    | "inconsistent with its plan"
    | "refused plan";
  readonly text: string;
  /** Why nothing can be done about it. */
  readonly limit?: string;
}

export async function findings(world: World, command: Command): Promise<readonly Finding[]> {
  world.records.noteShared(world);
  return [
    ...faults(command),
    ...leaks(world, command),
    ...unannounced(world, command),
    ...lost(world, command),
    ...(await refused(world, command)),
    ...(await deadSecrets(world, command)),
  ];
}

function* faults({ diagnostics, complaints, step }: Command): Generator<Finding> {
  for (const { summary, detail } of diagnostics) {
    const text = `${summary}: ${detail}`;
    // The explorer itself lets encryption fail.
    const own = /encrypting the new secret failed|encryption fails/.test(text);
    if (!own && /fault in the provider/i.test(text)) yield { kind: "fault of the provider", text };
  }
  for (const text of complaints) {
    yield {
      kind: "inconsistent with its plan",
      text,
      ...(ofSavedPlan(step, text) && { limit: FELL_DUE }),
    };
  }
}

function* leaks({ network }: World, { diagnostics }: Command): Generator<Finding> {
  const secrets = [...network.secrets.all, ...network.keys];
  for (const { summary, detail } of diagnostics) {
    const text = `${summary}: ${detail}`;
    if (secrets.some((secret) => text.includes(secret))) {
      yield { kind: "secret in a diagnostic", text };
    }
  }
}

/** A change that PolyAI carried out must have been planned, or a fault must explain it. */
function* unannounced({ network }: World, command: Command): Generator<Finding> {
  const written = network.written.filter((each) => each.command === command.index);
  const acted = (of: typeof written) => of.reduce((sum, each) => sum + each.acted, 0);
  const planned = command.planned.filter(({ action }) => action !== "none");
  const applies = command.step.do === "apply" || command.step.do === "apply the saved plan";
  if (acted(written) > 0 && (planned.length === 0 || !(applies || command.step.do === "destroy"))) {
    yield { kind: "change without a planned change", text: "PolyAI was asked to change something" };
  }
  for (const endpoint of new Set(written.flatMap(({ rotates }) => rotates ?? []))) {
    const rotations = written.filter(({ rotates }) => rotates === endpoint);
    const explained =
      planned.reduce((sum, change) => sum + rotationsOf(change, endpoint), 0) +
      rotations.filter(({ clean }) => !clean).length;
    if (acted(rotations) > explained) {
      const text = `${acted(rotations)} rotations of ${endpoint}, of which ${explained} are explained`;
      yield { kind: "more rotations than planned", text };
    }
  }
}

/** How many rotations of the endpoint a planned change may make. */
const rotationsOf = ({ action, before, plan }: Change, endpoint: string): number => {
  const after = plan.planned;
  const ends = action === "delete" || action === "replace";
  const invalidates = before?.state["on_destroy"] === "invalidate";
  const makes = after !== null && (action !== "update" || isUnknown(after["fingerprint"]));
  const target = after?.["endpoint_id"];
  return (
    (ends && invalidates && before.state["endpoint_id"] === endpoint ? 1 : 0) +
    (makes && (target === endpoint || isUnknown(target)) ? 1 : 0)
  );
};

/** Of a plan that has read every object, the next is not refused in any order of the objects. */
async function refused(world: World, { plannedBy, diagnostics }: Command): Promise<Finding[]> {
  const { run, step } = plannedBy;
  if (run?.refresh !== true || !("workspace" in step)) return [];
  const found: Finding[] = [];
  const place = world.places[step.workspace];
  for (const text of refusals(world, diagnostics)) {
    const looks = [];
    for (const order of [[], [3], [0, 3], [0, 0, 3], [0, 0, 0, 3]]) {
      looks.push(await world.look(place, place.configuration, { order, readsLast: run.readsLast }));
    }
    if (looks.every((look) => refusals(world, look.diagnostics).includes(text))) {
      found.push({ kind: "refused plan", text });
    }
  }
  return found;
}

const refusals = ({ records }: World, diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics
    .map(({ summary }) => summary)
    .filter((summary) => {
      const endpoint = REFUSAL.exec(summary)?.[1];
      return endpoint !== undefined && !records.shared(endpoint);
    });

const REFUSAL = /^Another object of (\S+)/;

/** An object that PolyAI has stays in the state, unless its end was planned, and asked of the right account. */
function* lost({ network, places, commands }: World, command: Command): Generator<Finding> {
  const { step, run, before, planned } = command;
  if (run === undefined || !("workspace" in step)) return;
  const { state } = places[step.workspace];
  for (const [address, { current }] of before) {
    // A deposed object is still there, and what follows it rotates.
    if (current === undefined || state.has(address)) continue;
    const { endpoint_id, fingerprint, id } = current.state;
    if (network.live((endpoint_id ?? id) as string) === undefined) continue;
    const ends = planned.some(
      (each) => each.address === address && ["delete", "replace"].includes(each.action),
    );
    const othersIn = (one: State) =>
      [...one].filter(
        ([other, { current: held }]) =>
          other !== address && held?.state["endpoint_id"] === endpoint_id,
      );
    const stillThere = othersIn(before).map(([other]) => other);
    const gone = commands
      .slice(0, command.index)
      .filter((each) => each.before.get(address)?.current?.state["fingerprint"] === fingerprint)
      .flatMap((each) => othersIn(each.before))
      .filter(([other]) => !stillThere.includes(other));
    // A destroy that asks PolyAI for nothing is right everywhere: a newer object of the endpoint
    // stays, ends without asking, or has ended in an earlier command.
    const asks =
      othersIn(state).length === 0 &&
      gone.length === 0 &&
      [current.state, ...othersIn(before).map(([, other]) => other.current?.state)].every(
        (each) => each?.["on_destroy"] === "invalidate",
      );
    if (ends && (run.settings === "right" || !asks)) continue;
    yield { kind: "state lost", text: `${address}, which PolyAI still has` };
  }
}

async function deadSecrets(world: World, command: Command): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const [endpoint, owners] of ownersOf(world)) {
    const live = world.network.live(endpoint);
    const told = tells(command, endpoint);
    const record = world.records.of(endpoint, live, command.index, told);
    const [owner] = owners;
    if (owner === undefined || owners.length > 1 || world.records.shared(endpoint)) continue;
    // Nothing uses an object that is not configured so any more, and the next apply destroys it.
    if (!isConfigured(owner, endpoint)) continue;
    const secret = secretIn(owner.held.state);
    // A state that holds no secret deceives nobody.
    if (live === undefined || secret === live) continue;
    const heals = await everyNextPlanHeals(world, owner);
    const honest = secret === null || record.told >= record.changed;
    if (heals && honest) continue;
    const why = [
      ...(honest ? [] : ["nobody was told"]),
      ...(heals ? [] : ["the next plan does not heal it"]),
    ];
    const text = `${owner.address} holds ${JSON.stringify(secret)}, PolyAI signs with ${JSON.stringify(live)}: ${why.join(", and ")}`;
    const limit = limitOf(world, endpoint, owner);
    found.push({ kind: "silent dead secret", text, ...(limit && { limit }) });
  }
  return found;
}

const WORDS =
  /may have changed|may be refusing|refuses? (every|deliver)|not confirmed|not valid any more|not known|may not be|does not verify/i;

/** True if the command or its plan failed or warned in words that say that the secret may be dead. */
const tells = ({ diagnostics, plannedBy, interrupted }: Command, endpoint: string): boolean =>
  // The words are core's own if the plugin was killed.
  interrupted === "kill the plugin" ||
  [...diagnostics, ...plannedBy.diagnostics].some((each) => speaks(each, endpoint));

const speaks = ({ summary, detail }: Diagnostic, endpoint: string): boolean =>
  `${summary} ${detail}`.includes(endpoint) && WORDS.test(`${summary} ${detail}`);

/** With refresh and without; and also if the practitioner puts the triggers back. */
async function everyNextPlanHeals(world: World, owner: Owner): Promise<boolean> {
  const { place, address } = owner;
  const configured = place.configuration.get(address);
  if (configured?.type !== "polyai_webhook_secret") return true;
  const trigger = owner.held.state["rotation_trigger"] as string | null;
  const putBack = new Map(place.configuration).set(address, { ...configured, trigger });
  for (const configuration of [place.configuration, putBack]) {
    for (const refresh of [true, false]) {
      if (!(await nextPlanHeals(world, place, configuration, refresh, address))) return false;
    }
  }
  return true;
}

const REFUSALS =
  /^Two resources rotate|^initial_secret(_wo)? is not valid any more|would be left with a dead secret$/;

async function nextPlanHeals(
  world: World,
  place: Place,
  configuration: Configuration,
  refresh: boolean,
  address: string,
): Promise<boolean> {
  const { changes, diagnostics } = await world.look(place, configuration, { refresh });
  // A configuration that would leave a dead secret is refused, and applied by nobody.
  if (diagnostics.some(({ summary }) => REFUSALS.test(summary))) return true;
  const change = changes.find((each) => each.address === address && each.deposed === undefined);
  const planned = change?.plan.planned;
  const before = change?.before?.state["endpoint_id"];
  // An object that moves on to another endpoint leaves the secret of this one to nobody.
  return (
    isUnknown(planned?.["fingerprint"]) ||
    // A new object may adopt the endpoint's first secret, if nothing has rotated it.
    planned?.["signing_secret"] === world.network.live(before as string) ||
    planned?.["endpoint_id"] !== before
  );
}
