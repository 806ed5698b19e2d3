/** Starts a plugin as Terraform would, and makes one call. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connect as tlsConnect } from "node:tls";
import { createCertificate } from "../../plugin/go-plugin/certificate.js";
import { COOKIE, COOKIE_NAME } from "../../plugin/go-plugin/handshake.js";
import { plainEnvironment } from "./check.js";

const TIMEOUT_MS = 15_000;
/** go-plugin's: version, protocol 6, how it listens and where, gRPC, certificate. */
const HANDSHAKE = /^1\|6\|(unix|tcp)\|([^|]+)\|grpc\|([\w+/]+)/;
const METHOD = "/tfplugin6.Provider/GetFunctions";

/**
 * Starts a plugin and asks it for its functions, for which it loads the provider. It gets neither a
 * key nor Terraform's settings.
 *
 * @param folder that it runs in
 * @throws Error whose message completes "It does not start: …"
 */
export async function start(program: string, folder: string): Promise<void> {
  const sockets = mkdtempSync(join(tmpdir(), "polyai-"));
  const host = createCertificate();
  const child = spawn(program, [], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...plainEnvironment(),
      [COOKIE_NAME]: COOKIE,
      PLUGIN_PROTOCOL_VERSIONS: "6",
      PLUGIN_CLIENT_CERT: host.cert,
      PLUGIN_UNIX_SOCKET_DIR: sockets,
      // Windows has no such sockets; as Terraform sets them.
      PLUGIN_MIN_PORT: "10000",
      PLUGIN_MAX_PORT: "25000",
    },
  });
  const ended = once(child, "close").catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    await Promise.race([late, firstLine(child).then((line) => call(line, host))]);
  } finally {
    clearTimeout(timer);
    child.kill("SIGKILL");
    await ended;
    rmSync(sockets, { recursive: true, force: true });
  }
}

/** @throws Error with what the process says instead */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => (stderr = (stderr + String(chunk)).slice(0, 200)));
    child.once("error", reject);
    if (child.stdout) createInterface(child.stdout).once("line", resolve);
    child.once("close", (code, signal) => {
      reject(new Error(stderr.trim().split("\n")[0] || `it ended with ${String(code ?? signal)}`));
    });
  });
}

async function call(line: string, host: { cert: string; key: string }): Promise<void> {
  const [, kind, address = "", certificate = ""] = HANDSHAKE.exec(line) ?? [];
  // The launcher says itself what it lacks.
  if (kind === undefined) throw new Error(line.slice(0, 200));
  // The line leaves out the padding, which PEM needs.
  const pem = Buffer.from(certificate, "base64").toString("base64");
  const separator = address.lastIndexOf(":");
  const session = connect("https://localhost", {
    createConnection: () =>
      tlsConnect({
        ...(kind === "unix"
          ? { path: address }
          : { host: address.slice(0, separator), port: Number(address.slice(separator + 1)) }),
        cert: host.cert,
        key: host.key,
        ca: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
        servername: "localhost",
        ALPNProtocols: ["h2"],
      }),
  });
  try {
    const status = await new Promise<string>((resolve, reject) => {
      session.once("error", reject);
      const stream = session.request({
        ":method": "POST",
        ":path": METHOD,
        "content-type": "application/grpc",
        te: "trailers",
      });
      stream.once("error", reject);
      stream.once("response", (headers) => {
        if (headers["grpc-status"] !== undefined) resolve(String(headers["grpc-status"]));
      });
      stream.once("trailers", (trailers: IncomingHttpHeaders) =>
        resolve(String(trailers["grpc-status"])),
      );
      stream.resume();
      // An empty message in gRPC's frame.
      stream.end(Buffer.alloc(5));
    });
    if (status !== "0") throw new Error(`its first call ends with gRPC status ${status}`);
  } finally {
    session.destroy();
  }
}
