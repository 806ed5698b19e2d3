import {
  containsUnknown,
  UNKNOWN,
  type ObjectValue,
  type Value,
} from "../../../src/plugin/cty/value.js";
import { error, hasErrors, type Diagnostic } from "../../../src/plugin/framework/diagnostic.js";
import { NOTHING, type Host, type Instance } from "../../support/host.js";

/** One call of the provider, and what it said. */
export interface Step {
  readonly name: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** A config with one value in it that is not expected. */
export interface Given {
  readonly type: string;
  readonly attribute: string;
  readonly config: ObjectValue;
}

/** Gives a config to the provider in every step that core would take with it. */
export class Plays {
  readonly #existing = new Map<string, Instance>();

  /** @param configure begins a plan or an apply */
  constructor(
    private readonly host: Host,
    private readonly configure: () => Promise<void>,
    private readonly goodConfig: (type: string) => ObjectValue,
  ) {}

  async provider({ config }: Given): Promise<readonly Step[]> {
    return [
      { name: "validate", diagnostics: await this.host.validateProvider(config) },
      { name: "configure", diagnostics: await this.host.configure(config) },
    ];
  }

  /** Known at once and known late; for a creation, and for an object that exists and stays. */
  async resource({ type, attribute, config }: Given): Promise<readonly Step[]> {
    const { host } = this;
    const steps = [{ name: "validate", diagnostics: await host.validate(type, config) }];
    for (const prior of [NOTHING, await this.#objectOf(type)]) {
      const change = prior === NOTHING ? "creation" : "update";
      await this.configure();
      const early = await host.plan(type, config, prior);
      steps.push({ name: `plan of ${change}`, diagnostics: early.diagnostics });
      let plan = early;
      if (hasErrors(early.diagnostics)) {
        await this.configure();
        const late = await host.plan(type, { ...config, [attribute]: UNKNOWN }, prior);
        const planned = { ...late.planned, [attribute]: config[attribute] ?? null };
        plan = { ...late, config: { ...late.config, ...config }, planned };
      }
      if (isUnknownIn(config) || early.requiresReplace.length > 0) continue;
      const applied = await host.apply(type, plan);
      steps.push({ name: `apply of ${change}`, diagnostics: applied.diagnostics });
      if (prior === NOTHING && applied.state !== null) {
        await host.apply(type, await host.plan(type, null, applied));
      }
    }
    return steps;
  }

  async dataSource({ type, config }: Given): Promise<readonly Step[]> {
    const { host } = this;
    const validate = { name: "validate", diagnostics: await host.validateDataSource(type, config) };
    if (isUnknownIn(config)) return [validate];
    await this.configure();
    return [validate, { name: "read", ...(await host.readDataSource(type, config)) }];
  }

  async list({ type, config }: Given): Promise<readonly Step[]> {
    const { host } = this;
    const validate = { name: "validate", diagnostics: await host.validateList(type, config) };
    if (isUnknownIn(config)) return [validate];
    await this.configure();
    return [validate, { name: "list", ...(await host.list(type, { config })) }];
  }

  async ephemeral({ type, config }: Given): Promise<readonly Step[]> {
    const { host } = this;
    const validate = { name: "validate", diagnostics: await host.validateEphemeral(type, config) };
    if (isUnknownIn(config)) return [validate];
    return [validate, { name: "open", ...(await host.openEphemeral(type, config)) }];
  }

  /** A problem with an argument has the argument's name as its path. */
  async call(
    name: string,
    parameters: readonly string[],
    args: readonly Value[],
  ): Promise<readonly Step[]> {
    const { error: problem } = await this.host.call(name, args);
    if (problem === undefined) return [{ name: "call", diagnostics: [] }];
    const { text = "", functionArgument = parameters.length } = problem;
    return [{ name: "call", diagnostics: [error("Error", text, parameters[functionArgument])] }];
  }

  async #objectOf(type: string): Promise<Instance> {
    const known = this.#existing.get(type);
    if (known !== undefined) return known;
    await this.configure();
    const made = await this.host.apply(type, await this.host.plan(type, this.goodConfig(type)));
    if (made.state === null) throw new Error(`the example of ${type} cannot be applied`);
    this.#existing.set(type, made);
    return made;
  }
}

const isUnknownIn = (config: ObjectValue): boolean => Object.values(config).some(containsUnknown);
