/** Answers of several messages, as gRPC's own client for Node takes them. */
import { once } from "node:events";
import { Client, credentials, type ClientReadableStream } from "@grpc/grpc-js";
import type { ListResource_Event } from "../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { until } from "../support/processes.js";
import { pathOf, rpcs } from "./support/client.js";
import { buildChild, Plugin } from "./support/plugin.js";

const child = buildChild();
let plugin: Plugin;
let client: Client;

beforeAll(async () => {
  plugin = await Plugin.start(child);
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

it("answers with every message, in order, and ends with status OK", async () => {
  const stream = list("test_echo", 2000);
  const status = once(stream, "status");
  const names = [];
  for await (const event of stream) names.push((event as ListResource_Event).displayName);
  expect(names).toEqual(Array.from({ length: 2000 }, (_, index) => `object ${String(index)}`));
  expect(await status).toMatchObject([{ code: 0 }]);
});

it("sends a message while the next is still being made", async () => {
  const stream = list("test_held", 2);
  expect(await once(stream, "data")).toMatchObject([{ displayName: "object 0" }]);
  const second = once(stream, "data");
  plugin.release();
  expect(await second).toMatchObject([{ displayName: "object 1" }]);
});

it("stops its work once the client has let go", async () => {
  const before = plugin.said("ended");
  const stream = list("test_echo", Number.MAX_SAFE_INTEGER);
  stream.on("error", () => undefined);
  await once(stream, "data");
  stream.cancel();
  await until(() => plugin.said("ended") > before, "the end of the cancelled work");
});
