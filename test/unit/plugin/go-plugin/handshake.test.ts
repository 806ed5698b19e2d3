import * as fc from "fast-check";
import { createCertificate } from "../../../../src/plugin/go-plugin/certificate.js";
import {
  COOKIE,
  HandshakeError,
  handshakeLine,
  readHandshake,
} from "../../../../src/plugin/go-plugin/handshake.js";
import { HostWatch } from "../../../../src/plugin/go-plugin/host-watch.js";

const host = createCertificate();
const read = (environment: NodeJS.ProcessEnv) =>
  readHandshake({ TF_PLUGIN_MAGIC_COOKIE: COOKIE, ...environment }, "it");

describe("the environment of a plugin", () => {
  it.each([
    ["10000", "25000", { lowest: 10_000, highest: 25_000 }],
    ["10000", "9999", { lowest: 0, highest: 0 }],
    ["0", "65536", { lowest: 0, highest: 0 }],
    ["ten", "25000", { lowest: 0, highest: 0 }],
    [undefined, undefined, { lowest: 0, highest: 0 }],
  ])("may give a range of ports: %s to %s", (PLUGIN_MIN_PORT, PLUGIN_MAX_PORT, ports) => {
    expect(read({ PLUGIN_MIN_PORT, PLUGIN_MAX_PORT }).ports).toEqual(ports);
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
    );
  });
});

it("the handshake line has the certificate in unpadded base64", () => {
  const address = { network: "unix", address: "/tmp/s" } as const;
  expect(handshakeLine(address, Buffer.from("four"))).toBe("1|6|unix|/tmp/s|grpc|Zm91cg\n");
});

it("the watch gives a host a minute to connect, then as long as it likes, and a second to come back", () => {
  jest.useFakeTimers();
  const gone: string[] = [];
  // The protocol's tests show that the end of the host's process is noticed.
  const watch = new HostWatch(
    (reason) => gone.push(reason),
    () => 1,
  );
  const after = (milliseconds: number) => {
    jest.advanceTimersByTime(milliseconds);
    return gone.splice(0);
  };
  expect([after(59_000), after(2000)]).toEqual([[], ["no host has connected"]]);
  watch.connections(1);
  expect(after(3_600_000)).toEqual([]);
  watch.connections(0);
  expect(after(900)).toEqual([]);
  watch.connections(1);
  expect(after(3_600_000)).toEqual([]);
  watch.connections(0);
  expect(after(1100)).toEqual(["the host has hung up"]);
  jest.useRealTimers();
});
