/**
 * The settings of the last good answer stand in each object's private state. Another region, another
 * account or a wrong base URL knows none of the objects; that must not empty the state.
 */
import { createHmac } from "node:crypto";
import { error, DiagnosticError } from "../plugin/framework/diagnostic.js";
import type { PrivateState } from "../plugin/framework/resource.js";
import { urlText } from "../polyai/regions.js";
import type { Client } from "./client.js";

export interface Settings {
  /** The whole URL that PolyAI is asked at. */
  readonly url: string;
  /** 8 hex digits of HMAC-SHA-256 of the object's id by the API key: enough to tell another key. */
  readonly key: string;
}

export const settingsOf = (baseUrl: URL, apiKey: string, id: string): Settings => ({
  url: urlText(baseUrl),
  key: createHmac("sha256", apiKey).update(id).digest("hex").slice(0, 8),
});

/** Private state of every object. */
export interface Seen extends PrivateState {
  readonly settings?: Settings | undefined;
}

export const seenBy = (client: Client, id: string): Seen => ({ settings: client.settingsFor(id) });

/**
 * Asserts that PolyAI's "not found" means that the object is gone.
 *
 * @throws DiagnosticError if the object was last seen with other settings, or never
 */
export function assertGone(
  client: Client,
  id: string,
  privateState: PrivateState,
  action: string,
): void {
  const problem = differenceFrom((privateState as Seen).settings, client.settingsFor(id));
  if (problem === undefined) return;
  throw new DiagnosticError(
    error(
      `Could not ${action}`,
      `PolyAI does not know it, and that does not prove that it was deleted: ${problem} The state is kept as it is. Set the provider's region, base_url and api_key as they were. If the object really was deleted, remove it with "terraform state rm".`,
    ),
  );
}

function differenceFrom(before: Settings | undefined, now: Settings): string | undefined {
  if (before === undefined) {
    return "no answer that showed it is remembered. If it is new, wait a little and plan again.";
  }
  const url =
    before.url === now.url
      ? ""
      : `it was last seen at ${before.url}, and is asked for at ${now.url} now.`;
  const key = before.key === now.key ? "" : "it was last seen with another API key.";
  const both = [url, key].filter((each) => each !== "").join(" And ");
  return both === "" ? undefined : both;
}
