import type { Provider } from "../framework/provider.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import type { ProviderServer } from "../tfplugin6/service.js";
import { applyResourceChange } from "./apply.js";
import { byName, createContext, find, type Context } from "./context.js";
import { decodeObject } from "./encoding.js";
import { openEphemeralResource } from "./ephemeral.js";
import { callFunction, signatureOf } from "./functions.js";
import { guard } from "./guard.js";
import { identitySchemas, upgradeResourceIdentity } from "./identity.js";
import { importResourceState } from "./import.js";
import { moveResourceState } from "./move.js";
import { listResource } from "./list.js";
import { planResourceChange } from "./plan.js";
import { readDataSource, readResource } from "./read.js";
import { schemaToWire } from "./schemas.js";
import { upgradeResourceState } from "./upgrade.js";
import { configDiagnostics, validateConfig } from "./validate.js";

const serverCapabilities: wire.ServerCapabilities = {
  // Destruction is planned too: a practitioner hears what it leaves behind before saying yes.
  planDestroy: true,
  getProviderSchemaOptional: true,
  moveResourceState: true,
};

/**
 * Serves a provider: one method for each RPC, each in a file of its own. None rejects: a fault
 * becomes a diagnostic.
 */
export function createProviderServer<Client>(provider: Provider<Client>): ProviderServer {
  const context = createContext(provider);
  const { resources } = context;
  const dataSources = byName(provider.dataSources, ({ typeName }) => typeName);
  const ephemeralResources = byName(provider.ephemeralResources, ({ typeName }) => typeName);
  const listResources = byName(provider.listResources, ({ typeName }) => typeName);
  const functions = byName(provider.functions, ({ name }) => name);
  const identities = identitySchemas(resources);

  return {
    getMetadata: async () => ({
      serverCapabilities,
      resources: namesOf(resources),
      dataSources: namesOf(dataSources),
      ephemeralResources: namesOf(ephemeralResources),
      listResources: namesOf(listResources),
      functions: [...functions.keys()].map((name) => ({ name })),
    }),
    getProviderSchema: async () => ({
      provider: schemaToWire(provider),
      resourceSchemas: mapValues(resources, schemaToWire),
      dataSourceSchemas: mapValues(dataSources, schemaToWire),
      ephemeralResourceSchemas: mapValues(ephemeralResources, schemaToWire),
      listResourceSchemas: mapValues(listResources, schemaToWire),
      functions: mapValues(functions, signatureOf),
      serverCapabilities,
    }),
    getResourceIdentitySchemas: async () => ({ identitySchemas: identities }),
    validateProviderConfig: ({ config }) =>
      validateConfig("ValidateProviderConfig", () => provider, config),
    validateResourceConfig: ({ typeName, config, clientCapabilities = {} }) =>
      validateConfig(
        "ValidateResourceConfig",
        () => find(resources, "resource", typeName),
        config,
        clientCapabilities,
      ),
    validateDataResourceConfig: ({ typeName, config }) =>
      validateConfig(
        "ValidateDataResourceConfig",
        () => find(dataSources, "data source", typeName),
        config,
      ),
    validateEphemeralResourceConfig: ({ typeName, config }) =>
      validateConfig(
        "ValidateEphemeralResourceConfig",
        () => find(ephemeralResources, "ephemeral resource", typeName),
        config,
      ),
    configureProvider: (request) => configureProvider(context, request),
    upgradeResourceState: (request) => upgradeResourceState(context, request),
    upgradeResourceIdentity: (request) => upgradeResourceIdentity(context, request),
    readResource: (request) => readResource(context, request),
    planResourceChange: (request) => planResourceChange(context, request),
    applyResourceChange: (request) => applyResourceChange(context, request),
    importResourceState: (request) => importResourceState(context, request),
    moveResourceState: (request) => moveResourceState(context, request),
    readDataSource: (request) => readDataSource(context, dataSources, request),
    openEphemeralResource: (request) => openEphemeralResource(ephemeralResources, request),
    closeEphemeralResource: async () => ({}),
    validateListResourceConfig: ({ typeName, config }) =>
      validateConfig(
        "ValidateListResourceConfig",
        () => find(listResources, "list resource", typeName),
        config,
      ),
    listResource: (request) => listResource(context, listResources, request),
    getFunctions: async () => ({ functions: mapValues(functions, signatureOf) }),
    callFunction: async (request) => callFunction(functions, request),
    // Waits and reads end; a rotation or creation in flight may finish.
    stopProvider: async () => {
      context.stop.abort();
      return {};
    },
  };
}

const configureProvider = <Client>(
  context: Context<Client>,
  request: wire.ConfigureProvider_Request,
): Promise<wire.ConfigureProvider_Response> =>
  guard<wire.ConfigureProvider_Response>("ConfigureProvider", {}, async () => {
    const { provider } = context;
    // A process that a person debugs serves the next command, too, after one that was stopped.
    if (context.stop.signal.aborted) context.stop = new AbortController();
    const config = decodeObject(request.config, provider.schema) ?? {};
    const invalid = configDiagnostics(provider, config);
    if (invalid.length > 0) return { diagnostics: invalid };
    const { client, problem, diagnostics } = await provider.configure({
      config: config as never,
      terraformVersion: request.terraformVersion ?? "",
      stop: context.stop.signal,
    });
    context.client = client;
    context.problem = problem;
    return { diagnostics };
  });

const namesOf = (items: ReadonlyMap<string, unknown>): readonly { readonly typeName: string }[] =>
  [...items.keys()].map((typeName) => ({ typeName }));

const mapValues = <T, R>(
  items: ReadonlyMap<string, T>,
  change: (item: T) => R,
): Record<string, R> => Object.fromEntries([...items].map(([name, item]) => [name, change(item)]));
