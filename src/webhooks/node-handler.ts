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
  if (request.method !== "POST") return { status: intake.reject("method_not_allowed") };
  const payload = isRaw(request.body) ? request.body : await streamed(intake, request);
  if (typeof payload === "object" && "reason" in payload) {
    return { status: intake.reject(payload.reason) };
  }
  return { status: await intake.receive({ headers: request.headers, payload }), isRead: true };
}

async function streamed(intake: Intake, request: NodeRequest) {
  if (isParsed(request.body)) return { reason: "body_parsed" as const };
  const body = await readBody(request[Symbol.asyncIterator](), intake);
  return typeof body === "string" ? { reason: body } : body;
}

function isRaw(body: unknown): body is WebhookPayload {
  return typeof body === "string" || ArrayBuffer.isView(body);
}

/** Express 4 sets an empty object if it has parsed nothing. */
function isParsed(body: unknown): boolean {
  return body !== undefined && body !== null && Object.keys(body).length > 0;
}
