import { pipeline } from "node:stream/promises";
import type { FastifyReply } from "fastify";
import { apiError, errorBody } from "./errors.js";
import type { Fault } from "./faults.js";
import type { ErrorBodyStyle } from "./options.js";
import { pause } from "./pause.js";
import type { OpenEntry } from "./request-log.js";

/** An answer of the API before it is sent. No text: no body. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Exchange {
  readonly reply: FastifyReply;
  readonly entry: OpenEntry;
  readonly errorStyle: ErrorBodyStyle;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

const TEN_MIB = 10 * 1024 * 1024;
const CHUNK = Buffer.alloc(16 * 1024, " ");
const WEB_PAGE =
  "<!DOCTYPE html>\n<html><body><h1>Please sign in to the network</h1></body></html>\n";

export function send({ reply, entry }: Exchange, answer: Answer): FastifyReply {
  entry.status = answer.status;
  if (answer.text !== "") reply.type("application/json");
  return reply
    .code(answer.status)
    .headers({ ...answer.headers })
    .send(answer.text === "" ? undefined : answer.text);
}

/** Answers as the fault has it. `right` is what the API would have answered. */
export async function sendSpoilt(
  exchange: Exchange,
  fault: Fault,
  right: Answer,
): Promise<FastifyReply> {
  const { reply } = exchange;
  switch (fault.kind) {
    case "status":
      return send(exchange, failure(exchange, fault));
    case "slow":
      await pause(fault.delayMs, exchange.closing);
      return send(exchange, right);
    case "cut":
      return hijacked(reply, () => reply.raw.socket?.destroy());
    case "reset":
      return hijacked(reply, () => reply.raw.socket?.resetAndDestroy());
    case "hang":
      return hijacked(reply, () => undefined);
    case "html":
      send(exchange, { status: fault.status ?? 200, text: WEB_PAGE, headers: HTML });
      return reply;
    case "empty":
      return send(exchange, { status: fault.status ?? 200, text: "" });
    case "truncated":
      return send(exchange, { ...right, text: firstHalf(right.text) });
    case "cutBody":
      return hijacked(reply, () => cutBody(exchange, right));
    case "noSecret":
      return send(
        exchange,
        withFields(right, ({ signing_secret: _, ...rest }) => rest),
      );
    case "secret":
      return send(
        exchange,
        withFields(right, (fields) => ({ ...fields, signing_secret: fault.value })),
      );
    case "huge":
      return send(exchange, { ...right, text: " ".repeat(fault.bytes ?? TEN_MIB) + right.text });
    case "endless":
      return hijacked(reply, () => void sendEndlessly(exchange, right));
    case "drip":
      return hijacked(reply, () => void sendDrop(exchange, right, fault.delayMs ?? 100));
    case "redirect":
      return send(exchange, {
        status: fault.status ?? 307,
        text: "",
        headers: { location: fault.location },
      });
  }
}

const HTML = { "content-type": "text/html; charset=utf-8" };

function failure({ entry, errorStyle }: Exchange, fault: Fault & { kind: "status" }): Answer {
  const { status, retryAfter, retryAfterAs = "seconds" } = fault;
  const body = errorBody(apiError(status, fault.message), entry.correlationId, errorStyle);
  const text = JSON.stringify(body);
  if (retryAfter === undefined) return { status, text };
  const value =
    retryAfterAs === "seconds"
      ? String(retryAfter)
      : new Date(Date.now() + retryAfter * 1000).toUTCString();
  return { status, text, headers: { "retry-after": value } };
}

function firstHalf(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}

function withFields(
  answer: Answer,
  change: (fields: Record<string, unknown>) => Record<string, unknown>,
): Answer {
  const fields = JSON.parse(answer.text || "{}") as Record<string, unknown>;
  return { ...answer, text: JSON.stringify(change(fields)) };
}

/** Takes the connection out of fastify's hands. */
function hijacked(reply: FastifyReply, act: () => void): FastifyReply {
  reply.hijack();
  act();
  return reply;
}

function writeHead({ reply, entry }: Exchange, { status }: Answer, contentLength?: number): void {
  entry.status = status;
  reply.raw.writeHead(status, {
    "content-type": "application/json",
    "x-polyai-correlation-id": entry.correlationId,
    ...(contentLength === undefined ? {} : { "content-length": contentLength }),
  });
}

function cutBody(exchange: Exchange, right: Answer): void {
  const { raw } = exchange.reply;
  writeHead(exchange, right, Buffer.byteLength(right.text));
  raw.write(firstHalf(right.text), () => raw.socket?.destroy());
}

async function sendEndlessly(exchange: Exchange, right: Answer): Promise<void> {
  writeHead(exchange, right);
  // The caller hanging up is how this ends.
  await pipeline(endlessSpace(exchange.closing), exchange.reply.raw).catch(() => undefined);
}

async function* endlessSpace(closing: AbortSignal): AsyncGenerator<Buffer> {
  while (!closing.aborted) {
    yield CHUNK;
    await pause(1, closing);
  }
}

async function sendDrop(exchange: Exchange, right: Answer, delayMs: number): Promise<void> {
  const { raw } = exchange.reply;
  const bytes = Buffer.from(right.text);
  writeHead(exchange, right, bytes.length);
  for (const byte of bytes) {
    await pause(delayMs, exchange.closing);
    if (raw.closed || exchange.closing.aborted) return;
    raw.write(Buffer.of(byte));
  }
  raw.end();
}
