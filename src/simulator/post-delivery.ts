import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { finished } from "node:stream/promises";
import type { Post } from "./deliveries.js";

/** Posts deliveries until `closing`. Follows no redirect, and throws the answer's body away. */
export const postDelivery =
  (closing: AbortSignal): Post =>
  async ({ to, headers, body, timeoutMs }) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([deadline, closing]);
    // Without an agent no socket stays behind, so a receiver can close at any time.
    const options = { method: "POST", headers, agent: false, signal };
    try {
      const sent = (to.protocol === "https:" ? requestHttps : request)(to, options);
      // An abort after the head is an error of the request, too.
      sent.on("error", () => undefined).end(body);
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      await finished(response.resume());
      return { status: response.statusCode ?? 0, error: null };
    } catch {
      return { status: null, error: deadline.aborted ? "timeout" : "network" };
    }
  };
