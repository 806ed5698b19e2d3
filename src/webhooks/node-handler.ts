import type { WebhookPayload } from "./bytes.js";
import { readBody } from "./read-body.js";
import type { Intake } from "./receiver.js";

/** The part of node:http's request that is used. Express' is one too. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Set by a middleware such as `express.raw`. */
  readonly body?: unknown;
}

/** The part of node:http's response that is used. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): { end(): unknown };
}

export type NodeHandler = (request: NodeRequest, response: NodeResponse) => Promise<void>;

export const nodeHandler =
  (intake: Intake): NodeHandler =>
  async (request, response) => {
    const { status, isRead } = await answer(intake, request);
    try {
      // The rest of a body that was not read would be taken for the connection's next request.
      const headers: Record<string, string> = isRead ? {} : { Connection: "close" };
      response.writeHead(status, { ...headers, "Content-Length": "0" }).end();
    } catch {
      // The client has gone, or a middleware has answered already.
    }
  };

async function answer(intake: Intake, request: NodeRequest) {
  const { body, headers } = request;
  if (request.method !== "POST") return { status: intake.reject("method_not_allowed") };
  let payload: WebhookPayload;
  if (typeof body === "string" || ArrayBuffer.isView(body)) payload = body;
  // Express 4 sets an empty object if it has parsed nothing.
  else if (Object.keys(body ?? {}).length > 0) return { status: intake.reject("body_parsed") };
  else {
    const chunks = request[Symbol.asyncIterator]();
    const read = await readBody(() => chunks.next(), intake);
    if (typeof read === "string") return { status: intake.reject(read) };
    payload = read;
  }
  return { status: await intake.receive({ headers, payload }), isRead: true };
}
