import { GrpcError, Status } from "../grpc/status.js";
import { type MessageFns, type Provider, ProviderDefinition } from "./generated/tfplugin6.js";
import type { ProviderService } from "./late-service.js";

const { fullName, methods } = ProviderDefinition;

/** The RPCs of tfplugin6.Provider, each answered by the method of its name. */
export const createProviderService = (provider: Provider): ProviderService => ({
  routes: new Map(
    Object.entries(methods).map(([rpc, { name, requestType, responseType }]) => {
      const response = responseType as MessageFns<unknown>;
      const handle = async (bytes: Uint8Array): Promise<Uint8Array> => {
        // One method for one RPC: what is decoded is what that method takes.
        const request = decode(requestType, bytes) as never;
        return response.encode(await provider[rpc as keyof Provider](request)).finish();
      };
      return [`/${fullName}/${name}`, { kind: "unary", handle }];
    }),
  ),
  stop: async () => {
    await provider.stopProvider({});
  },
});

/** The whole answer to GetProviderSchema, which is the same for as long as the provider is. */
export async function encodeProviderSchema(provider: Provider): Promise<Uint8Array> {
  const { responseType } = methods.getProviderSchema;
  return responseType.encode(await provider.getProviderSchema({})).finish();
}

/** @throws GrpcError for bytes that are no such message */
const decode = (type: MessageFns<unknown>, bytes: Uint8Array): unknown => {
  try {
    return type.decode(bytes);
  } catch {
    throw new GrpcError(Status.INTERNAL, "the bytes are no message of the expected type");
  }
};
