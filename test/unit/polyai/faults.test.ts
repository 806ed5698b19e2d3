import { subscribe, unsubscribe } from "node:diagnostics_channel";
import * as net from "node:net";
import { gzipSync } from "node:zlib";
import type { Surroundings } from "../../../src/polyai/client.js";
import type { ErrorKind } from "../../../src/polyai/errors.js";
import { BODY_LIMIT } from "../../../src/polyai/transport-failure.js";
import {
  closeAll,
  connect,
  connected,
  cut,
  ENDPOINT_ID,
  failureOf,
  hang,
  inTurn,
  json,
  listen,
  resolveTo,
  rotated,
  serve,
  type Handler,
} from "./server.js";

afterEach(closeAll);

const BOMB = gzipSync(" ".repeat(100_000_000));

/** Ends the time of the attempt under way. No other time limit is in these tests. */
let expire: () => void;
const BY_HAND: Surroundings = {
  deadline: () => {
    const limit = new AbortController();
    expire = () => limit.abort();
    return limit.signal;
  },
};
const byHand = (handler: Handler, maxRetries = 0) =>
  connected(handler, { requestTimeoutMs: 300, maxRetries }, BY_HAND);

const tooLate: Handler = () => expire();

const HEADERS_ARRIVED = "http.client.response.finish";

/** Begins an answer, and never ends it. Time is over once the client has the headers. */
const half =
  (status: number, text: string): Handler =>
  (response) => {
    const arrived = (): void => {
      unsubscribe(HEADERS_ARRIVED, arrived);
      setImmediate(expire);
    };
    subscribe(HEADERS_ARRIVED, arrived);
    response.writeHead(status).write(text);
  };

const write =
  (text: string): Handler =>
  (_response, _, { socket }) =>
    socket.write(text);
const gzipped =
  (body: string | Buffer): Handler =>
  (response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(body);

const OK = "HTTP/1.1 200 OK\r\n";

/** Spoilt successes that no simulator answers with; its faults are in the provider's tests. */
const SPOILT: readonly (readonly [string, Handler, ErrorKind, RegExp])[] = [
  [
    "a chunked body with no end",
    (response, _, { socket }) =>
      response.writeHead(200).write('{"signing_secret":"whsec_half"}', () => socket.destroy()),
    "network",
    /closed before the whole answer/,
  ],
  [
    "headers that stand still",
    (_response, _, { socket }) => socket.write(OK, () => expire()),
    "timeout",
    /no complete answer within/,
  ],
  ["no HTTP", write("SSH-2.0-OpenSSH_9.6\r\n"), "invalid_response", /cannot be read \(HPE_/],
  ["headers without end", write(`${OK}x: ${"y".repeat(1e5)}`), "invalid_response", /HPE_HEADER_O/],
  ["a decompression bomb", gzipped(BOMB), "invalid_response", /larger than 1 MiB/],
  ["a broken gzip stream", gzipped("not gzip"), "invalid_response", /cannot be read \(Z_/],
];

it.each(SPOILT)(
  "%s in place of the new secret is ambiguous, and tried again",
  async (_name, spoilt, kind, message) => {
    const answers = inTurn(spoilt, spoilt, spoilt, rotated("whsec_second"));
    const { rotate, waits } = await byHand(answers, 1);
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind, ambiguous: true, attempts: 2 });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("whsec_");
    expect(await rotate()).toBe("whsec_second");
    expect(waits).toEqual([250, 250]);
  },
);

it.each<[string, [Handler, ...Handler[]], ErrorKind]>([
  ["a 401", [cut, json(401, {})], "unauthorized"],
  ["a 404", [json(504, {}), json(429, {}), json(404, { message: "gone" })], "not_found"],
])("stays ambiguous if %s certainly refuses a later attempt", async (_, answers, kind) => {
  const attempts = answers.length;
  const { rotate } = await connected(inTurn(...answers), { maxRetries: attempts - 1 });
  expect(await failureOf(rotate())).toMatchObject({ kind, ambiguous: true, attempts });
});

it.each([
  ["timed out", tooLate],
  ["was too large", json(200, " ".repeat(2 * BODY_LIMIT))],
  ["brought half an answer", half(200, "{")],
  ["brought half an error", half(503, "{")],
] as readonly (readonly [string, Handler])[])(
  "has no connection left when it waits to try again after one that %s",
  async (_what, fault) => {
    const sockets: net.Socket[] = [];
    const note = (message: unknown): void =>
      void sockets.push((message as { readonly socket: net.Socket }).socket);
    subscribe("net.client.socket", note);
    const openAtWait: number[] = [];
    const sleep = async () =>
      void openAtWait.push(sockets.filter(({ destroyed }) => !destroyed).length);
    try {
      const { rotate } = await connected(inTurn(fault, rotated()), {}, { ...BY_HAND, sleep });
      await rotate();
      expect(sockets).toHaveLength(2);
      expect(openAtWait).toEqual([0]);
    } finally {
      unsubscribe("net.client.socket", note);
    }
  },
);

it("tells an error by its status even where its body never ends", async () => {
  const { rotate } = await byHand(half(401, "x"));
  const expected = { kind: "unauthorized", attempts: 1, ambiguous: false };
  expect(await failureOf(rotate())).toMatchObject(expected);
});

it("reads an error's body up to the limit", async () => {
  const { client } = await byHand(json(500, { message: "x".repeat(BODY_LIMIT) }));
  const error = await failureOf(client.webhookEndpoints.get(ENDPOINT_ID));
  expect(error).toMatchObject({ kind: "server", status: 500 });
  expect(error.serverMessage).toBeUndefined();
});

it("accepts a secret in a compressed answer and one with a byte order mark", async () => {
  const { rotate } = await byHand(gzipped(gzipSync('\ufeff{"signing_secret":"whsec_zipped"}')));
  expect(await rotate()).toBe("whsec_zipped");
});

describe("with nobody to talk to", () => {
  it("retries a refused connection, even to create, and knows that nothing happened", async () => {
    const { api, client } = await connected(hang);
    await api.close();
    const settings = { name: "n", url: "https://e.com", eventTypes: [] };
    const error = await failureOf(client.webhookEndpoints.create(settings));
    expect(error).toMatchObject({ kind: "network", ambiguous: false, attempts: 3 });
    expect(error.message).toMatch(/the connection was refused \(ECONNREFUSED\)/);
  });

  it.each(["ENOTFOUND", "EAI_AGAIN"])("retries a failed look-up (%s)", async (code) => {
    const lookup: net.LookupFunction = (_host, _options, callback) =>
      callback(Object.assign(new Error("no"), { code }), "", 4);
    const { rotate } = connect("https://api.polyai.invalid", {}, { agentOptions: { lookup } });
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "network", ambiguous: false, attempts: 3 });
    expect(error.message).toContain(`(${code})`);
  });

  it("knows that nothing happened where the connection does not come about in time", async () => {
    // Accepts TCP, and never begins TLS.
    const { port } = await listen(net.createServer(() => expire()));
    const options = { requestTimeoutMs: 300, maxRetries: 1 };
    const { rotate } = connect(`https://127.0.0.1:${port}`, options, BY_HAND);
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "timeout", ambiguous: false, attempts: 2 });
    expect(error.message).toMatch(/no connection within 0\.3 s/);
  });
});

it("asks no resolver what localhost is, since plain http goes to this machine only", async () => {
  const api = await serve(rotated("whsec_here"));
  const agentOptions = { lookup: resolveTo("192.0.2.1") };
  const { rotate } = connect(api.url.replace("127.0.0.1", "localhost"), {}, { agentOptions });
  expect(await rotate()).toBe("whsec_here");
});
