import { connect as connectHttp2, constants } from "node:http2";
import { connect as connectNet, type Socket } from "node:net";
import { readFileSync } from "node:fs";
import { connect as connectTls, TLSSocket, type ConnectionOptions } from "node:tls";
import { createCertificate, type Certificate } from "../../src/plugin/go-plugin/certificate.js";
import { Host, pathOf, rpcs, tlsOptions } from "./support/client.js";
import { until } from "../support/processes.js";
import { buildChild, startConnected, type Plugin } from "./support/plugin.js";

const child = buildChild();
let plugin: Plugin;
let host: Host;

beforeAll(async () => {
  ({ plugin, host } = await startConnected(child, { TF_LOG: "debug" }));
});
// Whatever a peer did, the host is served, on the connection it had and on a new one.
afterEach(async () => {
  expect(plugin.alive).toBe(true);
  await host.call(rpcs.getMetadata, {});
  const another = await Host.connect(plugin);
  await another.call(rpcs.getMetadata, {});
  another.close();
});

/** HTTP/2's preface, an empty SETTINGS frame and a PING: what any server would answer. */
const PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
]);

/** The bytes that a peer receives, in the clear, until it is cut off or has had enough. */
const cutOff = (
  socket: Socket,
  say: Buffer,
  enough: (received: Buffer) => boolean = () => false,
): Promise<Buffer> =>
  new Promise((resolve) => {
    let received = Buffer.alloc(0);
    socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", () => socket.write(say));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (enough(received)) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
  });

const NOTHING = Buffer.alloc(0);
/** A connection over TLS with this certificate, by default the host's. */
const secure = (options: ConnectionOptions = {}, certificate?: Certificate): Socket =>
  connectTls({ ...tlsOptions(plugin, certificate), ...options });

const residentBytes = (): number => {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${plugin.pid}/status`, "utf8"));
  return Number(match?.[1]) * 1024;
};

describe("a peer that is not the host gets no byte of HTTP/2", () => {
  it.each<[string, () => Socket]>([
    ["with no certificate", () => secure()],
    ["with another certificate of the same name", () => secure({}, createCertificate())],
    ["with the right one, for no protocol", () => secure({ ALPNProtocols: [] }, plugin.host)],
    ["with the right one, for HTTP/1", () => secure({ ALPNProtocols: ["http/1.1"] }, plugin.host)],
  ])("%s", async (_how, connect) => {
    expect(await cutOff(connect(), PREFACE)).toEqual(NOTHING);
  });

  it.each(["TLSv1", "TLSv1.1"] as const)(
    "on %s, even with the right certificate",
    async (version) => {
      // Without this OpenSSL itself refuses to try.
      const ciphers = "DEFAULT@SECLEVEL=0";
      const options = { minVersion: version, maxVersion: version, ciphers };
      const before = plugin.stderr.length;
      expect(await cutOff(secure(options, plugin.host), PREFACE)).toEqual(NOTHING);
      const isRefused = () => /unsupported.protocol/i.test(plugin.stderr.slice(before));
      await until(isRefused, "the server's own refusal");
    },
  );

  it.each([
    ["HTTP/1", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
    ["HTTP/2 in the clear", PREFACE],
    ["garbage", Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167) % 256))],
    ["zeros", Buffer.alloc(64 * 1024)],
  ])("that speaks %s without TLS", async (_what, say) => {
    const received = await cutOff(connectNet(plugin.socket), say);
    // At most a TLS alert (record type 21).
    expect(received.length === 0 || received[0] === 21).toBe(true);
  });
});

const GOAWAY = 7;
/** The types of the whole HTTP/2 frames in these bytes. */
const frameTypes = (received: Buffer): readonly number[] => {
  const types: number[] = [];
  for (let at = 0; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
    types.push(received.readUInt8(at + 3));
  }
  return types;
};

describe("a host that misbehaves harms itself alone", () => {
  it("with garbage after the preface", async () => {
    const isOver = (answer: Buffer) => frameTypes(answer).includes(GOAWAY);
    const say = Buffer.concat([PREFACE, Buffer.alloc(2000, 0xa5)]);
    expect(isOver(await cutOff(secure({}, plugin.host), say, isOver))).toBe(true);
  });

  it("with a message of 4 GiB, which takes no memory", async () => {
    const before = residentBytes();
    const huge = Buffer.from([0, 255, 255, 255, 255]);
    const calls = Array.from({ length: 50 }, () => host.send(pathOf(rpcs.readResource), huge));
    expect((await Promise.all(calls)).every(({ status }) => status === "8")).toBe(true);
    expect(residentBytes() - before).toBeLessThan(64 * 1024 * 1024);
  });

  it("with 256 MiB announced on fifty calls and never sent, which takes no memory", async () => {
    const before = residentBytes();
    const streams = Array.from({ length: 50 }, () => host.open(pathOf(rpcs.readResource)));
    for (const stream of streams) {
      stream.on("error", () => undefined);
      stream.write(Buffer.from([0, 0x10, 0, 0, 0, 1, 2, 3]));
    }
    await host.call(rpcs.getMetadata, {});
    expect(residentBytes() - before).toBeLessThan(64 * 1024 * 1024);
    for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
  });

  it("with ten thousand calls that it resets at once", async () => {
    const createConnection = () => secure({}, plugin.host);
    const session = connectHttp2("https://localhost", { createConnection });
    session.on("error", () => undefined);
    const closed = new Promise((resolve) => session.once("close", resolve));
    for (let index = 0; index < 10_000 && !session.destroyed; index++) {
      const stream = session.request({ ":method": "POST", ":path": pathOf(rpcs.readResource) });
      stream.on("error", () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    session.destroy();
    await closed;
  });
});
