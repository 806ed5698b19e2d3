import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const SCHEMA_METHOD = {
  5: "/tfplugin5.Provider/GetSchema",
  6: "/tfplugin6.Provider/GetProviderSchema",
};
// A gRPC frame that holds an empty message.
const EMPTY_MESSAGE = Buffer.alloc(5);

/**
 * Starts a provider as Terraform does and asks for its schema. Gives the milliseconds from the
 * start to the handshake and to the whole schema.
 *
 * @param {string} plugin the executable
 * @param {{ cert: string, key: string }} host the host's certificate
 * @param {Record<string, string>} environment more of it, HOME above all
 * @param {(child: import("node:child_process").ChildProcess) => Promise<void>} [then] what to do
 *   once the schema is there, before the provider ends
 */
export async function measureStart(plugin, host, environment, then = async () => {}) {
  const env = {
    PATH: process.env.PATH,
    ...environment,
    TF_PLUGIN_MAGIC_COOKIE: COOKIE,
    PLUGIN_PROTOCOL_VERSIONS: "5,6",
    PLUGIN_CLIENT_CERT: host.cert,
    PLUGIN_MIN_PORT: "10000",
    PLUGIN_MAX_PORT: "25000",
  };
  const begin = performance.now();
  const child = spawn(plugin, [], { env, stdio: ["ignore", "pipe", "ignore"] });
  try {
    const [line] = await once(createInterface(child.stdout), "line");
    const handshake = performance.now() - begin;
    const [, protocol, network, address, , certificate] = line.split("|");
    if (certificate === undefined) throw new Error("The plugin uses no TLS.");
    await getSchema(peer(network, address), SCHEMA_METHOD[protocol], host);
    const schema = performance.now() - begin;
    await then(child);
    return { handshake, schema };
  } finally {
    const closed = once(child, "close");
    child.kill("SIGTERM");
    await closed;
  }
}

function peer(network, address) {
  if (network === "unix") return { path: address };
  const [name, port] = address.split(":");
  return { host: name, port: Number(port) };
}

async function getSchema(to, method, host) {
  const session = connectHttp2("https://localhost", {
    createConnection: () =>
      connectTls({
        ...to,
        cert: host.cert,
        key: host.key,
        // The peer is this process's own child.
        rejectUnauthorized: false,
        servername: "localhost",
        ALPNProtocols: ["h2"],
        checkServerIdentity: () => undefined,
      }),
  });
  try {
    const stream = session.request({
      ":method": "POST",
      ":path": method,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const trailers = once(stream, "trailers");
    let bytes = 0;
    stream.on("data", (chunk) => (bytes += chunk.length));
    stream.end(EMPTY_MESSAGE);
    const [{ "grpc-status": status }] = await trailers;
    if (status !== "0" || bytes === 0) throw new Error(`${method} answers status ${status}`);
  } finally {
    session.destroy();
  }
}
