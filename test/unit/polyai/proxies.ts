import { spawn } from "node:child_process";
import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import type { Certificate } from "./certificates.js";
import { closeLater, listen } from "./server.js";

export interface TestProxy {
  readonly url: string;
  /** The targets that it was asked for. */
  readonly asked: { readonly authority: string; readonly headers: http.IncomingHttpHeaders }[];
  /** Every byte that it was given. */
  readonly bytes: () => Buffer;
}

interface ProxyOptions {
  /** Written instead of tunnelling, as its answer. */
  readonly refuse?: string;
  readonly host?: string;
  readonly server?: http.Server;
}

/** Makes one connection of this one and a new one to a port. */
export function tie(socket: net.Socket, port: string | number): void {
  const upstream = net.connect(Number(port), "127.0.0.1");
  socket.pipe(upstream).pipe(socket);
  upstream.on("error", () => socket.destroy());
  socket.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
}

export const portOf = ({ url }: { readonly url: string }): string => new URL(url).port;

/** An HTTP proxy that tunnels to one port whatever it is asked for. */
export async function startProxy(
  port: string | number,
  { refuse, host = "127.0.0.1", server = http.createServer() }: ProxyOptions = {},
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
  const { port: own } = await listen(server, host);
  const shown = net.isIP(host) === 6 ? `[${host}]` : host;
  const scheme = server instanceof https.Server ? "https" : "http";
  return { url: `${scheme}://${shown}:${own}`, asked, bytes: () => Buffer.concat(chunks) };
}

/** One that is itself asked over TLS. */
export const startTlsProxy = (
  port: string | number,
  { key, cert }: Certificate,
  host?: string,
): Promise<TestProxy> =>
  startProxy(port, { server: https.createServer({ key, cert }), ...(host && { host }) });

/**
 * A SOCKS5 proxy (RFC 1928, RFC 1929) that wants a password and connects to one port.
 *
 * @param accepts false for a proxy that takes no password
 */
export async function startSocks(
  port: string | number,
  accepts = true,
): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    let step = 0;
    socket.on("data", (data: Buffer) => {
      if (step === 0) socket.write(Buffer.from([5, 2]));
      if (step === 1) {
        const user = data.subarray(2, 2 + data[1]!).toString();
        asked.push(`${user}:${data.subarray(3 + data[1]!).toString()}`);
        socket.write(Buffer.from([1, accepts ? 0 : 1]));
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

/**
 * A relay to a port that takes a second to accept a connection: its process stands still with a full
 * queue until it is woken, and then the client's system has to ask once more.
 */
export async function startSlow(target: string): Promise<{ readonly port: number; wake(): void }> {
  const script = `
    const net = require("node:net");
    const server = net.createServer((socket) => {
      const other = net.connect(${target}, "127.0.0.1");
      socket.on("error", () => {}).pipe(other.on("error", () => {})).pipe(socket);
    });
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      console.log(server.address().port);
    });`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  closeLater({ close: () => child.kill("SIGKILL") });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  child.kill("SIGSTOP");
  for (let i = 0; i < 4; i++) {
    const waiting = net.connect(port, "127.0.0.1").on("error", () => undefined);
    closeLater({ close: () => waiting.destroy() });
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { port, wake: () => void child.kill("SIGCONT") };
}
