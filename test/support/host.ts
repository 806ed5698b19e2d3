import { decodeMsgpack, encodeMsgpack } from "../../src/plugin/cty/msgpack.js";
import { object, type ObjectType } from "../../src/plugin/cty/type.js";
import type { ObjectValue, Value } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import type { Schema } from "../../src/plugin/schema/schema.js";
import type {
  ClientCapabilities,
  EncodedValue,
  ProviderServer,
} from "../../src/plugin/server/messages.js";

/** A resource instance as core keeps it between operations. */
export interface Instance {
  readonly state: ObjectValue | null;
  readonly private: Uint8Array;
}

export const NOTHING: Instance = { state: null, private: new Uint8Array() };

export interface Planned {
  readonly prior: Instance;
  readonly config: ObjectValue | null;
  readonly planned: ObjectValue | null;
  readonly plannedPrivate: Uint8Array;
  readonly requiresReplace: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plays core's part for one resource type of a server in this process: fills configs with nulls,
 * merges the proposed new state and carries private state, as core does.
 */
export class Host {
  private constructor(
    readonly server: ProviderServer,
    private readonly schemas: Readonly<Record<string, Schema>>,
    private readonly provider: Schema,
    private readonly dataSources: Readonly<Record<string, Schema>>,
    private readonly ephemeralResources: Readonly<Record<string, Schema>>,
  ) {}

  static async start(server: ProviderServer): Promise<Host> {
    const { resourceSchemas, provider, dataSourceSchemas, ephemeralResourceSchemas } =
      await server.getProviderSchema();
    return new Host(server, resourceSchemas, provider, dataSourceSchemas, ephemeralResourceSchemas);
  }

  async configure(config: ObjectValue): Promise<readonly Diagnostic[]> {
    const { diagnostics } = await this.server.configureProvider({
      terraformVersion: "1.11.4",
      config: encode(complete(config, this.provider), typeOf(this.provider)),
    });
    return diagnostics;
  }

  async validateProvider(config: ObjectValue): Promise<readonly Diagnostic[]> {
    const { diagnostics } = await this.server.validateProviderConfig({
      config: encode(complete(config, this.provider), typeOf(this.provider)),
    });
    return diagnostics;
  }

  async validate(
    typeName: string,
    config: ObjectValue,
    clientCapabilities: ClientCapabilities = { writeOnlyAttributesAllowed: true },
  ): Promise<readonly Diagnostic[]> {
    const schema = this.schemaOf(typeName);
    const { diagnostics } = await this.server.validateResourceConfig({
      typeName,
      config: encode(complete(config, schema), typeOf(schema)),
      clientCapabilities,
    });
    return diagnostics;
  }

  /** @param config null to destroy */
  async plan(typeName: string, config: ObjectValue | null, prior = NOTHING): Promise<Planned> {
    const schema = this.schemaOf(typeName);
    const type = typeOf(schema);
    const full = config === null ? null : complete(config, schema);
    const response = await this.server.planResourceChange({
      typeName,
      priorState: encode(prior.state, type),
      proposedNewState: encode(propose(schema, full, prior.state), type),
      config: encode(full, type),
      priorPrivate: prior.private,
    });
    return {
      prior,
      config: full,
      planned: decode(response.plannedState, type),
      plannedPrivate: response.plannedPrivate ?? new Uint8Array(),
      requiresReplace: (response.requiresReplace ?? []).map((path) =>
        path.map((step) => (step.kind === "attribute" ? step.name : "?")).join("."),
      ),
      diagnostics: response.diagnostics,
    };
  }

  async apply(
    typeName: string,
    plan: Planned,
  ): Promise<Instance & { readonly diagnostics: readonly Diagnostic[] }> {
    const type = typeOf(this.schemaOf(typeName));
    const response = await this.server.applyResourceChange({
      typeName,
      priorState: encode(plan.prior.state, type),
      plannedState: encode(plan.planned, type),
      config: encode(plan.config, type),
      plannedPrivate: plan.plannedPrivate,
    });
    return {
      state: decode(response.newState, type),
      private: response.private ?? new Uint8Array(),
      diagnostics: response.diagnostics,
    };
  }

  async read(
    typeName: string,
    instance: Instance,
  ): Promise<Instance & { readonly diagnostics: readonly Diagnostic[] }> {
    const type = typeOf(this.schemaOf(typeName));
    const response = await this.server.readResource({
      typeName,
      currentState: encode(instance.state, type),
      private: instance.private,
    });
    return {
      state: decode(response.newState, type),
      private: response.private ?? new Uint8Array(),
      diagnostics: response.diagnostics,
    };
  }

  async importState(
    typeName: string,
    id: string,
  ): Promise<Instance & { readonly diagnostics: readonly Diagnostic[] }> {
    const type = typeOf(this.schemaOf(typeName));
    const { importedResources, diagnostics } = await this.server.importResourceState({
      typeName,
      id,
    });
    const [imported] = importedResources;
    return {
      state: decode(imported?.state, type),
      private: imported?.private ?? new Uint8Array(),
      diagnostics,
    };
  }

  async readDataSource(
    typeName: string,
    config: ObjectValue = {},
  ): Promise<{ readonly state: ObjectValue | null; readonly diagnostics: readonly Diagnostic[] }> {
    const schema = this.dataSources[typeName];
    if (schema === undefined) throw new Error(`the provider has no data source ${typeName}`);
    const type = typeOf(schema);
    const { state, diagnostics } = await this.server.readDataSource({
      typeName,
      config: encode(complete(config, schema), type),
    });
    return { state: decode(state, type), diagnostics };
  }

  async openEphemeral(
    typeName: string,
    config: ObjectValue,
  ): Promise<{ readonly result: ObjectValue | null; readonly diagnostics: readonly Diagnostic[] }> {
    const schema = this.ephemeralResources[typeName];
    if (schema === undefined) throw new Error(`the provider has no ephemeral resource ${typeName}`);
    const type = typeOf(schema);
    const { result, diagnostics } = await this.server.openEphemeralResource({
      typeName,
      config: encode(complete(config, schema), type),
    });
    return { result: decode(result, type), diagnostics };
  }

  /** A state of the resource type, decoded. */
  decode(typeName: string, encoded: EncodedValue | undefined): ObjectValue | null {
    return decode(encoded, typeOf(this.schemaOf(typeName)));
  }

  private schemaOf(typeName: string): Schema {
    const schema = this.schemas[typeName];
    if (schema === undefined) throw new Error(`the provider has no resource ${typeName}`);
    return schema;
  }
}

export const typeOf = ({ attributes }: Schema): ObjectType =>
  object(Object.fromEntries(attributes.map(({ name, type }) => [name, type])));

const complete = (config: ObjectValue, { attributes }: Schema): ObjectValue =>
  Object.fromEntries(attributes.map(({ name }) => [name, config[name] ?? null]));

const propose = (
  { attributes }: Schema,
  config: ObjectValue | null,
  prior: ObjectValue | null,
): ObjectValue | null =>
  config &&
  Object.fromEntries(
    attributes.map(({ name, computed, writeOnly }) => [
      name,
      writeOnly ? null : (config[name] ?? (computed ? (prior?.[name] ?? null) : null)),
    ]),
  );

const encode = (value: Value, type: ObjectType): EncodedValue => ({
  msgpack: encodeMsgpack(value, type),
});

const decode = (value: EncodedValue | undefined, type: ObjectType): ObjectValue | null =>
  value?.msgpack === undefined ? null : (decodeMsgpack(value.msgpack, type) as ObjectValue | null);
