import type { PolyaiClient } from "../polyai/client.js";
import type { KnownSecret } from "./webhook-secret/adopt.js";

/** Made by configuring the provider, for its resources. */
export interface Client {
  readonly api: PolyaiClient;
  /** The API's URL, such as https://api.us.poly.ai: no path, no credentials. */
  readonly origin: string;
  readonly knownSecret: KnownSecret;
  /** By endpoint, the instance of polyai_webhook_secret that has planned it first. */
  readonly plannedBy: Map<string, string>;
  /** By endpoint, the fingerprint of the secret that this process has last made or adopted. */
  readonly rotated: Map<string, string>;
}
