import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { API_KEY_HEADER } from "../facts.js";
import { firstHalf, type Answer, type Outcome } from "./answer.js";
import { CONTROL_PREFIX, controlAnswer } from "./control.js";
import type { Simulation } from "./simulation.js";

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Past what the API takes. */
const MAX_READ_BYTES = 2 * 1024 * 1024;

/** The API and its control over HTTP, on 127.0.0.1. @throws Error if the port is taken */
export async function startServer(simulation: Simulation, port: number): Promise<RunningServer> {
  const server = createServer((request, response) => {
    // A caller that hangs up needs no answer.
    serve(simulation, request, response).catch(() => response.destroy());
  });
  // Longer than clients keep a connection, so that they do not meet one that closes.
  server.keepAliveTimeout = 72_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url: target = "/", headers } = request;
  const body = await readBody(request);
  if (target.startsWith(`${CONTROL_PREFIX}/`)) {
    const { status, text } = await controlAnswer(simulation, {
      method,
      target,
      host: headers.host,
      origin: headers.origin,
      body,
    });
    send(response, { status, text, headers: { "content-type": "application/json" } });
    return;
  }
  const exchange = simulation.begin({
    method,
    target,
    apiKey: [headers[API_KEY_HEADER]].flat()[0],
    contentType: headers["content-type"],
    body,
  });
  response.once("close", () => exchange.end());
  await simulation.wait(exchange.waitMs);
  await transfer(exchange.act(), response, simulation);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (read < MAX_READ_BYTES) chunks.push(chunk);
    read += chunk.length;
  }
  return Buffer.concat(chunks).toString();
}

async function transfer(
  { transfer: how, answer, delayMs }: Outcome,
  response: ServerResponse,
  simulation: Simulation,
): Promise<void> {
  const { socket } = response;
  if (answer === null) {
    if (how === "cut") socket?.destroy();
    if (how === "reset") socket?.resetAndDestroy();
    return;
  }
  const { status, text, headers } = answer;
  const bytes = Buffer.from(text);
  const sized = { ...headers, "content-length": bytes.length };
  switch (how) {
    case "half":
      response.writeHead(status, sized).write(firstHalf(text), () => socket?.destroy());
      return;
    case "endless":
      response.writeHead(status, headers);
      Readable.from(endlessSpace()).pipe(response);
      return;
    case "drip":
      response.writeHead(status, sized);
      for (const byte of bytes) {
        await simulation.wait(delayMs);
        if (response.closed) return;
        response.write(Buffer.of(byte));
      }
      response.end();
      return;
    default:
      await simulation.wait(delayMs);
      send(response, answer);
  }
}

function send(response: ServerResponse, { status, text, headers }: Answer): void {
  const length = status === 204 ? {} : { "content-length": Buffer.byteLength(text) };
  response.writeHead(status, { ...headers, ...length }).end(text);
}

function* endlessSpace(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(16 * 1024, " ");
}
