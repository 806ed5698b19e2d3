import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { ApplyWalk } from "./apply-walk.js";
import {
  RUN,
  type History,
  type Interrupt,
  type Run,
  type Step,
  type Workspace,
} from "./history.js";
import { Network } from "./network.js";
import { Records } from "./owners.js";
import { destroyPlanWalk, planWalk, type Change, type Plan } from "./plan-walk.js";
import { Plugin } from "./plugin.js";
import { withCurrent, type Configuration, type State } from "./state.js";
import { followDate, Time } from "./time.js";

/** A folder and its state. */
export interface Place {
  configuration: Configuration;
  state: State;
  saved?: {
    readonly plan: Plan;
    readonly by: Command;
    readonly configuration: Configuration;
    readonly of: State;
  };
}

/** A command's doings, for the promise to be held against. */
export interface Command {
  readonly index: number;
  readonly step: Step;
  readonly run: Run | undefined;
  readonly before: State;
  planned: readonly Change[];
  /** The command itself, or the one that saved its plan. */
  readonly plannedBy: Command;
  readonly diagnostics: Diagnostic[];
  /** Complaints of core itself about the provider's answers. */
  readonly complaints: string[];
  interrupted: Interrupt | undefined;
}

/** Everything that a history plays in. */
export class World {
  readonly time = new Time();
  readonly network = new Network(this.time);
  readonly places: Readonly<Record<Workspace, Place>> = {
    default: { configuration: new Map(), state: new Map() },
    other: { configuration: new Map(), state: new Map() },
  };
  readonly commands: Command[] = [];
  readonly records = new Records();

  /** The ids of the endpoints that are there from the start, by the names that histories use. */
  endpoints: Readonly<Record<string, string>> = {};

  async begin({ endpoint }: History): Promise<void> {
    followDate(() => this.time.now);
    if (endpoint) this.places.default.configuration = new Map([["e", ENDPOINT]]);
    this.endpoints = await this.network.begin();
  }

  /** Does nothing if there is none. */
  async deleteEndpoint(name: string): Promise<void> {
    const made = this.places.default.state.get(name)?.current?.state["id"] as string | undefined;
    const id = this.endpoints[name] ?? made ?? "";
    if (this.network.live(id) !== undefined) await this.network.home.deleteEndpoint(id);
  }

  plugin(diagnostics: Diagnostic[], { pauses }: Pick<Run, "pauses">): Plugin {
    const { time, network } = this;
    return new Plugin({ time, network, pauses, tell: (told) => diagnostics.push(...told) });
  }

  /** A plan as of now, with the right settings and without faults, that leaves nothing behind. */
  async look(place: Place, configuration: Configuration, run: Partial<Run>) {
    const diagnostics: Diagnostic[] = [];
    const whole = { ...RUN, ...run };
    const plugin = this.plugin(diagnostics, whole);
    this.network.reads = [];
    const plan = plugin
      .configure("right", 0)
      .then(() => planWalk(plugin, place.state, configuration, whole));
    return { ...(await this.time.settle(plan)), diagnostics };
  }

  command(step: Step & { readonly workspace: Workspace }, run?: Run, plannedBy?: Command): Command {
    const command: Command = {
      get plannedBy() {
        return plannedBy ?? this;
      },
      index: this.commands.length,
      step,
      run,
      before: this.places[step.workspace].state,
      planned: [],
      diagnostics: [],
      complaints: [],
      interrupted: undefined,
    };
    this.commands.push(command);
    this.network.command = command.index;
    this.network.reads = [...(run?.reads ?? [])];
    this.network.writes = [...(run?.writes ?? [])];
    return command;
  }

  /** Undefined after a failure. */
  async plan(command: Command, place: Place, run: Run): Promise<Plan | undefined> {
    const plan = await this.time.settle(this.#plan(command, place, run));
    command.planned = plan?.changes ?? [];
    return plan;
  }

  async #plan(
    command: Command,
    { configuration, state }: Place,
    run: Run,
  ): Promise<Plan | undefined> {
    const begin = async () => {
      const plugin = this.plugin(command.diagnostics, run);
      return (await plugin.configure(run.settings, run.retries)) ? plugin : undefined;
    };
    const plugin = await begin();
    if (plugin === undefined) return undefined;
    // A destroy begins with a whole plan, of which it keeps the refreshed state alone.
    const destroys = command.step.do === "destroy";
    const plan = await planWalk(plugin, state, configuration, run, command.step.do !== "refresh");
    if (!plan.ok || !destroys) return plan.ok ? plan : undefined;
    const second = await begin();
    const destroy = second && (await destroyPlanWalk(second, plan.prior, run));
    return destroy?.ok ? destroy : undefined;
  }

  async apply(
    command: Command,
    place: Place,
    plan: Plan,
    configuration: Configuration,
    run: Run,
  ): Promise<void> {
    const plugin = this.plugin(command.diagnostics, run);
    command.planned = plan.changes;
    if (!(await this.time.settle(plugin.configure(run.settings, run.retries)))) return;
    let stopped = false;
    const walk = new ApplyWalk(plugin, plan, {
      ...run,
      index: command.index,
      configuration,
      stopped: () => stopped,
      complain: (about) => command.complaints.push(about),
    });
    let left = run.interrupt?.after ?? Infinity;
    await this.time.settle(walk.ends, () => {
      left -= 1;
      if (left >= 0 || stopped || run.interrupt === undefined) return;
      command.interrupted = run.interrupt.kind;
      stopped = true;
      if (run.interrupt.kind === "Ctrl-C") plugin.stop();
      else plugin.kill();
    });
    // A state that is stored elsewhere is written at the end, if there is one.
    if (command.interrupted !== "kill Terraform") place.state = walk.state;
  }

  async import(command: Command, place: Place, address: string, known: boolean): Promise<void> {
    const configured = place.configuration.get(address);
    if (configured?.type !== "polyai_webhook_secret") return;
    const id = configured.endpoint;
    if (!id.startsWith("whe_") || place.state.get(address)?.current) return;
    const plugin = this.plugin(command.diagnostics, RUN);
    const live = this.network.live(id) ?? "";
    // No environment holds half of a character.
    const secret = known && Buffer.from(live).toString() === live ? live : undefined;
    const read = await this.time.settle(importWalk(plugin, id, secret));
    if (read === undefined) return;
    const held = { ...read, tainted: false, dependencies: [] };
    place.state = withCurrent(place.state, address, configured.type, held);
  }
}

async function importWalk(plugin: Plugin, id: string, secret: string | undefined) {
  if (!(await plugin.configure("right", 4, secret))) return undefined;
  const imported = await plugin.import("polyai_webhook_secret", id);
  const read = imported && (await plugin.read("polyai_webhook_secret", imported));
  return read?.state ? { state: read.state, private: read.private } : undefined;
}

export const ENDPOINT = { type: "polyai_webhook_endpoint" } as const;
