/** Answers of several messages, as gRPC's own client for Node takes them. */
import { Client, credentials, type ClientReadableStream } from "@grpc/grpc-js";
import type { ListResource_Event } from "../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { until } from "../support/processes.js";
import { pathOf, rpcs } from "./support/client.js";
import { buildChild, Plugin } from "./support/plugin.js";

const child = buildChild();
let plugin: Plugin;
let client: Client;

beforeAll(async () => {
  plugin = await Plugin.start(child.script);
  client = new Client(
    `unix:${plugin.socket}`,
    credentials.createSsl(
      Buffer.from(pem(plugin.serverCertificate)),
      Buffer.from(plugin.host.key),
      Buffer.from(plugin.host.cert),
    ),
    { "grpc.ssl_target_name_override": "localhost" },
  );
});
afterAll(() => client.close());

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;

const rpc = rpcs.listResource;
const list = (typeName: string, limit: number): ClientReadableStream<ListResource_Event> =>
  client.makeServerStreamRequest(
    pathOf(rpc),
    (request: object) => Buffer.from(rpc.requestType.encode(request).finish()),
    rpc.responseType.decode,
    { typeName, limit },
  );

const nameOf = ({ displayName }: ListResource_Event): string | undefined => displayName;

it("answers with every message, in order, and ends with status OK", async () => {
  const stream = list("test_echo", 2000);
  const status = new Promise((resolve) => stream.once("status", resolve));
  const names = [];
  for await (const event of stream) names.push(nameOf(event as ListResource_Event));
  expect(names).toEqual(Array.from({ length: 2000 }, (_, index) => `object ${String(index)}`));
  expect(await status).toMatchObject({ code: 0 });
});

it("sends a message while the next is still being made", async () => {
  const stream = list("test_held", 2);
  const first = new Promise<ListResource_Event>((resolve) => stream.once("data", resolve));
  expect(nameOf(await first)).toBe("object 0");
  const second = new Promise<ListResource_Event>((resolve) => stream.once("data", resolve));
  plugin.release();
  expect(nameOf(await second)).toBe("object 1");
});

it("stops its work once the client has let go", async () => {
  const before = plugin.journal.filter((word) => word === "ended").length;
  const stream = list("test_echo", Number.MAX_SAFE_INTEGER);
  stream.on("error", () => undefined);
  await new Promise((resolve) => stream.once("data", resolve));
  stream.cancel();
  await until(
    () => plugin.journal.filter((word) => word === "ended").length > before,
    "the end of the cancelled work",
  );
});
