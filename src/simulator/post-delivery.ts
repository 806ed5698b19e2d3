import * as http from "node:http";
import * as https from "node:https";
import type { DeliveryRequest, Post } from "./deliveries.js";

/** Posts a delivery once. Redirects are not followed; the answer's body is thrown away. */
export const postDelivery: Post = async (request) => {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  try {
    return { status: await statusOf(request, deadline), error: null };
  } catch {
    return { status: null, error: deadline.aborted ? "timeout" : "network" };
  }
};

function statusOf(
  { to, headers, body, closing }: DeliveryRequest,
  deadline: AbortSignal,
): Promise<number> {
  const { request } = to.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.any([deadline, closing]);
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
