import {
  connect as connectHttp2,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { Certificate } from "../../../src/plugin/go-plugin/certificate.js";
import { encodeFrame } from "../../../src/plugin/grpc/framing.js";
import {
  type MessageFns,
  ProviderDefinition,
} from "../../../src/plugin/tfplugin6/generated/tfplugin6.js";
import type { Plugin } from "./plugin.js";

export interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly messages: readonly Uint8Array[];
  /** gRPC's status, wherever it came. */
  readonly status: string | undefined;
  readonly message: string | undefined;
}

interface Rpc<A, B> {
  readonly name: string;
  readonly requestType: MessageFns<A>;
  readonly responseType: MessageFns<B>;
  readonly responseStream: boolean;
}

/** The RPCs of tfplugin6.Provider. */
export const rpcs = ProviderDefinition.methods;

export const pathOf = ({ name }: { readonly name: string }): string =>
  `/tfplugin6.Provider/${name}`;

/** A whole request of an RPC, as it travels. */
export const frameOf = <A>({ requestType }: Pick<Rpc<A, unknown>, "requestType">, request: A) =>
  encodeFrame(requestType.encode(request).finish());

/** A plugin as it can be connected to. */
type Reachable = Pick<Plugin, "endpoint" | "serverCertificate" | "host">;

export const tlsOptions = (plugin: Reachable, certificate?: Certificate): ConnectionOptions => ({
  ...plugin.endpoint,
  ca: `-----BEGIN CERTIFICATE-----\n${plugin.serverCertificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
  servername: "localhost",
  ALPNProtocols: ["h2"],
  ...(certificate && { cert: certificate.cert, key: certificate.key }),
});

/** A host that has connected to a plugin: a gRPC client on node:http2. */
export class Host {
  constructor(private readonly session: ClientHttp2Session) {}

  static connect(plugin: Reachable, certificate: Certificate = plugin.host): Promise<Host> {
    return new Promise((resolve, reject) => {
      const session = connectHttp2("https://localhost", {
        createConnection: () => connectTls(tlsOptions(plugin, certificate)),
        settings: { initialWindowSize: 16 * 1024 * 1024 },
      });
      session.once("error", reject);
      session.once("remoteSettings", () => {
        session.removeListener("error", reject);
        session.on("error", () => undefined);
        session.setLocalWindowSize(16 * 1024 * 1024);
        resolve(new Host(session));
      });
    });
  }

  /** Calls an RPC, and fails if its status is not OK. */
  async call<A, B>(rpc: Rpc<A, B>, request: A): Promise<B> {
    for await (const response of this.responses(rpc, request)) return response;
    throw new Error("no message came");
  }

  /** All that an RPC answers, once it has ended. */
  async *responses<A, B>(rpc: Rpc<A, B>, request: A): AsyncGenerator<B> {
    const answer = await this.send(pathOf(rpc), frameOf(rpc, request));
    if (answer.status !== "0") {
      throw new Error(`status ${answer.status ?? "missing"}: ${answer.message ?? ""}`);
    }
    for (const message of answer.messages) yield rpc.responseType.decode(message);
  }

  /** Sends one request in these pieces, each its own write, and waits for the whole answer. */
  async send(
    path: string,
    body: Uint8Array | readonly Uint8Array[],
    headers: OutgoingHttpHeaders = {},
  ): Promise<Answer> {
    const stream = this.open(path, headers);
    const answer = answerOf(stream);
    for (const part of body instanceof Uint8Array ? [body] : body) stream.write(part);
    stream.end();
    return answer;
  }

  open(path: string, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
    return this.session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
  }

  /** Asks the process to end, as go-plugin does. */
  async shutdown(): Promise<void> {
    const { status } = await this.send("/plugin.GRPCController/Shutdown", new Uint8Array(5));
    if (status !== "0") throw new Error(`status ${status ?? "missing"}`);
  }

  close(): void {
    this.session.destroy();
  }
}

/** @throws what ended the stream, where no complete answer came */
export function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.once("response", (received) => (headers = received));
    stream.once("trailers", (received) => (trailers = received));
    stream.on("data", (chunk: Buffer) => received.push(chunk));
    stream.once("error", reject);
    stream.once("close", () => {
      const status = (trailers["grpc-status"] ?? headers["grpc-status"])?.toString();
      const message = (trailers["grpc-message"] ?? headers["grpc-message"])?.toString();
      const messages = messagesIn(Buffer.concat(received));
      resolve({ headers, messages, status, message });
    });
  });
}

const messagesIn = (frames: Buffer): readonly Uint8Array[] => {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < frames.length;) {
    const end = at + 5 + frames.readUInt32BE(at + 1);
    messages.push(frames.subarray(at + 5, end));
    at = end;
  }
  return messages;
};
