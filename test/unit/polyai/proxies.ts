import * as http from "node:http";
import * as net from "node:net";
import { listen } from "./server.js";

export interface TestProxy {
  readonly url: string;
  /** Its CONNECT requests. */
  readonly asked: { readonly authority: string; readonly headers: http.IncomingHttpHeaders }[];
  /** Every byte that the client gave to the proxy. */
  readonly bytes: () => Buffer;
}

/** Tunnels to one port whatever host it is asked for; `refuse` is an answer of its own instead. */
export async function startProxy(
  port: string | number,
  refuse?: string,
  server: http.Server = http.createServer(),
  scheme = "http",
): Promise<TestProxy> {
  const asked: TestProxy["asked"] = [];
  const chunks: Buffer[] = [];
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    asked.push({ authority: request.url ?? "", headers: request.headers });
    chunks.push(Buffer.from(JSON.stringify(request.rawHeaders)));
    if (refuse !== undefined) {
      socket.end(refuse);
      return;
    }
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    tie(socket, port);
  });
  const { port: own } = await listen(server);
  return { url: `${scheme}://127.0.0.1:${own}`, asked, bytes: () => Buffer.concat(chunks) };
}

/** Makes one connection of this one and a new one to a port. */
export function tie(socket: net.Socket, port: string | number): void {
  const upstream = net.connect(Number(port), "127.0.0.1");
  socket.pipe(upstream).pipe(socket);
  upstream.on("error", () => socket.destroy());
  socket.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
}

/** A SOCKS5 proxy (RFC 1928, RFC 1929) that wants a password and connects to one port. */
export async function startSocks(port: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    let step = 0;
    socket.on("data", (data: Buffer) => {
      if (step === 0) socket.write(Buffer.from([5, 2]));
      if (step === 1) {
        const user = data.subarray(2, 2 + data[1]!).toString();
        asked.push(`${user}:${data.subarray(3 + data[1]!).toString()}`);
        socket.write(Buffer.from([1, 0]));
      }
      if (step === 2) {
        const name = data.subarray(5, 5 + data[4]!).toString();
        asked.push(`${name}:${data.readUInt16BE(5 + data[4]!)}`);
        socket.removeAllListeners("data");
        socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
        tie(socket, port);
      }
      step++;
    });
  });
  return { url: `socks5://127.0.0.1:${(await listen(server)).port}`, asked };
}
