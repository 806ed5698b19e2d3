/** The programs of receivers.md, in their frameworks, against whatever a stranger sends. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { signedRequest } from "../../src/webhooks/index.js";
import { ROOT, run, succeed } from "../support/cli.js";
import { blocksOf } from "../support/markdown.js";
import { install, pack } from "./consumer.js";

const CASES = Number(process.env.FUZZ_CASES ?? 300);
const AT_ONCE = 25;
const SECRET = "whsec_test_0123456789";
const BODY = '{"type":"alerts.triggered","data":{"name":"Latency"}}';

/** Calls the handler as a function URL does. */
const LAMBDA = `
import { createServer } from "node:http";
createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  const body = Buffer.concat(chunks).toString("base64");
  const headers = request.headers as Record<string, string>;
  const { statusCode } = await handler({ headers, body, isBase64Encoded: true });
  response.writeHead(statusCode).end();
}).listen(8080);
`;

const FRAMEWORKS = ["node:http", "Express", "Fastify", "Hono", "AWS Lambda"] as const;

const textOf = (heading: string): string =>
  blocksOf("docs/guides/receivers.md").find((each) => each.heading === heading)!.text;

interface Receiver {
  readonly port: number;
  readonly child: ChildProcess;
}

const receivers = new Map<string, Receiver>();

beforeAll(async () => {
  const { file } = await pack();
  const cwd = await install(
    file,
    ...["express@5.3.0", "fastify@5.12.8", "hono@4.13.19", "@hono/node-server@2.1.9"],
    ...["@types/express@5.0.6", "@types/node@20.19.43"],
  );
  writeFileSync(join(cwd, "package.json"), '{"type":"module"}');
  writeFileSync(join(cwd, "receiver.ts"), textOf("Receivers"));
  const ports = await Promise.all(FRAMEWORKS.map(freePort));
  const sources = FRAMEWORKS.map((name, index) => {
    const text = textOf(name) + (name === "AWS Lambda" ? LAMBDA : "");
    expect(text).toContain("8080");
    writeFileSync(join(cwd, `server-${index}.ts`), text.replace("8080", String(ports[index])));
    return `server-${index}.ts`;
  });
  const options = "--module nodenext --strict --noUnusedLocals --types node".split(" ");
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await succeed(run({ path: process.execPath }, [tsc, ...options, ...sources], { cwd }));
  const env = { PATH: process.env.PATH, POLYAI_SECRET: SECRET, POLYAI_PREVIOUS_SECRET: "" };
  for (const [index, name] of FRAMEWORKS.entries()) {
    const args = [`server-${index}.js`];
    const child = spawn(process.execPath, args, { cwd, env, stdio: "ignore" });
    receivers.set(name, { port: ports[index]!, child });
  }
  await Promise.all([...receivers.values()].map(isListening));
}, 400_000);

afterAll(() => receivers.forEach(({ child }) => child.kill()));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

async function isListening({ port, child }: Receiver): Promise<void> {
  const answers = () =>
    fetch(urlOf(port))
      .then(() => true)
      .catch(() => false);
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`the receiver ended with ${child.exitCode}`);
    await setTimeout(50);
  }
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}/webhooks/polyai`;

const delivery = (eventId: string, secret = SECRET, body = BODY) =>
  signedRequest({ secret, body, eventId });

/** Bytes that a stranger sends over one connection. */
interface Attempt {
  readonly bytes: Uint8Array;
  /** `cut` ends the connection too early, `slow` keeps it open and sends no more. */
  readonly end: "whole" | "cut" | "slow";
}

const requestOf = (
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  method = "POST",
): Uint8Array => {
  const lines = Object.entries({
    host: "x",
    connection: "close",
    "content-length": String(body.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`${method} /webhooks/polyai HTTP/1.1\r\n${lines.join("")}\r\n`),
    body,
  ]);
};

const bytes = fc.uint8Array({ maxLength: 2000 });
const value = fc.stringMatching(/^[!-~]{0,80}$/);
const names = ["x-polyai-timestamp", "x-polyai-signature", "x-polyai-event-id"];
const others = [
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "expect",
];
const whole = (request: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Attempt> =>
  request.map((sent) => ({ bytes: sent, end: "whole" }));

const malformed = fc
  .tuple(
    fc.record(Object.fromEntries(names.map((name) => [name, value]))),
    fc.dictionary(fc.constantFrom(...others), value, { maxKeys: 2 }),
    bytes,
    fc.constantFrom("POST", "POST", "GET", "PUT", "BREW"),
  )
  .map(([signed, more, body, method]) => requestOf({ ...signed, ...more }, body, method));
const forged = fc.tuple(fc.uuid(), value).map(([id, body]) => {
  const { headers } = delivery(id, "another secret", body);
  return requestOf(headers, Buffer.from(body));
});
const noEvent = fc.tuple(fc.uuid(), fc.json()).map(([id, body]) => {
  const text = `[${body}]`;
  return requestOf(delivery(id, SECRET, text).headers, Buffer.from(text));
});
const oversized = fc.uuid().map((id) => {
  const body = `{"type":"alerts.triggered","data":"${"x".repeat(1 << 20)}"}`;
  return requestOf(delivery(id, SECRET, body).headers, Buffer.from(body));
});
const unfinished = fc
  .tuple(fc.uuid(), fc.double({ min: 0, max: 0.99, noNaN: true }), fc.constantFrom("cut", "slow"))
  .map(([id, part, end]): Attempt => {
    const request = requestOf(delivery(id).headers, Buffer.from(BODY));
    return { bytes: request.subarray(0, request.length * part), end: end };
  });
const attempts = fc.oneof(
  { weight: 40, arbitrary: whole(malformed) },
  { weight: 15, arbitrary: whole(bytes) },
  { weight: 15, arbitrary: whole(forged) },
  { weight: 15, arbitrary: whole(noEvent) },
  { weight: 1, arbitrary: whole(oversized) },
  { weight: 14, arbitrary: unfinished },
);

/** Sends it, and gives the statuses that came back. */
async function statusesOf(port: number, { bytes: sent, end }: Attempt): Promise<readonly number[]> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("error", () => undefined).on("data", (chunk) => (answer += chunk.toString("latin1")));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  if (end === "cut") socket.write(sent, () => socket.destroy());
  else socket.write(sent);
  socket.setTimeout(end === "slow" ? 20 : 500, () => socket.destroy());
  await closed;
  return [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
}

describe.each(FRAMEWORKS)("the receiver in %s", (name) => {
  const receiver = () => receivers.get(name)!;
  const answerTo = async (request: RequestInit) =>
    (await fetch(urlOf(receiver().port), request)).status;

  it("takes a delivery once, and asks for another try if it knows no such secret", async () => {
    expect(await answerTo(delivery("evt_1"))).toBe(204);
    expect(await answerTo(delivery("evt_1"))).toBe(204);
    expect(await answerTo(delivery("evt_2", "a newer secret"))).toBe(503);
  });

  it("refuses whatever a stranger sends, and stays alive", async () => {
    const { port, child } = receiver();
    const all = fc.sample(attempts, CASES);
    const statuses: number[] = [];
    const next = async (): Promise<void> => {
      for (let one = all.pop(); one !== undefined; one = all.pop()) {
        statuses.push(...(await statusesOf(port, one)));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    expect(statuses.filter((status) => status < 400 && status !== 100)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(CASES / 2);
    expect(child.exitCode).toBeNull();
    expect(await answerTo(delivery("evt_3"))).toBe(204);
  }, 600_000);
});

it("no receiver waits for a body that does not come", async () => {
  const [head] = Buffer.from(requestOf(delivery("evt_4").headers, Buffer.from(BODY)))
    .toString()
    .split(BODY);
  const own = FRAMEWORKS.filter((name) => name !== "AWS Lambda");
  const answers = own.map(async (name) => {
    const socket = connect(receivers.get(name)!.port, "127.0.0.1");
    socket.write(head!);
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    return answer.toString().split(" ")[1];
  });
  expect(await Promise.all(answers)).toEqual(own.map(() => "408"));
});
