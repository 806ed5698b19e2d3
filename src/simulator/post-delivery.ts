import * as http from "node:http";
import * as https from "node:https";
import type { DeliveryRequest, Post } from "./deliveries.js";

/**
 * Posts deliveries until `closing`. Redirects are not followed; the answer's body is thrown away.
 */
export const postDelivery =
  (closing: AbortSignal): Post =>
  async (request) => {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    try {
      const status = await statusOf(request, AbortSignal.any([deadline, closing]));
      return { status, error: null };
    } catch {
      return { status: null, error: deadline.aborted ? "timeout" : "network" };
    }
  };

function statusOf({ to, headers, body }: DeliveryRequest, signal: AbortSignal): Promise<number> {
  const { request } = to.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    // Without an agent no socket stays behind, so a receiver can close at any time.
    const sent = request(to, { method: "POST", headers, agent: false, signal }, (response) => {
      response.on("error", reject);
      response.on("end", () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
