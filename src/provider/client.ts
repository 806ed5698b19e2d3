import type { PolyaiClient } from "../polyai/client.js";
import type { Settings } from "./settings.js";
import type { KnownSecret } from "./webhook-secret/adopt.js";
import type { Endpoint } from "./webhook-secret/endpoint.js";
import type { Private } from "./webhook-secret/private.js";

/** Made by configuring the provider, for its resources. */
export interface Client {
  readonly api: PolyaiClient;
  /** The settings with which an object is asked for, by the object's id. */
  readonly settingsFor: (id: string) => Settings;
  readonly knownSecret: KnownSecret;
  /** By endpoint and fingerprint, the private state of each object that was read. */
  readonly reads: Map<string, Private>;
  /** Everything that this process knows of an endpoint's secret, by the endpoint's id. */
  readonly endpoint: (id: string) => Endpoint;
}
