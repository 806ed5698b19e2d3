import {
  connect as connectHttp2,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { Certificate } from "../../../src/plugin/go-plugin/certificate.js";
import type { Init, MessageType } from "../../../src/plugin/tfplugin6/codec.js";
import { encodeFrame, FrameReader } from "../../../src/plugin/grpc/framing.js";
import type { Plugin } from "./plugin.js";

export interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly messages: readonly Uint8Array[];
  readonly trailers: IncomingHttpHeaders;
  /** gRPC's status, wherever it came. */
  readonly status: string | undefined;
  readonly message: string | undefined;
}

interface Rpc<A, B> {
  readonly path: string;
  readonly request: MessageType<A>;
  readonly response: MessageType<B>;
}

export const tlsOptions = (plugin: Plugin, certificate?: Certificate): ConnectionOptions => ({
  ...plugin.endpoint,
  ca: `-----BEGIN CERTIFICATE-----\n${plugin.serverCertificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
  servername: "localhost",
  ALPNProtocols: ["h2"],
  ...(certificate && { cert: certificate.cert, key: certificate.key }),
});

/** A host that has connected to a plugin: a gRPC client on node:http2. */
export class Host {
  private constructor(readonly session: ClientHttp2Session) {}

  static connect(plugin: Plugin, certificate: Certificate = plugin.host): Promise<Host> {
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

  /** Calls an RPC, and fails where its status is not OK. */
  async call<A, B>(rpc: Rpc<A, B>, request: Init<A>): Promise<B> {
    const answer = await this.send(rpc.path, encodeFrame(rpc.request, request));
    const [message] = answer.messages;
    if (answer.status !== "0" || message === undefined) {
      throw new Error(`status ${answer.status ?? "missing"}: ${answer.message ?? ""}`);
    }
    return rpc.response.decode(message);
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

  close(): void {
    this.session.destroy();
  }
}

/** @throws what ended the stream, where no complete answer came */
export function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const reader = new FrameReader();
    const messages: Uint8Array[] = [];
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.once("response", (received) => (headers = received));
    stream.once("trailers", (received) => (trailers = received));
    stream.on("data", (chunk: Buffer) => messages.push(...reader.push(chunk)));
    stream.once("error", reject);
    stream.once("close", () => {
      const status = (trailers["grpc-status"] ?? headers["grpc-status"])?.toString();
      const message = (trailers["grpc-message"] ?? headers["grpc-message"])?.toString();
      resolve({ headers, messages, trailers, status, message });
    });
  });
}
