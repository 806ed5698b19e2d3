import * as fc from "fast-check";
import { createCertificate } from "../../../../src/plugin/go-plugin/certificate.js";
import {
  HandshakeError,
  handshakeLine,
  readHandshake,
} from "../../../../src/plugin/go-plugin/handshake.js";
import { HostWatch } from "../../../../src/plugin/go-plugin/host-watch.js";

const FUZZ_CASES = Number(process.env["FUZZ_CASES"] ?? 1_000);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const host = createCertificate();
const environment = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_CLIENT_CERT: host.cert,
};
const read = (changes: NodeJS.ProcessEnv) => readHandshake({ ...environment, ...changes }, "it");

describe("the environment of a plugin", () => {
  it("holds the certificate of the host", () => {
    const { hostCertificate, socketParent } = read({});
    expect(hex(hostCertificate ?? Buffer.alloc(0))).toBe(hex(host.der));
    expect(socketParent).toBeUndefined();
  });

  it("may say where the socket goes", () => {
    expect(read({ PLUGIN_UNIX_SOCKET_DIR: "/run/x" }).socketParent).toBe("/run/x");
    expect(read({ PLUGIN_UNIX_SOCKET_DIR: "" }).socketParent).toBeUndefined();
  });

  it.each([
    ["10000", "25000", { lowest: 10_000, highest: 25_000 }],
    ["10000", "9999", { lowest: 0, highest: 0 }],
    ["0", "65536", { lowest: 0, highest: 0 }],
    ["ten", "25000", { lowest: 0, highest: 0 }],
    [undefined, undefined, { lowest: 0, highest: 0 }],
  ])("may give a range of ports: %s to %s", (PLUGIN_MIN_PORT, PLUGIN_MAX_PORT, ports) => {
    expect(read({ PLUGIN_MIN_PORT, PLUGIN_MAX_PORT }).ports).toEqual(ports);
  });

  it("holds no certificate if the host uses no TLS", () => {
    expect(read({ PLUGIN_CLIENT_CERT: undefined }).hostCertificate).toBeUndefined();
    expect(read({ PLUGIN_CLIENT_CERT: "" }).hostCertificate).toBeUndefined();
  });

  it("gives a certificate or a sentence, whatever PEM it holds", () => {
    const damaged = fc
      .tuple(fc.nat(host.cert.length - 1), fc.string({ maxLength: 5 }), fc.nat(10))
      .map(([at, put, cut]) => host.cert.slice(0, at) + put + host.cert.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ minLength: 1 })), (PLUGIN_CLIENT_CERT) => {
        try {
          return Buffer.isBuffer(read({ PLUGIN_CLIENT_CERT }).hostCertificate);
        } catch (error) {
          return error instanceof HandshakeError;
        }
      }),
      { numRuns: FUZZ_CASES },
    );
  });
});

describe("the handshake line", () => {
  it("has six fields, the certificate in unpadded base64", () => {
    const address = { network: "unix", address: "/tmp/s" } as const;
    expect(handshakeLine(address, Buffer.from("four"))).toBe("1|6|unix|/tmp/s|grpc|Zm91cg\n");
    expect(handshakeLine(address, undefined)).toBe("1|6|unix|/tmp/s|grpc|\n");
  });
});

describe("the watch on the host", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const watch = () => {
    const gone: string[] = [];
    const state = { parent: 100 };
    return {
      gone,
      state,
      watched: new HostWatch(
        (reason) => gone.push(reason),
        () => state.parent,
      ),
    };
  };

  it("notices another parent within a second", () => {
    const { gone, state } = watch();
    jest.advanceTimersByTime(30_000);
    expect(gone).toEqual([]);
    state.parent = 1;
    jest.advanceTimersByTime(1000);
    expect(gone[0]).toBe("the host's process has ended");
  });

  it("gives a host a minute to connect", () => {
    const { gone } = watch();
    jest.advanceTimersByTime(59_000);
    expect(gone).toEqual([]);
    jest.advanceTimersByTime(2000);
    expect(gone).toEqual(["no host has connected"]);
  });

  it("waits for a connected host as long as it likes, and a second for one that hung up", () => {
    const { gone, watched } = watch();
    watched.connections(1);
    jest.advanceTimersByTime(3_600_000);
    watched.connections(0);
    jest.advanceTimersByTime(900);
    watched.connections(1);
    jest.advanceTimersByTime(3_600_000);
    expect(gone).toEqual([]);
    watched.connections(0);
    jest.advanceTimersByTime(1100);
    expect(gone).toEqual(["the host has hung up"]);
  });
});
