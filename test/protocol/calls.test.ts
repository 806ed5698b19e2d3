import { once } from "node:events";
import { encodeFrame } from "../../src/plugin/grpc/framing.js";
import { frameOf, pathOf, rpcs, type Host } from "./support/client.js";
import { until } from "../support/processes.js";
import { buildChild, startConnected, type Plugin } from "./support/plugin.js";

const child = buildChild();
let plugin: Plugin;
let host: Host;

beforeAll(async () => {
  ({ plugin, host } = await startConnected(child, { TF_LOG: "debug" }));
});

const bytes = (...values: number[]) => Uint8Array.from(values);
const apply = (typeName: string) =>
  frameOf(rpcs.applyResourceChange, { typeName, plannedState: { msgpack: bytes(1) } });

// With a real CLI, other tests show values and diagnostics as they arrive.
describe("the provider's service", () => {
  it("tells a function's error from its result, at argument 0 too", async () => {
    const said = await host.call(rpcs.callFunction, { arguments: [{ json: bytes(0x31) }] });
    expect(said.result?.json).toEqual(bytes(0x31));
    const failed = await host.call(rpcs.callFunction, {});
    expect(failed).toEqual({ error: { text: "nothing to say", functionArgument: 0 } });
  });

  it.each(Object.values(rpcs).map((rpc) => [rpc.name, rpc] as const))(
    "answers an empty %s",
    async (_name, rpc) => {
      // An applied stop would release the test that waits for one.
      const answer = await host.send(pathOf(rpc), new Uint8Array(5));
      expect(answer.status).toBe("0");
      expect(answer.messages).toHaveLength(rpc.responseStream ? 0 : 1);
      for (const message of answer.messages) rpc.responseType.decode(message);
    },
  );
});

describe("go-plugin's services", () => {
  /** A HealthCheckRequest: the name of a service in field 1, left out if it is empty. */
  const askFor = (service: string) =>
    encodeFrame(Buffer.from(service && `\x0a${String.fromCharCode(service.length)}${service}`));
  /** A HealthCheckResponse: a status in field 1. */
  const SERVING = Buffer.from([0x08, 1]);
  const SERVICE_UNKNOWN = Buffer.from([0x08, 3]);

  it.each([
    ["plugin", "0", [SERVING], SERVING],
    ["", "0", [SERVING], SERVING],
    ["other", "5", [], SERVICE_UNKNOWN],
  ])("tell the health of %j, and watch it", async (service, status, messages, watched) => {
    const answer = await host.send("/grpc.health.v1.Health/Check", askFor(service));
    expect(answer).toMatchObject({ status, messages });
    const stream = host.open("/grpc.health.v1.Health/Watch");
    stream.end(askFor(service));
    const [frame] = (await once(stream, "data")) as [Buffer];
    expect(frame.subarray(5)).toEqual(watched);
    expect(stream.closed).toBe(false);
    stream.close();
  });

  it.each(["/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream"])(
    "keep %s open",
    async (path) => {
      const stream = host.open(path);
      stream.write(new Uint8Array(5));
      const [headers] = (await once(stream, "response")) as unknown[];
      expect(headers).toMatchObject({ ":status": 200, "content-type": "application/grpc" });
      await host.call(rpcs.getMetadata, {});
      expect(stream.closed).toBe(false);
      stream.close();
    },
  );
});

describe("gRPC", () => {
  const path = pathOf(rpcs.readResource);
  const frame = frameOf(rpcs.readResource, {
    currentState: { msgpack: bytes(...Array.from({ length: 300 }, (_, index) => index % 256)) },
  });

  it("carries 64 MiB both ways", async () => {
    const msgpack = Buffer.alloc(64 * 1024 * 1024, "0123456789abcdef");
    const answer = await host.call(rpcs.readResource, { currentState: { msgpack } });
    expect(msgpack.equals(answer.newState?.msgpack ?? bytes())).toBe(true);
  });

  it.each([
    ["an unknown method", "/tfplugin6.Provider/Nothing", frame, {}, "12"],
    ["an unknown service", "/other.Service/Get", frame, {}, "12"],
    ["an encoding", path, frame, { "grpc-encoding": "gzip" }, "12"],
    ["a compressed flag without encoding", path, bytes(1, 0, 0, 0, 0), {}, "13"],
    ["no message", path, bytes(), {}, "13"],
    ["a message that is cut short", path, frame.subarray(0, 100), {}, "13"],
    ["a second message", path, Buffer.concat([frame, frame]), {}, "13"],
    ["bytes that are no protobuf", path, bytes(0, 0, 0, 0, 2, 0x0a, 0x50), {}, "13"],
    ["a header that promises 4 GiB", path, bytes(0, 255, 255, 255, 255), {}, "8"],
    ["a byte more than 256 MiB", path, bytes(0, 0x10, 0, 0, 1), {}, "8"],
    ["a malformed timeout", path, frame, { "grpc-timeout": "1x" }, "13"],
  ])("refuses %s with a status", async (_what, at, body, headers, status) => {
    const answer = await host.send(at, body, headers);
    expect(answer.headers[":status"]).toBe(200);
    expect(answer.status).toBe(status);
    expect(answer.messages).toEqual([]);
  });

  it.each([
    ["another content type", { "content-type": "application/json" }, 415],
    ["gRPC-Web", { "content-type": "application/grpc-web" }, 415],
    ["another method", { ":method": "GET" }, 405],
  ])("refuses %s as HTTP does", async (_what, headers, status) => {
    const answer = await host.send(path, ":method" in headers ? [] : frame, headers);
    expect(answer.headers[":status"]).toBe(status);
  });

  it("ends a call that takes longer than granted, and serves the next", async () => {
    const at = pathOf(rpcs.applyResourceChange);
    const answer = await host.send(at, apply("test_held"), { "grpc-timeout": "50m" });
    expect(answer.status).toBe("4");
    plugin.release();
    const granted = { "grpc-timeout": "99999999H" };
    expect((await host.send(at, apply("test_echo"), granted)).status).toBe("0");
  });

  it("lets a handler finish whose call was cancelled", async () => {
    const [started, done] = [plugin.said("applying"), plugin.said("applied")];
    const stream = host.open(pathOf(rpcs.applyResourceChange));
    stream.on("error", () => undefined);
    stream.end(apply("test_held"));
    await until(() => plugin.said("applying") > started, "the start");
    stream.close(8);
    plugin.release();
    await until(() => plugin.said("applied") > done, "the end of the cancelled call");
    await host.call(rpcs.getMetadata, {});
  });

  it("answers a handler that throws with INTERNAL and no details", async () => {
    const answer = await host.send(pathOf(rpcs.applyResourceChange), apply("test_thrown"));
    expect(answer.status).toBe("13");
    expect(JSON.stringify(answer)).not.toContain("canary");
    await until(() => plugin.stderr.includes("a call failed"), "the log line");
  });
});

it("stdout stays the host's: what is printed becomes a log line", async () => {
  await host.send(pathOf(rpcs.applyResourceChange), apply("test_printing"));
  await until(() => plugin.stderr.includes("printed to stdout"), "the log line");
  expect(plugin.stderr).toContain("printed to the console");
  expect(plugin.stdout.trimEnd().split("\n")).toHaveLength(1);
  for (const line of plugin.stderr.trimEnd().split("\n")) {
    expect(JSON.parse(line)).toMatchObject({ "@level": expect.any(String) });
  }
});
