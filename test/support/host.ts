import { decodeMsgpack, encodeMsgpack } from "../../src/plugin/cty/msgpack.js";
import type { Path } from "../../src/plugin/cty/path.js";
import { object, type ObjectType, type Type } from "../../src/plugin/cty/type.js";
import type { ObjectValue, Value } from "../../src/plugin/cty/value.js";
import type { Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import type { ProviderServer } from "../../src/plugin/tfplugin6/service.js";
import type * as wire from "../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { Diagnostic_Severity } from "../../src/plugin/tfplugin6/generated/tfplugin6.js";

/** A resource instance as core keeps it between operations. */
export interface Instance {
  readonly state: ObjectValue | null;
  readonly private: Uint8Array;
}

export type Applied = Instance & { readonly diagnostics: readonly Diagnostic[] };

export const NOTHING: Instance = { state: null, private: new Uint8Array() };

/** An object that a list resource has found. */
export interface Listed {
  readonly displayName: string;
  readonly identity: ObjectValue | null;
  readonly object: ObjectValue | null | undefined;
}

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
    private readonly schemas: wire.GetProviderSchema_Response,
  ) {}

  static async start(server: ProviderServer): Promise<Host> {
    return new Host(server, await server.getProviderSchema({}));
  }

  /** A host of another process of the same provider. */
  of(server: ProviderServer): Host {
    return new Host(server, this.schemas);
  }

  async configure(config: ObjectValue): Promise<readonly Diagnostic[]> {
    const request = { terraformVersion: "1.11.4", config: this.#provider(config) };
    return diagnosticsFrom((await this.server.configureProvider(request)).diagnostics);
  }

  async validateProvider(config: ObjectValue): Promise<readonly Diagnostic[]> {
    const request = { config: this.#provider(config) };
    return diagnosticsFrom((await this.server.validateProviderConfig(request)).diagnostics);
  }

  async validate(
    typeName: string,
    config: ObjectValue,
    clientCapabilities: wire.ClientCapabilities = { writeOnlyAttributesAllowed: true },
  ): Promise<readonly Diagnostic[]> {
    const { diagnostics } = await this.server.validateResourceConfig({
      typeName,
      config: encodeConfig(config, this.#resource(typeName)),
      clientCapabilities,
    });
    return diagnosticsFrom(diagnostics);
  }

  async validateDataSource(typeName: string, config: ObjectValue): Promise<readonly Diagnostic[]> {
    const request = { typeName, config: encodeConfig(config, this.#dataSource(typeName)) };
    return diagnosticsFrom((await this.server.validateDataResourceConfig(request)).diagnostics);
  }

  async validateEphemeral(typeName: string, config: ObjectValue): Promise<readonly Diagnostic[]> {
    const request = { typeName, config: encodeConfig(config, this.#ephemeral(typeName)) };
    const { diagnostics } = await this.server.validateEphemeralResourceConfig(request);
    return diagnosticsFrom(diagnostics);
  }

  /** @param config null to destroy */
  async plan(typeName: string, config: ObjectValue | null, prior = NOTHING): Promise<Planned> {
    const schema = this.#resource(typeName);
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
      requiresReplace: (response.requiresReplace ?? []).map(({ steps = [] }) =>
        steps.map(({ attributeName }) => attributeName ?? "?").join("."),
      ),
      diagnostics: diagnosticsFrom(response.diagnostics),
    };
  }

  async apply(typeName: string, plan: Planned): Promise<Applied> {
    const type = typeOf(this.#resource(typeName));
    const { newState, ...response } = await this.server.applyResourceChange({
      typeName,
      priorState: encode(plan.prior.state, type),
      plannedState: encode(plan.planned, type),
      config: encode(plan.config, type),
      plannedPrivate: plan.plannedPrivate,
    });
    return answered(decode(newState, type), response.private, response.diagnostics);
  }

  async read(typeName: string, instance: Instance): Promise<Applied> {
    const type = typeOf(this.#resource(typeName));
    const { newState, ...response } = await this.server.readResource({
      typeName,
      currentState: encode(instance.state, type),
      private: instance.private,
    });
    return answered(decode(newState, type), response.private, response.diagnostics);
  }

  async importState(typeName: string, id: string): Promise<Applied> {
    const type = typeOf(this.#resource(typeName));
    const { importedResources, diagnostics } = await this.server.importResourceState({
      typeName,
      id,
    });
    const [imported] = importedResources ?? [];
    return answered(decode(imported?.state, type), imported?.private, diagnostics);
  }

  /** @param from the provider's address and the resource type */
  async move(from: string, typeName: string, json: Uint8Array): Promise<Applied> {
    const [sourceProviderAddress = "", sourceTypeName = ""] = from.split(" ");
    const { targetState, targetPrivate, diagnostics } = await this.server.moveResourceState({
      sourceProviderAddress,
      sourceTypeName,
      sourceState: { json },
      targetTypeName: typeName,
    });
    return answered(this.decode(typeName, targetState), targetPrivate, diagnostics);
  }

  async readDataSource(typeName: string, config: ObjectValue = {}) {
    const schema = this.#dataSource(typeName);
    const request = { typeName, config: encodeConfig(config, schema) };
    const { state, diagnostics } = await this.server.readDataSource(request);
    return { state: decode(state, typeOf(schema)), diagnostics: diagnosticsFrom(diagnostics) };
  }

  async list(
    typeName: string,
    {
      config = {},
      limit = 100,
      withObject = false,
    }: {
      readonly config?: ObjectValue | undefined;
      readonly limit?: number;
      readonly withObject?: boolean;
    },
  ) {
    const events: Listed[] = [];
    const found: Diagnostic[] = [];
    const request = { ...this.#list(typeName, config), limit, includeResourceObject: withObject };
    const { identitySchemas } = await this.server.getResourceIdentitySchemas({});
    const { identityAttributes = [] } = named(identitySchemas, typeName);
    const identityType = typeOf({ block: { attributes: identityAttributes } });
    const stream = this.server.listResource(request);
    for await (const { displayName = "", identity, resourceObject, diagnostic } of stream) {
      found.push(...diagnosticsFrom(diagnostic));
      if (identity === undefined) continue;
      events.push({
        displayName,
        identity: decode(identity.identityData, identityType),
        object: resourceObject && this.decode(typeName, resourceObject),
      });
    }
    return { events, diagnostics: found };
  }

  async validateList(typeName: string, config: ObjectValue): Promise<readonly Diagnostic[]> {
    const request = this.#list(typeName, config);
    return diagnosticsFrom((await this.server.validateListResourceConfig(request)).diagnostics);
  }

  async openEphemeral(typeName: string, config: ObjectValue) {
    const schema = this.#ephemeral(typeName);
    const request = { typeName, config: encodeConfig(config, schema) };
    const { result, diagnostics } = await this.server.openEphemeralResource(request);
    return { result: decode(result, typeOf(schema)), diagnostics: diagnosticsFrom(diagnostics) };
  }

  /** A function's result, or what it says is wrong with its arguments. */
  async call(
    name: string,
    args: readonly Value[],
  ): Promise<{ readonly result?: Value; readonly error?: wire.FunctionError }> {
    const { functions = {} } = await this.server.getFunctions({});
    const signature = named(functions, name);
    const { result, error } = await this.server.callFunction({
      name,
      arguments: signature.parameters?.map(({ type }, index) => ({
        msgpack: encodeMsgpack(args[index] ?? null, typeFrom(type)),
      })),
    });
    if (result?.msgpack === undefined) return { error: error ?? {} };
    return { result: decodeMsgpack(result.msgpack, typeFrom(signature.return?.type)) };
  }

  /** A state of the resource type, decoded. */
  decode(typeName: string, encoded: wire.DynamicValue | undefined): ObjectValue | null {
    return decode(encoded, typeOf(this.#resource(typeName)));
  }

  readonly #provider = (config: ObjectValue) => encodeConfig(config, this.schemas.provider ?? {});
  readonly #list = (typeName: string, config: ObjectValue) => {
    const schema = named(this.schemas.listResourceSchemas, typeName);
    return { typeName, config: encodeConfig(config, schema) };
  };
  readonly #resource = (name: string) => named(this.schemas.resourceSchemas, name);
  readonly #dataSource = (name: string) => named(this.schemas.dataSourceSchemas, name);
  readonly #ephemeral = (name: string) => named(this.schemas.ephemeralResourceSchemas, name);
}

function named<T>(items: Readonly<Record<string, T>> = {}, name: string): T {
  const found = items[name];
  if (found === undefined) throw new Error(`the provider has no ${name}`);
  return found;
}

const answered = (
  state: ObjectValue | null,
  bytes: Uint8Array = new Uint8Array(),
  diagnostics?: readonly wire.Diagnostic[],
): Applied => ({ state, private: bytes, diagnostics: diagnosticsFrom(diagnostics) });

/** Diagnostics as handlers make them. */
export const diagnosticsFrom = (
  diagnostics: readonly wire.Diagnostic[] = [],
): readonly Diagnostic[] =>
  diagnostics.map(({ severity, summary = "", detail = "", attribute }) => ({
    severity: severity === Diagnostic_Severity.WARNING ? "warning" : "error",
    summary,
    detail,
    ...(attribute && { attribute: pathFrom(attribute) }),
  }));

const pathFrom = ({ steps = [] }: wire.AttributePath): Path =>
  steps.map(({ attributeName, elementKeyString, elementKeyInt = 0 }) =>
    attributeName !== undefined
      ? { kind: "attribute", name: attributeName }
      : elementKeyString !== undefined
        ? { kind: "key", key: elementKeyString }
        : { kind: "index", index: elementKeyInt },
  );

/** The type that a schema gives as JSON. */
export const typeFrom = (bytes: Uint8Array = new Uint8Array()): Type =>
  typeFromJson(JSON.parse(Buffer.from(bytes).toString()) as TypeJson);

type TypeJson = string | readonly ["list" | "set" | "map", TypeJson] | ObjectJson;
type ObjectJson = readonly ["object", Readonly<Record<string, TypeJson>>];

const typeFromJson = (json: TypeJson): Type => {
  if (typeof json === "string") return { kind: json as "string" };
  if (json[0] !== "object") return { kind: json[0], element: typeFromJson(json[1]) };
  const attributes = Object.entries(json[1]).map(([name, type]) => [name, typeFromJson(type)]);
  return object(Object.fromEntries(attributes) as Record<string, Type>);
};

const types = new WeakMap<wire.Schema, ObjectType>();

function typeOf(schema: wire.Schema): ObjectType {
  const known = types.get(schema);
  if (known !== undefined) return known;
  const attributes = attributesOf(schema).map(({ name, type }) => [name, typeFrom(type)] as const);
  const type = object(Object.fromEntries(attributes));
  types.set(schema, type);
  return type;
}

const attributesOf = ({ block }: wire.Schema) =>
  (block?.attributes ?? []).map(({ name = "", ...attribute }) => ({ name, ...attribute }));

const complete = (config: ObjectValue, schema: wire.Schema): ObjectValue =>
  Object.fromEntries(attributesOf(schema).map(({ name }) => [name, config[name] ?? null]));

const propose = (
  schema: wire.Schema,
  config: ObjectValue | null,
  prior: ObjectValue | null,
): ObjectValue | null =>
  config &&
  Object.fromEntries(
    attributesOf(schema).map(({ name, computed, writeOnly }) => [
      name,
      writeOnly ? null : (config[name] ?? (computed ? (prior?.[name] ?? null) : null)),
    ]),
  );

const encode = (value: Value, type: ObjectType): wire.DynamicValue => ({
  msgpack: encodeMsgpack(value, type),
});

const encodeConfig = (config: ObjectValue, schema: wire.Schema): wire.DynamicValue =>
  encode(complete(config, schema), typeOf(schema));

const decode = (value: wire.DynamicValue | undefined, type: ObjectType): ObjectValue | null =>
  value?.msgpack === undefined ? null : (decodeMsgpack(value.msgpack, type) as ObjectValue | null);
