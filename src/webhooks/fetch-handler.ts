import { readBody } from "./read-body.js";
import type { Intake } from "./receiver.js";

/** The part of fetch's `Request` that is used. */
export interface FetchRequest {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
  readonly body: {
    getReader(): {
      read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
  readonly bodyUsed: boolean;
}

/** The caller's `Response`, from whichever types the program has. */
export type FetchResponse = typeof globalThis extends { Response: { prototype: infer Response } }
  ? Response
  : { readonly status: number };

export type FetchHandler = (request: FetchRequest) => Promise<FetchResponse>;

export const fetchHandler =
  (intake: Intake): FetchHandler =>
  async (request) =>
    new Response(null, { status: await answer(intake, request) });

async function answer(intake: Intake, request: FetchRequest): Promise<number> {
  const { headers, body } = request;
  if (request.method !== "POST") return intake.reject("method_not_allowed");
  if (request.bodyUsed) return intake.reject("body_parsed");
  if (body === null) return intake.receive({ headers, payload: "" });
  const reader = body.getReader();
  const payload = await readBody(() => reader.read(), intake);
  if (typeof payload !== "string") return intake.receive({ headers, payload });
  reader.cancel().catch(() => undefined);
  return intake.reject(payload);
}
