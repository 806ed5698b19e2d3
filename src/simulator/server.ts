import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { API_KEY_HEADER } from "../facts.js";
import { firstHalf, type Answer, type Outcome } from "./answer.js";
import { CONTROL_PREFIX, controlAnswer } from "./control.js";
import type { Simulation } from "./simulation.js";

/** The API and its control over HTTP, on 127.0.0.1. @throws Error if the port is taken */
export async function startServer(simulation: Simulation, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    // A caller that hangs up needs no answer.
    serve(simulation, request, response).catch(() => response.destroy());
  });
  // Longer than clients keep a connection, so that they do not meet one that closes.
  server.keepAliveTimeout = 72_000;
  await once(server.listen(port, "127.0.0.1"), "listening");
  return server;
}

async function serve(simulation: Simulation, request: IncomingMessage, response: ServerResponse) {
  const { method = "GET", url: target = "/", headers } = request;
  const body = await text(request);
  if (target.startsWith(CONTROL_PREFIX)) {
    const { host, origin } = headers;
    send(response, await controlAnswer(simulation, { method, target, host, origin, body }));
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
  await transfer(simulation, exchange.act(), response);
}

async function transfer(simulation: Simulation, outcome: Outcome, response: ServerResponse) {
  const { transfer: how, answer, delayMs } = outcome;
  const { socket } = response;
  if (how === "cut") socket?.destroy();
  if (how === "reset") socket?.resetAndDestroy();
  if (answer === null) return;
  const { status, headers, text: body } = answer;
  if (how === "half") {
    const length = { "content-length": Buffer.byteLength(body) };
    const half = response.writeHead(status, { ...headers, ...length });
    half.write(firstHalf(body), () => socket?.destroy());
  } else if (how === "endless") {
    response.writeHead(status, headers);
    Readable.from(endlessSpace(() => simulation.wait(delayMs))).pipe(response);
  } else {
    await simulation.wait(delayMs);
    send(response, answer);
  }
}

function send(response: ServerResponse, { status, text: body, headers }: Answer): void {
  const length = status === 204 ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length }).end(body);
}

async function* endlessSpace(wait: () => Promise<void>): AsyncGenerator<Buffer> {
  for (;;) {
    yield Buffer.alloc(16 * 1024, " ");
    await wait();
  }
}
