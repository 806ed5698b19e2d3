import type { Answer } from "../grpc/server.js";
import { GrpcError, Status } from "../grpc/status.js";
import { type MessageFns, ProviderDefinition } from "./generated/tfplugin6.js";
import type { ProviderService } from "./late-service.js";

type Methods = ProviderDefinition["methods"];
type MessageOf<M> = M extends MessageFns<infer Message> ? Message : never;

/** One method for each RPC of tfplugin6.Provider: it takes the request and gives the responses. */
export type ProviderServer = {
  readonly [Rpc in keyof Methods]: (
    request: MessageOf<Methods[Rpc]["requestType"]>,
  ) => Methods[Rpc]["responseStream"] extends true
    ? AsyncIterable<MessageOf<Methods[Rpc]["responseType"]>>
    : Promise<MessageOf<Methods[Rpc]["responseType"]>>;
};

const { fullName, methods } = ProviderDefinition;

/** The RPCs of tfplugin6.Provider, each answered by the method of its name. */
export const createProviderService = (provider: ProviderServer): ProviderService => ({
  routes: new Map(
    Object.entries(methods).map(([rpc, { name, requestType, responseType }]) => {
      const response = responseType as MessageFns<unknown>;
      const encode = (message: unknown): Uint8Array => response.encode(message).finish();
      const handle = async (bytes: Uint8Array): Promise<Answer> => {
        // One method for one RPC: what is decoded is what that method takes.
        const answer = provider[rpc as keyof Methods](decode(requestType, bytes) as never);
        return Symbol.asyncIterator in answer ? each(answer, encode) : encode(await answer);
      };
      return [`/${fullName}/${name}`, { kind: "call", handle }];
    }),
  ),
  stop: async () => {
    await provider.stopProvider({});
  },
});

async function* each<T, R>(items: AsyncIterable<T>, change: (item: T) => R): AsyncGenerator<R> {
  for await (const item of items) yield change(item);
}

/** The whole answer to GetProviderSchema, which is the same for as long as the provider is. */
export async function encodeProviderSchema(provider: ProviderServer): Promise<Uint8Array> {
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
