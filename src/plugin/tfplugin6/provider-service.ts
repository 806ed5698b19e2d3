import type { ProviderServer, WithDiagnostics } from "../server/messages.js";
import type { Init, MessageType } from "./codec.js";
import { diagnosticsToWire, pathToWire } from "./convert/diagnostic.js";
import { rawStateFrom, valueFrom } from "./convert/request.js";
import {
  functionToWire,
  identitySchemaToWire,
  mapValues,
  providerSchemaToWire,
} from "./convert/schema.js";
import { timestampToWire } from "./convert/timestamp.js";
import * as wire from "./generated/tfplugin6.js";
import type { Route } from "../grpc/call.js";
import { decodeMessage, encodeFrame } from "../grpc/framing.js";
import type { ProviderService } from "./late-service.js";

type Service = typeof wire.Provider;
type MessageOf<T> = T extends MessageType<infer M> ? M : never;
type Handlers = {
  readonly [Rpc in keyof Service]: (
    request: MessageOf<Service[Rpc]["request"]>,
  ) => Promise<Init<MessageOf<Service[Rpc]["response"]>>>;
};

/** The RPCs of tfplugin6.Provider, each answered by the method of its name. */
export function createProviderService(provider: ProviderServer): ProviderService {
  const handlers = handlersOf(provider);
  const rpcs = Object.keys(wire.Provider) as (keyof Service)[];
  return {
    routes: new Map(
      rpcs.map((rpc) => [wire.Provider[rpc].path, unary(wire.Provider[rpc], handlers[rpc])]),
    ),
    stop: async () => {
      await provider.stopProvider();
    },
  };
}

/**
 * The whole answer to GetProviderSchema. It is the same for as long as the provider is.
 *
 * @throws Error where the schema itself is at fault
 */
export async function encodeProviderSchema(provider: ProviderServer): Promise<Uint8Array> {
  const schema = await provider.getProviderSchema();
  const fault = schema.diagnostics.find(({ severity }) => severity === "error");
  if (fault !== undefined) throw new Error(`${fault.summary}: ${fault.detail}`);
  return encodeFrame(wire.Provider.getProviderSchema.response, providerSchemaToWire(schema));
}

const unary = (
  rpc: Service[keyof Service],
  // One handler for one RPC: what is decoded is what that handler takes.
  handler: (request: never) => Promise<unknown>,
): Route => {
  const request: MessageType<unknown> = rpc.request;
  const response: MessageType<unknown> = rpc.response;
  return {
    kind: "unary",
    handle: async (bytes) =>
      encodeFrame(response, await handler(decodeMessage(request, bytes) as never)),
  };
};

const handlersOf = (provider: ProviderServer): Handlers => {
  return {
    getMetadata: async () => withDiagnostics(await provider.getMetadata()),
    getProviderSchema: async () => providerSchemaToWire(await provider.getProviderSchema()),
    getResourceIdentitySchemas: async () => {
      const response = await provider.getResourceIdentitySchemas();
      return {
        ...withDiagnostics(response),
        identitySchemas: mapValues(response.identitySchemas, identitySchemaToWire),
      };
    },
    validateProviderConfig: async ({ config }) =>
      withDiagnostics(await provider.validateProviderConfig({ config: valueFrom(config) })),
    configureProvider: async (request) =>
      withDiagnostics(
        await provider.configureProvider({ ...request, config: valueFrom(request.config) }),
      ),
    stopProvider: () => provider.stopProvider(),
    validateResourceConfig: async (request) =>
      withDiagnostics(
        await provider.validateResourceConfig({ ...request, config: valueFrom(request.config) }),
      ),
    upgradeResourceState: async ({ rawState, ...request }) =>
      withDiagnostics(
        await provider.upgradeResourceState({
          ...request,
          ...(rawState && { rawState: rawStateFrom(rawState) }),
        }),
      ),
    upgradeResourceIdentity: async ({ rawIdentity, ...request }) =>
      withDiagnostics(
        await provider.upgradeResourceIdentity({
          ...request,
          ...(rawIdentity && { rawIdentity: rawStateFrom(rawIdentity) }),
        }),
      ),
    readResource: async (request) =>
      withDiagnostics(
        await provider.readResource({ ...request, currentState: valueFrom(request.currentState) }),
      ),
    planResourceChange: async (request) => {
      const { requiresReplace, ...response } = await provider.planResourceChange({
        ...request,
        priorState: valueFrom(request.priorState),
        proposedNewState: valueFrom(request.proposedNewState),
        config: valueFrom(request.config),
      });
      return { ...withDiagnostics(response), requiresReplace: requiresReplace?.map(pathToWire) };
    },
    applyResourceChange: async (request) =>
      withDiagnostics(
        await provider.applyResourceChange({
          ...request,
          priorState: valueFrom(request.priorState),
          plannedState: valueFrom(request.plannedState),
          config: valueFrom(request.config),
        }),
      ),
    importResourceState: async (request) =>
      withDiagnostics(await provider.importResourceState(request)),
    moveResourceState: async ({ sourceState, sourceIdentity, ...request }) =>
      withDiagnostics(
        await provider.moveResourceState({
          ...request,
          ...(sourceState && { sourceState: rawStateFrom(sourceState) }),
          ...(sourceIdentity && { sourceIdentity: rawStateFrom(sourceIdentity) }),
        }),
      ),
    validateDataResourceConfig: async (request) =>
      withDiagnostics(
        await provider.validateDataResourceConfig({
          ...request,
          config: valueFrom(request.config),
        }),
      ),
    readDataSource: async (request) =>
      withDiagnostics(
        await provider.readDataSource({ ...request, config: valueFrom(request.config) }),
      ),
    validateEphemeralResourceConfig: async (request) =>
      withDiagnostics(
        await provider.validateEphemeralResourceConfig({
          ...request,
          config: valueFrom(request.config),
        }),
      ),
    openEphemeralResource: async (request) =>
      ephemeral(
        await provider.openEphemeralResource({ ...request, config: valueFrom(request.config) }),
      ),
    renewEphemeralResource: async ({ typeName, private: data = EMPTY }) =>
      ephemeral(await provider.renewEphemeralResource({ typeName, private: data })),
    closeEphemeralResource: async ({ typeName, private: data = EMPTY }) =>
      withDiagnostics(await provider.closeEphemeralResource({ typeName, private: data })),
    getFunctions: async () => {
      const response = await provider.getFunctions();
      return {
        ...withDiagnostics(response),
        functions: mapValues(response.functions, functionToWire),
      };
    },
    callFunction: (request) => provider.callFunction(request),
  };
};

const ephemeral = <T extends WithDiagnostics & { readonly renewAt?: number }>({
  renewAt,
  ...response
}: T) => ({
  ...withDiagnostics(response),
  ...(renewAt === undefined ? {} : { renewAt: timestampToWire(renewAt) }),
});

const EMPTY = new Uint8Array(0);

const withDiagnostics = <T extends WithDiagnostics>(response: T) => ({
  ...response,
  diagnostics: diagnosticsToWire(response.diagnostics),
});
