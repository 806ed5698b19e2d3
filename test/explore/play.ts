import type { History, Step } from "./history.js";
import { findings, type Finding } from "./promise.js";
import { withCurrent, type SecretConfig } from "./state.js";
import { World, type Command } from "./world.js";

export interface Played {
  readonly findings: readonly Finding[];
  /** The steps that were taken. */
  readonly steps: readonly Step[];
  readonly world: World;
}

/** Plays a history to its first finding, or to its end. */
export async function play(history: History): Promise<Played> {
  const world = new World();
  await world.begin(history);
  for (const [index, step] of history.steps.entries()) {
    const command = await take(world, step);
    if (command === undefined) continue;
    const found = await findings(world, command);
    if (found.length === 0) continue;
    return { findings: found, steps: history.steps.slice(0, index + 1), world };
  }
  return { findings: [], steps: history.steps, world };
}

const NEW: SecretConfig = {
  type: "polyai_webhook_secret",
  endpoint: "E1",
  trigger: "1",
  days: null,
  invalidate: false,
  initial: false,
  encrypted: false,
  createFirst: false,
};

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
  const idOf = (name: string) => world.endpoints[name] ?? name;
  const configuration = new Map(place.configuration);
  switch (step.do) {
    case "edit": {
      const old = configuration.get(step.address) ?? { ...NEW, endpoint: idOf(NEW.endpoint) };
      if (old.type !== "polyai_webhook_secret") return undefined;
      const endpoint = idOf(step.to.endpoint ?? old.endpoint);
      // A reference to nothing is no valid configuration.
      if (!endpoint.startsWith("whe_") && !configuration.has(endpoint)) return undefined;
      place.configuration = configuration.set(step.address, { ...old, ...step.to, endpoint });
      return undefined;
    }
    case "drop":
      configuration.delete(step.address);
      place.configuration = configuration;
      return undefined;
    case "rename": {
      const configured = configuration.get(step.address);
      if (configured?.type !== "polyai_webhook_secret" || configuration.has(step.to)) {
        return undefined;
      }
      configuration.delete(step.address);
      place.configuration = configuration.set(step.to, configured);
      const instance = place.state.get(step.address);
      if (step.moved && instance !== undefined && !place.state.has(step.to)) {
        const state = new Map(place.state);
        state.delete(step.address);
        place.state = state.set(step.to, instance);
      }
      return undefined;
    }
    case "exchange endpoints": {
      const [one, two] = [configuration.get(step.address), configuration.get(step.with)];
      if (one?.type !== "polyai_webhook_secret" || two?.type !== one.type) return undefined;
      const { endpoint, initial } = one;
      configuration.set(step.address, { ...one, endpoint: two.endpoint, initial: two.initial });
      place.configuration = configuration.set(step.with, { ...two, endpoint, initial });
      return undefined;
    }
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
