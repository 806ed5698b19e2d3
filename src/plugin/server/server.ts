import type { Provider } from "../framework/provider.js";
import { hasErrors } from "../framework/diagnostic.js";
import { applyResourceChange } from "./apply.js";
import { byName, createContext, find, type Context } from "./context.js";
import { decodeObject } from "./encoding.js";
import {
  closeEphemeralResource,
  openEphemeralResource,
  renewEphemeralResource,
} from "./ephemeral.js";
import { callFunction, signatureOf } from "./functions.js";
import { guard } from "./guard.js";
import { identitySchemas, upgradeResourceIdentity } from "./identity.js";
import { importResourceState, moveResourceState } from "./import.js";
import type {
  ConfigureProviderRequest,
  ProviderServer,
  ServerCapabilities,
  WithDiagnostics,
} from "./messages.js";
import { planResourceChange } from "./plan.js";
import { readDataSource, readResource } from "./read.js";
import { upgradeResourceState } from "./upgrade.js";
import { configDiagnostics, validateConfig } from "./validate.js";

const serverCapabilities: ServerCapabilities = {
  // Destruction is planned too: a practitioner hears what it leaves behind before saying yes.
  planDestroy: true,
  getProviderSchemaOptional: true,
  moveResourceState: true,
};

/** Serves a provider: one method for each RPC, each in a file of its own. */
export function createProviderServer<Client>(provider: Provider<Client>): ProviderServer {
  const context = createContext(provider);
  const { resources } = context;
  const dataSources = byName(provider.dataSources, ({ typeName }) => typeName);
  const ephemeralResources = byName(provider.ephemeralResources, ({ typeName }) => typeName);
  const functions = byName(provider.functions, ({ name }) => name);
  const identities = identitySchemas(resources);
  const signatures = () => mapValues(functions, signatureOf);

  return {
    getMetadata: () =>
      Promise.resolve({
        serverCapabilities,
        resources: namesOf(resources),
        dataSources: namesOf(dataSources),
        ephemeralResources: namesOf(ephemeralResources),
        functions: [...functions.keys()].map((name) => ({ name })),
        diagnostics: [],
      }),
    getProviderSchema: () =>
      Promise.resolve({
        provider: provider.schema.schema,
        resourceSchemas: mapValues(resources, ({ schema }) => schema.schema),
        dataSourceSchemas: mapValues(dataSources, ({ schema }) => schema.schema),
        ephemeralResourceSchemas: mapValues(ephemeralResources, ({ schema }) => schema.schema),
        functions: signatures(),
        serverCapabilities,
        diagnostics: [],
      }),
    getResourceIdentitySchemas: () =>
      Promise.resolve({ identitySchemas: identities, diagnostics: [] }),
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
    moveResourceState,
    readDataSource: (request) => readDataSource(context, dataSources, request),
    openEphemeralResource: (request) => openEphemeralResource(context, ephemeralResources, request),
    renewEphemeralResource: (request) =>
      renewEphemeralResource(context, ephemeralResources, request),
    closeEphemeralResource: (request) =>
      closeEphemeralResource(context, ephemeralResources, request),
    getFunctions: () => Promise.resolve({ functions: signatures(), diagnostics: [] }),
    callFunction: (request) => Promise.resolve(callFunction(functions, request)),
    stopProvider: () => {
      context.stop.abort();
      return Promise.resolve({ error: "" });
    },
  };
}

const configureProvider = <Client>(
  context: Context<Client>,
  request: ConfigureProviderRequest,
): Promise<WithDiagnostics> =>
  guard<WithDiagnostics>(
    "ConfigureProvider",
    (diagnostics) => ({ diagnostics }),
    async () => {
      const { provider, stop } = context;
      const config = decodeObject(request.config, provider.schema.type) ?? {};
      const invalid = configDiagnostics(provider, config);
      if (hasErrors(invalid)) return { diagnostics: invalid };
      const { client, diagnostics = [] } = await provider.configure({
        config: config as never,
        terraformVersion: request.terraformVersion,
        stop: stop.signal,
      });
      context.client = client;
      return { diagnostics };
    },
  );

const namesOf = (items: ReadonlyMap<string, unknown>): readonly { readonly typeName: string }[] =>
  [...items.keys()].map((typeName) => ({ typeName }));

const mapValues = <T, R>(
  items: ReadonlyMap<string, T>,
  change: (item: T) => R,
): Readonly<Record<string, R>> =>
  Object.fromEntries([...items].map(([name, item]) => [name, change(item)]));
