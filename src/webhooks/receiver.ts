import { bytesOf, type WebhookPayload } from "./bytes.js";
import { isKnown, parseEvent, type OtherEvent, type WebhookEvent } from "./event.js";
import { fetchHandler, type FetchHandler } from "./fetch-handler.js";
import { lambdaHandler, type LambdaHandler } from "./lambda-handler.js";
import { nodeHandler, type NodeHandler } from "./node-handler.js";
import { RecentEvents } from "./recent-events.js";
import { SecretReader, type SecretSource, type WebhookSecrets } from "./secrets.js";
import { ownProperties, WEBHOOK_HEADERS } from "./sign.js";
import {
  DEFAULT_TOLERANCE_SECONDS,
  headerValues,
  verifyWebhook,
  type VerifyWebhookResult,
  type WebhookHeaders,
  type WebhookRejection,
} from "./verify.js";

/** Facts on a verified delivery. */
export interface WebhookDelivery extends Omit<
  Extract<VerifyWebhookResult, { valid: true }>,
  "valid"
> {
  /** Value of `X-PolyAI-Signature`: a replay repeats it, though the event's id may be another. */
  readonly signature: string;
}

/** The reason for an answer that is not 204. */
export type ReceiverRejection =
  | WebhookRejection
  /** The method is not POST. */
  | "method_not_allowed"
  /** The body is longer than `maxBytes`. */
  | "too_large"
  /** The body did not arrive in time, or not whole. */
  | "body_incomplete"
  /** Another middleware has parsed the body: put the receiver before it. */
  | "body_parsed"
  /** The signature is right, but the body is no JSON object with a `type`. */
  | "event_malformed"
  /** The event's type is not known, and there is no `onOtherEvent`. */
  | "event_unknown"
  /** The secrets cannot be read, or cannot be used: `error` says why. */
  | "secrets_unavailable"
  /** `onEvent` or `isHandled` threw `error`. */
  | "handler_failed";

export interface WebhookReceiverOptions {
  /** Secrets, or a function that reads them: at the first delivery, and again if a delivery does not verify, at most once a second. */
  readonly secrets: SecretSource;
  /** Takes an event. If it throws, the answer is 500, and PolyAI sends the event again. */
  readonly onEvent: (event: WebhookEvent, delivery: WebhookDelivery) => unknown;
  /** As `onEvent`, for types that this version does not know. Without it, the answer to them is 503. */
  readonly onOtherEvent?: (event: OtherEvent, delivery: WebhookDelivery) => unknown;
  /**
   * Tells if an event was taken before: ask the store that `onEvent` writes to. It is given the
   * `X-PolyAI-Event-ID`, which is not signed, or the signature if there is none. Ask by
   * `delivery.signature` too, to refuse a replay under another id. The receiver itself remembers
   * thousands of both, in this process.
   */
  readonly isHandled?: (eventId: string, delivery: WebhookDelivery) => boolean | Promise<boolean>;
  /** Told of every answer that is not 204: for a log. It is given no body, header or secret. */
  readonly onRejected?: (reason: ReceiverRejection, error?: unknown) => void;
  /** The longest body, in bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /** The longest time for a body to arrive, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** As for `verifyWebhook`, in seconds. Default 300. */
  readonly toleranceSeconds?: number;
}

/** A request, its body read. */
export interface ReceivedRequest {
  readonly headers: WebhookHeaders;
  /** The raw body. */
  readonly payload: WebhookPayload;
}

export interface WebhookReceiver {
  /**
   * Verifies a request whose body the caller has read, hands its event on, and gives the status to
   * answer. It never throws.
   */
  receive(request: ReceivedRequest): Promise<number>;
  /** For node:http and Express: `createServer(receiver.node)`, `app.post("/", receiver.node)`. */
  readonly node: NodeHandler;
  /** For servers that are given a `Request` and return a `Response`. */
  readonly fetch: FetchHandler;
  /** For AWS Lambda: function URLs and API Gateway. */
  readonly lambda: LambdaHandler;
}

/** Answers for which PolyAI sends again are 500 and 503; it gives up on the others. */
const STATUS: Readonly<Record<ReceiverRejection, number>> = {
  header_missing: 400,
  header_repeated: 400,
  timestamp_malformed: 400,
  signature_malformed: 400,
  event_malformed: 400,
  method_not_allowed: 405,
  too_large: 413,
  // The receiver may not know the new secret yet, and its clock may be wrong.
  signature_mismatch: 503,
  timestamp_outside_tolerance: 503,
  secrets_unavailable: 503,
  event_unknown: 503,
  body_incomplete: 408,
  body_parsed: 500,
  handler_failed: 500,
};

/** Part of the handlers: a body that is limited, or a refusal. */
export interface Intake {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  receive(request: ReceivedRequest): Promise<number>;
  /** Gives the status. */
  reject(reason: ReceiverRejection, error?: unknown): number;
}

/**
 * A receiver of PolyAI's webhooks: reads the raw body up to a limit, verifies it, passes over what
 * was taken before, and hands the event on. Nothing that a stranger sends makes it throw.
 *
 * It answers 204 if the event was taken; 503 if the signature does not match, since PolyAI sends
 * again after that, and a rotation may be rolling out; 400 if the request is malformed.
 *
 * @throws TypeError if `secrets` is not a function, and its first secret is missing or has white
 *   space around it
 *
 * @example
 * const receiver = createWebhookReceiver({
 *   secrets: [process.env.POLYAI_SECRET, process.env.POLYAI_PREVIOUS_SECRET],
 *   onEvent: (event) => console.log(event.type),
 * });
 * createServer(receiver.node).listen(8080);
 */
export function createWebhookReceiver(options: WebhookReceiverOptions): WebhookReceiver {
  const own = ownProperties(options);
  const { onEvent, onOtherEvent, onRejected, isHandled = () => false } = options;
  const {
    toleranceSeconds = DEFAULT_TOLERANCE_SECONDS,
    maxBytes = 1 << 20,
    timeoutMs = 10_000,
  } = options;
  const reader = new SecretReader(own.secrets);
  const recent = new RecentEvents();

  function reject(reason: ReceiverRejection, error?: unknown): number {
    try {
      onRejected?.(reason, error);
    } catch {
      // A log that fails must not change the answer.
    }
    return STATUS[reason];
  }

  async function receive({ headers, payload }: ReceivedRequest): Promise<number> {
    const body = bytesOf(payload);
    if (body.byteLength > maxBytes) return reject("too_large");
    const verify = (secrets: WebhookSecrets) =>
      verifyWebhook({ payload: body, headers, secrets, toleranceSeconds });
    let result;
    try {
      result = verify(await reader.current());
      if (!result.valid && result.reason === "signature_mismatch") {
        const again = await reader.again();
        if (again !== undefined) result = verify(again);
      }
    } catch (error) {
      return reject("secrets_unavailable", error);
    }
    if (!result.valid) return reject(result.reason);
    const { valid: _, ...facts } = result;
    const [signature = ""] = headerValues(headers, WEBHOOK_HEADERS.signature);
    const delivery = { ...facts, signature };
    const event = parseEvent(body);
    if (event === undefined) return reject("event_malformed");
    const take = isKnown(event)
      ? () => onEvent(event, delivery)
      : onOtherEvent && (() => onOtherEvent(event, delivery));
    if (take === undefined) return reject("event_unknown");
    const eventId = delivery.eventId ?? signature;
    try {
      // The event's id is not signed: a replay could carry another one, but not another signature.
      await recent.once([eventId, signature], async () => {
        if (!(await isHandled(eventId, delivery))) await take();
      });
      return 204;
    } catch (error) {
      return reject("handler_failed", error);
    }
  }

  const intake: Intake = { maxBytes, timeoutMs, receive, reject };
  return {
    receive: (request) => receive(request).catch((error: unknown) => reject("body_parsed", error)),
    node: nodeHandler(intake),
    fetch: fetchHandler(intake),
    lambda: lambdaHandler(intake),
  };
}
