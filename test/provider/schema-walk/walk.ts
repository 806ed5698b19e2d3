/**
 * Gives each attribute of each schema, and each argument of each function, what it does not expect.
 * The schemas come from GetProviderSchema, so a new attribute is walked as well.
 */
import type { ObjectValue } from "../../../src/plugin/cty/value.js";
import { hasErrors } from "../../../src/plugin/framework/diagnostic.js";
import type * as wire from "../../../src/plugin/tfplugin6/generated/tfplugin6.js";
import type { Simulator } from "../../../src/simulator/index.js";
import { typeFrom, type Host } from "../../support/host.js";
import { hazards, type Hazard } from "./hazards.js";
import { Plays, type Given, type Step } from "./plays.js";

/** By "kind type", a config that is accepted, with a value for the attribute if it may have one. */
export type Examples = Readonly<Record<string, (attribute: string) => ObjectValue>>;

export interface Findings {
  /** By "kind type.attribute", the hazards that are accepted besides null and unknown, if any are. */
  readonly accepted: Readonly<Record<string, string>>;
  /** The number of places that were visited. */
  readonly visited: number;
  /** Broken promises, a sentence each. */
  readonly broken: readonly string[];
}

/** An attribute or an argument. */
interface Place {
  readonly name: string;
  /** Its name without the type. */
  readonly attribute: string;
  readonly hazards: readonly Hazard[];
  readonly play: (hazard: Hazard) => Promise<readonly Step[]>;
}

const FAULT = /fault in the provider|Value not understood|TypeError/;

export async function walkSchemas(
  host: Host,
  simulator: Simulator,
  examples: Examples,
): Promise<Findings> {
  const accepted: Record<string, string> = {};
  const broken: string[] = [];
  const places = await placesOf(host, examples);
  for (const place of places) {
    const taken = [];
    for (const hazard of place.hazards) {
      simulator.clearRequests();
      const steps = await place.play(hazard);
      const { refused, problems } = judge(place, hazard, steps);
      const sent = simulator.requests.filter(({ method }) => method !== "GET");
      if (refused) problems.push(...sent.map(({ operation }) => `sends ${String(operation)}`));
      broken.push(...problems.map((each) => `${place.name} with ${hazard.name} ${each}`));
      if (!refused && hazard.must === undefined) taken.push(hazard.name);
    }
    const all = place.hazards.filter(({ must }) => must === undefined);
    if (taken.length > 0) {
      accepted[place.name] = taken.length === all.length ? "everything" : taken.join(", ");
    }
  }
  return { accepted, broken, visited: places.length };
}

/**
 * A value that is refused is refused by each step that sees it, the first one included, at its
 * place, and with no word of a fault.
 */
function judge({ attribute }: Place, { must }: Hazard, steps: readonly Step[]) {
  const problems: string[] = [];
  const refused = steps.some(({ diagnostics }) => hasErrors(diagnostics));
  if (must === (refused ? "be accepted" : "be refused")) problems.push(`should ${must}`);
  for (const { name, diagnostics } of steps) {
    if (refused && !hasErrors(diagnostics)) problems.push(`passes ${name}`);
    for (const { severity, summary, detail, attribute: [at] = [] } of diagnostics) {
      const said = `"${summary}: ${detail}"`;
      if (FAULT.test(said)) problems.push(`meets a fault at ${name}: ${said}`);
      else if (severity === "error" && !(at?.kind === "attribute" && at.name === attribute)) {
        problems.push(`is refused at another place by ${name}: ${said}`);
      }
    }
  }
  return { refused, problems };
}

async function placesOf(host: Host, examples: Examples): Promise<readonly Place[]> {
  const example = (name: string) => {
    const found = examples[name];
    if (found === undefined) throw new Error(`${name} has no example to walk from`);
    return found;
  };
  const plays = new Plays(
    host,
    async () => expect(await host.configure(example("provider")(""))).toEqual([]),
    (type) => example(`resource ${type}`)(""),
  );
  const schemas = await host.server.getProviderSchema({});
  const places = (
    kind: string,
    all: Readonly<Record<string, wire.Schema>> = {},
    play: (given: Given) => Promise<readonly Step[]>,
  ): readonly Place[] =>
    Object.entries(all).flatMap(([type, { block }]) =>
      (block?.attributes ?? [])
        .filter(({ required = false, optional = false }) => required || optional)
        .map(({ name: attribute = "", type: encoded, required = false }): Place => {
          const exampleFor = example(`${kind} ${type}`.trim());
          const good = exampleFor(attribute)[attribute] ?? null;
          return {
            name: `${kind} ${type}.${attribute}`,
            attribute,
            hazards: hazards(typeFrom(encoded), good, required),
            play: ({ value }) => {
              // Without an attribute, nothing that goes with it is wanted either.
              const others = exampleFor(value === null ? "" : attribute);
              return play({ type, attribute, config: { ...others, [attribute]: value } });
            },
          };
        }),
    );
  const functions = Object.entries(schemas.functions ?? {}).flatMap(([name, { parameters = [] }]) =>
    parameters.map(({ name: attribute = "", type }): Place => {
      const good = example(`function ${name}`)(attribute);
      const names = parameters.map((each) => each.name ?? "");
      return {
        name: `function ${name}.${attribute}`,
        attribute,
        hazards: hazards(typeFrom(type), good[attribute] ?? null, true),
        play: ({ value }) =>
          plays.call(
            name,
            names,
            names.map((each) => (each === attribute ? value : (good[each] ?? null))),
          ),
      };
    }),
  );
  return [
    ...places("provider", { "": schemas.provider ?? {} }, (each) => plays.provider(each)),
    ...places("resource", schemas.resourceSchemas, (each) => plays.resource(each)),
    ...places("data", schemas.dataSourceSchemas, (each) => plays.dataSource(each)),
    ...places("list", schemas.listResourceSchemas, (each) => plays.list(each)),
    ...places("ephemeral", schemas.ephemeralResourceSchemas, (each) => plays.ephemeral(each)),
    ...functions,
  ];
}
