import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import * as fc from "fast-check";
import {
  FrameParser,
  FrameType,
  PREFACE,
  type Frame,
} from "../../../../../src/plugin/grpc/http2/frame.js";
import { encodeHeaders } from "../../../../../src/plugin/grpc/http2/hpack.js";
import { ConnectionError, ErrorCode } from "../../../../../src/plugin/grpc/http2/http2-error.js";
import { FUZZ_CASES } from "../../tfplugin6/support.js";
import { frame, framesOf, GREETING, TestServer, type Received } from "./support.js";

let server: TestServer;
let session: ClientHttp2Session | undefined;
beforeEach(async () => {
  server = await TestServer.start();
});
afterEach(async () => {
  session?.destroy();
  session = undefined;
  await server.close();
});

const HEADERS = encodeHeaders([[":status", "200"]]);
const TRAILERS = encodeHeaders([["grpc-status", "0"]]);
const REQUEST = encodeHeaders([
  [":method", "POST"],
  [":scheme", "https"],
  [":path", "/x"],
]);
const echo = ({ stream, body }: Received): void => {
  stream.respond(HEADERS);
  stream.write(Buffer.concat(body));
  stream.end(TRAILERS);
};

const post = (headers: Record<string, string> = {}): ClientHttp2Stream =>
  session!.request({ ":method": "POST", ":path": "/x", ...headers });

const answered = async (
  stream: ClientHttp2Stream,
): Promise<{ readonly body: Buffer; readonly trailers: IncomingHttpHeaders }> => {
  const chunks: Buffer[] = [];
  let trailers: IncomingHttpHeaders = {};
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.once("trailers", (received) => (trailers = received));
  await once(stream, "close");
  return { body: Buffer.concat(chunks), trailers };
};

describe("node's own client", () => {
  it.each([0, 1, 16_384, 16_385, 65_535, 65_536, 1_000_000])(
    "gets back a body of %d bytes, with its trailers",
    async (length) => {
      server.answer = echo;
      session = server.client();
      const stream = post();
      const body = Buffer.from(Array.from({ length }, (_, index) => (index * 167) % 251));
      stream.end(body);
      const answer = await answered(stream);
      expect(answer.body.equals(body)).toBe(true);
      expect(answer.trailers["grpc-status"]).toBe("0");
    },
  );

  it("gets everything through a window of a few bytes, on many streams at a time", async () => {
    server.answer = echo;
    session = server.client({ settings: { initialWindowSize: 7 } });
    const bodies = Array.from({ length: 50 }, (_, index) => Buffer.alloc(index * 20, index));
    const answers = await Promise.all(
      bodies.map((body) => {
        const stream = post();
        stream.end(body);
        return answered(stream);
      }),
    );
    expect(answers.map(({ body }) => body)).toEqual(bodies);
  });

  it("gets what waits when it widens and narrows its windows midway", async () => {
    server.answer = echo;
    session = server.client({ settings: { initialWindowSize: 0 } });
    const stream = post();
    stream.end(Buffer.alloc(300_000, 1));
    const answer = answered(stream);
    for (const initialWindowSize of [10, 100_000, 5, 200_000]) {
      await new Promise<void>((resolve) =>
        session!.settings({ initialWindowSize }, () => resolve()),
      );
    }
    expect((await answer).body).toHaveLength(300_000);
  });

  it("may send more than every window holds, since the server makes room", async () => {
    server.answer = ({ stream, body }) => {
      stream.respond(HEADERS);
      stream.write(Buffer.from(String(Buffer.concat(body).length)));
      stream.end(TRAILERS);
    };
    session = server.client();
    const streams = Array.from({ length: 3 }, () => post());
    for (const stream of streams) stream.end(Buffer.alloc(20 * 1024 * 1024));
    const answers = await Promise.all(streams.map(answered));
    expect(answers.map(({ body }) => body.toString())).toEqual(Array(3).fill("20971520"));
  });

  it("has its headers read, whatever they are", async () => {
    server.answer = echo;
    session = server.client();
    const name = fc.stringMatching(/^x-[a-z0-9!#$%&'*+.^_`|~-]{1,20}$/);
    const value = fc.stringMatching(/^[!-~¡-ÿ]([ -~¡-ÿ]{0,60}[!-~¡-ÿ])?$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 8 }), async (headers) => {
        const stream = post(headers);
        stream.end();
        await answered(stream);
        const request = server.requests.at(-1)!;
        const own = Object.entries(request.headers).filter(([key]) => key.startsWith("x-"));
        expect(Object.fromEntries(own)).toEqual({ ...headers });
      }),
      { numRuns: Math.min(FUZZ_CASES / 5, 5000) },
    );
  });

  it("may send headers that need several frames", async () => {
    server.answer = echo;
    session = server.client();
    const long = { "x-one": "a".repeat(15_000), "x-two": "b".repeat(15_000) };
    const stream = post(long);
    stream.end();
    await answered(stream);
    expect(server.requests[0]?.headers).toMatchObject(long);
  });

  it("may get headers that need several frames", async () => {
    const message = "m".repeat(40_000);
    server.answer = ({ stream }) =>
      stream.end(
        encodeHeaders([
          [":status", "200"],
          ["x-m", message],
        ]),
      );
    session = server.client({ maxHeaderListPairs: 100, settings: { maxHeaderListSize: 100_000 } });
    const stream = post();
    stream.end();
    const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
    expect(headers["x-m"]).toBe(message);
  });

  it("is heard when it resets a stream", async () => {
    session = server.client();
    const stream = post();
    stream.on("error", () => undefined);
    stream.write("some");
    await until(() => server.requests.length === 1);
    stream.close(8);
    await until(() => server.requests[0]!.closed);
    server.requests[0]!.stream.respond(HEADERS);
    server.requests[0]!.stream.end(TRAILERS);
    server.answer = echo;
    const next = post();
    next.end("still served");
    expect((await answered(next)).body.toString()).toBe("still served");
  });

  it("is told when the server is to close, and what is open goes on", async () => {
    session = server.client();
    const stream = post();
    stream.end("x");
    await until(() => server.requests[0]?.ended === true);
    const goaway = once(session, "goaway");
    server.connections[0]!.close();
    expect((await goaway)[0]).toBe(ErrorCode.NO_ERROR);
    echo(server.requests[0]!);
    expect((await answered(stream)).body.toString()).toBe("x");
  });

  it("gets its pings back", async () => {
    session = server.client();
    await once(session, "remoteSettings");
    const payload = await new Promise((resolve) =>
      session!.ping(Buffer.from("12345678"), (_error, _took, back) => resolve(back.toString())),
    );
    expect(payload).toBe("12345678");
  });
});

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

const headersFrame = (streamId: number, block: Uint8Array = REQUEST, flags = 0x4): Buffer =>
  frame(FrameType.HEADERS, flags, streamId, block);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const setting = (id: number, value: number): Buffer =>
  Buffer.concat([Buffer.of(0, id), u32(value)]);
const { DATA, HEADERS: H, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY } = FrameType;
const { WINDOW_UPDATE, CONTINUATION } = FrameType;

describe("a peer that breaks the protocol is told how, and cut off", () => {
  it.each<[string, keyof typeof ErrorCode, Buffer]>([
    [
      "no settings at first",
      "PROTOCOL_ERROR",
      Buffer.concat([PREFACE, frame(PING, 0, 0, Buffer.alloc(8))]),
    ],
    ["another preface", "PROTOCOL_ERROR", Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n")],
    ["a frame that is too large", "FRAME_SIZE_ERROR", frame(DATA, 0, 1, Buffer.alloc(16_385))],
    ["settings for a stream", "PROTOCOL_ERROR", frame(SETTINGS, 0, 1)],
    ["settings of a wrong length", "FRAME_SIZE_ERROR", frame(SETTINGS, 0, 0, Buffer.alloc(7))],
    [
      "an acknowledgement that says something",
      "FRAME_SIZE_ERROR",
      frame(SETTINGS, 1, 0, Buffer.alloc(6)),
    ],
    ["ENABLE_PUSH of 2", "PROTOCOL_ERROR", frame(SETTINGS, 0, 0, setting(2, 2))],
    ["a window above 2^31", "FLOW_CONTROL_ERROR", frame(SETTINGS, 0, 0, setting(4, 0x80000000))],
    ["a frame size below the least", "PROTOCOL_ERROR", frame(SETTINGS, 0, 0, setting(5, 100))],
    ["a ping of a wrong length", "FRAME_SIZE_ERROR", frame(PING, 0, 0, Buffer.alloc(7))],
    ["a ping for a stream", "PROTOCOL_ERROR", frame(PING, 0, 1, Buffer.alloc(8))],
    ["a push", "PROTOCOL_ERROR", frame(PUSH_PROMISE, 4, 1, u32(2))],
    ["a goodbye for a stream", "PROTOCOL_ERROR", frame(GOAWAY, 0, 1, Buffer.alloc(8))],
    ["a goodbye that is too short", "FRAME_SIZE_ERROR", frame(GOAWAY, 0, 0, Buffer.alloc(7))],
    ["data for no stream", "PROTOCOL_ERROR", frame(DATA, 0, 0, Buffer.alloc(1))],
    ["data for a stream that is not open", "PROTOCOL_ERROR", frame(DATA, 0, 3, Buffer.alloc(1))],
    [
      "padding longer than its frame",
      "PROTOCOL_ERROR",
      Buffer.concat([headersFrame(1), frame(DATA, 8, 1, Buffer.of(5, 0))]),
    ],
    ["an even stream", "PROTOCOL_ERROR", headersFrame(2)],
    ["a priority for no stream", "PROTOCOL_ERROR", frame(PRIORITY, 0, 0, Buffer.alloc(5))],
    ["a reset of a stream that is not open", "PROTOCOL_ERROR", frame(RST_STREAM, 0, 5, u32(8))],
    ["a reset of a wrong length", "FRAME_SIZE_ERROR", frame(RST_STREAM, 0, 1, Buffer.alloc(3))],
    ["a window that grows by nothing", "PROTOCOL_ERROR", frame(WINDOW_UPDATE, 0, 0, u32(0))],
    [
      "a window that grows too large",
      "FLOW_CONTROL_ERROR",
      frame(WINDOW_UPDATE, 0, 0, u32(0x7fffffff)),
    ],
    [
      "a window update of a wrong length",
      "FRAME_SIZE_ERROR",
      frame(WINDOW_UPDATE, 0, 0, Buffer.alloc(5)),
    ],
    ["a continuation of nothing", "PROTOCOL_ERROR", frame(CONTINUATION, 4, 1, REQUEST)],
    [
      "a header block that another frame interrupts",
      "PROTOCOL_ERROR",
      Buffer.concat([headersFrame(1, REQUEST, 0), frame(PING, 0, 0, Buffer.alloc(8))]),
    ],
    [
      "a continuation for another stream",
      "PROTOCOL_ERROR",
      Buffer.concat([headersFrame(1, REQUEST, 0), frame(CONTINUATION, 4, 3)]),
    ],
    [
      "continuations without end",
      "ENHANCE_YOUR_CALM",
      Buffer.concat([
        headersFrame(1, REQUEST, 0),
        ...Array.from({ length: 200 }, () => frame(CONTINUATION, 0, 1)),
      ]),
    ],
    [
      "a header block without end",
      "ENHANCE_YOUR_CALM",
      Buffer.concat([
        headersFrame(1, REQUEST, 0),
        ...Array.from({ length: 5 }, () => frame(CONTINUATION, 0, 1, Buffer.alloc(16_000))),
      ]),
    ],
    ["what is no header block", "COMPRESSION_ERROR", headersFrame(1, Buffer.alloc(8, 0xff))],
  ])("%s: %s", async (_what, code, say) => {
    const whole = say.subarray(0, 3).equals(PREFACE.subarray(0, 3)) || say[0] === 0x47;
    const frames = await server.talk(whole ? say : Buffer.concat([GREETING, say]));
    const goaway = frames.find(({ type }) => type === GOAWAY);
    expect(goaway?.payload.readUInt32BE(4)).toBe(ErrorCode[code]);
    expect(server.broken).toHaveLength(1);
    expect(server.requests.every(({ closed }) => closed)).toBe(true);
  });
});

describe("a fault of one stream ends that stream alone", () => {
  const malformed = (...headers: (readonly [string, string])[]): Buffer =>
    headersFrame(1, encodeHeaders(headers));
  const [method, scheme, path] = [
    [":method", "POST"],
    [":scheme", "https"],
    [":path", "/x"],
  ] as const;
  it.each<[string, keyof typeof ErrorCode, Buffer]>([
    ["no path", "PROTOCOL_ERROR", malformed(method, scheme)],
    ["no method", "PROTOCOL_ERROR", malformed(scheme, path)],
    ["no scheme", "PROTOCOL_ERROR", malformed(method, path)],
    ["a path twice", "PROTOCOL_ERROR", malformed(method, scheme, path, path)],
    ["a status", "PROTOCOL_ERROR", malformed(method, scheme, path, [":status", "200"])],
    ["a path after a header", "PROTOCOL_ERROR", malformed(method, scheme, ["a", "b"], path)],
    ["an upper-case name", "PROTOCOL_ERROR", malformed(method, scheme, path, ["Ab", "c"])],
    ["an empty name", "PROTOCOL_ERROR", malformed(method, scheme, path, ["", "c"])],
    ["a line feed in a value", "PROTOCOL_ERROR", malformed(method, scheme, path, ["a", "b\nc"])],
    [
      "a header of a connection",
      "PROTOCOL_ERROR",
      malformed(method, scheme, path, ["connection", "close"]),
    ],
    [
      "other trailers than trailers",
      "PROTOCOL_ERROR",
      malformed(method, scheme, path, ["te", "gzip"]),
    ],
    [
      "data after the end",
      "STREAM_CLOSED",
      Buffer.concat([headersFrame(1, REQUEST, 5), frame(DATA, 0, 1, Buffer.of(1))]),
    ],
    [
      "headers after the end",
      "STREAM_CLOSED",
      Buffer.concat([headersFrame(1, REQUEST, 5), headersFrame(1)]),
    ],
    ["headers twice", "PROTOCOL_ERROR", Buffer.concat([headersFrame(1), headersFrame(1)])],
    [
      "a window that grows by nothing",
      "PROTOCOL_ERROR",
      Buffer.concat([headersFrame(1), frame(WINDOW_UPDATE, 0, 1, u32(0))]),
    ],
    [
      "a window that grows too large",
      "FLOW_CONTROL_ERROR",
      Buffer.concat([headersFrame(1), frame(WINDOW_UPDATE, 0, 1, u32(0x7fffffff))]),
    ],
    [
      "a priority of a wrong length",
      "FRAME_SIZE_ERROR",
      Buffer.concat([headersFrame(1), frame(PRIORITY, 0, 1, Buffer.alloc(4))]),
    ],
  ])("%s: %s", async (_what, code, say) => {
    server.answer = (request) => {
      if (request.headers[":path"] === "/next") {
        echo(request);
        server.connections[0]!.destroy();
      }
    };
    const next = encodeHeaders([method, scheme, [":path", "/next"]]);
    const frames = await server.talk(GREETING, say, headersFrame(3, next, 5));
    const reset = frames.find(({ type, streamId }) => type === RST_STREAM && streamId === 1);
    expect(reset?.payload.readUInt32BE()).toBe(ErrorCode[code]);
    expect(frames.some(({ type }) => type === GOAWAY)).toBe(false);
    expect(frames.some(({ type, streamId }) => type === H && streamId === 3)).toBe(true);
  });

  it("and what crosses the end of a stream on its way harms nobody", async () => {
    server.answer = (request) => {
      echo(request);
      if (request.headers[":path"] === "/next") server.connections[0]!.destroy();
    };
    const next = encodeHeaders([method, scheme, [":path", "/next"]]);
    const frames = await server.talk(
      GREETING,
      headersFrame(1, REQUEST, 5),
      frame(WINDOW_UPDATE, 0, 1, u32(5)),
      frame(RST_STREAM, 0, 1, u32(8)),
      frame(PRIORITY, 0, 9, Buffer.alloc(5)),
      frame(77, 0xff, 1, Buffer.from("an extension")),
      headersFrame(3, next, 5),
    );
    expect(frames.some(({ type }) => type === GOAWAY)).toBe(false);
    expect(frames.some(({ type, streamId }) => type === H && streamId === 3)).toBe(true);
  });
});

describe("frames", () => {
  const frames = fc.array(
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(0x7fffffff), fc.uint8Array({ maxLength: 100 })),
    { maxLength: 10 },
  );

  it("are the same wherever their bytes are cut", () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(40), { minLength: 1 }), (made, cuts) => {
        const bytes = Buffer.concat([PREFACE, ...made.map((parts) => frame(...parts))]);
        const parser = new FrameParser();
        const taken: Frame[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const end = at + 1 + cuts[turn % cuts.length]!;
          parser.push(bytes.subarray(at, end), ({ payload, ...rest }) =>
            taken.push({ ...rest, payload: Buffer.from(payload) }),
          );
          at = end;
        }
        expect(taken).toEqual(framesOf(bytes.subarray(PREFACE.length)));
      }),
      { numRuns: FUZZ_CASES / 5 },
    );
  });

  it("of any kind in any order are answered, or end the connection", async () => {
    const kinds = fc.tuple(
      fc.integer({ min: 0, max: 10 }),
      fc.constantFrom(0, 1, 4, 5, 8, 13, 32, 37),
      fc.constantFrom(0, 1, 2, 3, 5, 7),
      fc.oneof(
        fc.constant(REQUEST),
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom(0, 1, 4, 5, 6, 8).map((length) => Buffer.alloc(length)),
      ),
    );
    server.answer = echo;
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { maxLength: 12 }), async (made) => {
        // A goodbye that no server forgives ends each conversation.
        const end = frame(SETTINGS, 0, 1);
        const said = await server.talk(GREETING, ...made.map((parts) => frame(...parts)), end);
        expect(said.at(-1)?.type).toBe(GOAWAY);
        const error = server.broken.at(-1);
        expect(error).toBeInstanceOf(ConnectionError);
        expect(server.requests.every(({ closed }) => closed)).toBe(true);
        server.requests.length = 0;
      }),
      { numRuns: Math.min(FUZZ_CASES / 5, 5000) },
    );
  });
});
