import { edited, isEdit } from "./edit.js";
import type { History, Step } from "./history.js";
import { findings, type Finding } from "./promise.js";
import { withCurrent } from "./state.js";
import { World, type Command } from "./world.js";

export interface Played {
  readonly findings: readonly Finding[];
  /** The steps that were taken. */
  readonly steps: readonly Step[];
  readonly world: World;
}

/**
 * Plays a history to its first finding, or to its end.
 *
 * @param look sees the world after each command
 */
export async function play(
  history: History,
  look: (world: World) => void = () => undefined,
): Promise<Played> {
  const world = new World();
  await world.begin(history);
  for (const [index, step] of history.steps.entries()) {
    const command = await take(world, step);
    if (command === undefined) continue;
    // A request that is on its way acts, and nobody types the next command at once.
    world.time.pass(1000);
    look(world);
    const found = await findings(world, command);
    if (found.length === 0) continue;
    return { findings: found, steps: history.steps.slice(0, index + 1), world };
  }
  return { findings: [], steps: history.steps, world };
}

/** Does a step; gives the command that it was, or undefined for an edit. */
async function take(world: World, step: Step): Promise<Command | undefined> {
  if (step.do === "wait") {
    world.time.pass(step.days * 86_400_000);
    return undefined;
  }
  if (step.do === "replace the API key") {
    const { keys } = world.network;
    const next = `home-key-${Number(world.network.key.slice(9)) + 1}`;
    keys.clear();
    keys.add(next);
    return undefined;
  }
  if (step.do === "delete the endpoint") {
    await world.deleteEndpoint(step.endpoint);
    return undefined;
  }
  const place = world.places[step.workspace];
  const { configuration } = place;
  if (isEdit(step)) {
    place.configuration = edited(configuration, step, (name) => world.endpoints[name] ?? name);
    const instance = place.state.get(step.address);
    if (step.do === "rename" && step.moved && instance !== undefined) {
      if (place.configuration === configuration || place.state.has(step.to)) return undefined;
      const state = new Map(place.state);
      state.delete(step.address);
      place.state = state.set(step.to, instance);
    }
    return undefined;
  }
  switch (step.do) {
    case "plan":
    case "save a plan": {
      const command = world.command(step, step.run);
      const plan = await world.plan(command, place, step.run);
      if (plan !== undefined && step.do === "save a plan") {
        place.saved = { plan, by: command, configuration, of: place.state };
      }
      return command;
    }
    case "apply":
    case "refresh":
    case "destroy": {
      const command = world.command(step, step.run);
      const plan = await world.plan(command, place, step.run);
      if (plan === undefined) return command;
      if (step.do === "refresh") place.state = plan.prior;
      else await world.apply(command, place, plan, configuration, step.run);
      return command;
    }
    case "apply the saved plan": {
      const { saved } = place;
      // Core refuses a plan that was made of another state.
      if (saved?.of !== place.state) return undefined;
      const command = world.command(step, step.run, saved.by);
      await world.apply(command, place, saved.plan, saved.configuration, step.run);
      return command;
    }
    case "taint":
    case "state rm": {
      const instance = place.state.get(step.address);
      const current = instance?.current;
      if (instance === undefined) return undefined;
      const command = world.command(step);
      if (step.do === "taint") {
        const tainted = current && { ...current, tainted: true };
        place.state = withCurrent(place.state, step.address, instance.type, tainted);
      } else {
        const state = new Map(place.state);
        state.delete(step.address);
        place.state = state;
      }
      return command;
    }
    case "import": {
      const command = world.command(step);
      await world.import(command, place, step.address, step.known);
      return command;
    }
  }
}
