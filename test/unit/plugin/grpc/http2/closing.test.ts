import { once } from "node:events";
import { connect, constants, type ClientHttp2Session } from "node:http2";
import { type AddressInfo, createServer, type Server } from "node:net";
import { Http2Connection } from "../../../../../src/plugin/grpc/http2/connection.js";

let server: Server;
let session: ClientHttp2Session;
let connection: Http2Connection;
/** What the connection tells, a word each. */
let told: string[];

beforeEach(async () => {
  told = [];
  server = createServer((socket) => {
    connection = new Http2Connection(socket, {
      request: (stream) => {
        told.push(`request ${stream.id}`);
        return {
          data: (chunk) => told.push(`data ${chunk.toString()}`),
          end: () => told.push(`end ${stream.id}`),
          closed: () => undefined,
        };
      },
      closed: () => undefined,
      broken: (error) => told.push(`broken: ${error.message}`),
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  session.on("error", () => undefined);
  await once(session, "remoteSettings");
});
afterEach(() => {
  session.destroy();
  server.close();
});

const post = () => session.request({ ":method": "POST", ":path": "/" });
const heard = async (word: string) => {
  for (let tries = 0; !told.includes(word) && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(told).toContain(word);
};

describe("a connection that takes no new streams", () => {
  it("refuses one that crosses that word on the way, body and all, and keeps the others", async () => {
    const first = post();
    first.on("error", () => undefined);
    first.write("a");
    await heard("data a");

    // In one turn of the loop: the peer cannot know yet.
    connection.close();
    const late = post();
    late.end("a body");

    await new Promise((resolve) => late.on("error", () => undefined).once("close", resolve));
    expect(late.rstCode).toBe(constants.NGHTTP2_REFUSED_STREAM);
    first.end("b");
    await heard("end 1");
    expect(told).toEqual(["request 1", "data a", "data b", "end 1"]);
  });
});
