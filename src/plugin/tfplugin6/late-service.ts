import type { Route } from "../grpc/server.js";
import { GrpcError, Status } from "../grpc/status.js";

/** A provider as calls reach it. */
export interface ProviderService {
  readonly routes: ReadonlyMap<string, Route>;
  /** Asks the provider to stop: what waits then ends. */
  stop(): Promise<void>;
}

const SERVICE = "/tfplugin6.Provider/";
const SCHEMA = `${SERVICE}GetProviderSchema`;

/**
 * A service that is loaded at the first call that needs it. A host starts a process for the schema
 * alone, too, and that answer can be had without the provider.
 */
export class LateService {
  readonly #load: () => Promise<ProviderService>;
  readonly #schema: Route | undefined;
  #loading: Promise<ProviderService> | undefined;
  #loaded: ProviderService | undefined;

  /** @param schema the answer to GetProviderSchema, where it is known beforehand */
  constructor(load: () => Promise<ProviderService>, schema: Uint8Array | undefined) {
    this.#load = load;
    this.#schema = schema && { kind: "call", handle: () => schema };
  }

  /** The route that answers this path, if it is one of the provider's. */
  route(path: string): Route | undefined {
    if (path === SCHEMA && this.#schema !== undefined) return this.#schema;
    if (this.#loaded !== undefined) return this.#loaded.routes.get(path);
    if (!path.startsWith(SERVICE)) return undefined;
    return {
      kind: "call",
      handle: async (request) => {
        this.#loading ??= this.#load();
        this.#loaded = await this.#loading;
        const route = this.#loaded.routes.get(path);
        if (route?.kind === "call") return route.handle(request);
        throw new GrpcError(Status.UNIMPLEMENTED, `unknown method ${path}`);
      },
    };
  }

  /** Asks the provider to stop, where there is one yet. */
  async stop(): Promise<void> {
    await (await this.#loading)?.stop();
  }
}
