/** Starts a plugin as Terraform would, and makes one call. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createCertificate } from "../../plugin/go-plugin/certificate.js";
import { COOKIE, COOKIE_NAME } from "../../plugin/go-plugin/handshake.js";
import { plainEnvironment } from "./check.js";

const TIMEOUT_MS = 15_000;
/** go-plugin's: version, protocol 6, the kind of socket and its address, gRPC, certificate. */
const HANDSHAKE = /^1\|6\|(unix|tcp)\|([^|]+)\|grpc\|([\w+/]+)/;

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
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
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
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += String(chunk)));
  const ended = once(child, "close");
  try {
    const line = once(createInterface(child.stdout), "line");
    const [said] = (await Promise.race([line, ended])) as [string | number | null];
    const handshake = HANDSHAKE.exec(String(said));
    if (handshake === null) {
      // The launcher says itself what it lacks.
      const words = typeof said === "string" ? said : stderr.trim().split("\n")[0];
      throw new Error(words?.slice(0, 200) || `it ended with ${said ?? "no answer"}`);
    }
    await call(handshake, host);
  } finally {
    child.kill("SIGKILL");
    await ended.catch(() => undefined);
    rmSync(sockets, { recursive: true, force: true });
  }
}

async function call(
  [, kind, address = "", certificate = ""]: RegExpExecArray,
  host: { readonly cert: string; readonly key: string },
): Promise<void> {
  // The line leaves out the padding, which PEM needs.
  const pem = Buffer.from(certificate, "base64").toString("base64");
  const session = connect(kind === "tcp" ? `https://${address}` : "https://localhost", {
    ...(kind === "unix" && { path: address }),
    cert: host.cert,
    key: host.key,
    ca: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
    servername: "localhost",
  });
  // The request fails, too.
  session.on("error", () => undefined);
  const request = session.request({
    ":method": "POST",
    ":path": "/tfplugin6.Provider/GetFunctions",
    "content-type": "application/grpc",
    te: "trailers",
  });
  let status: unknown;
  const read = (headers: IncomingHttpHeaders) => (status = headers["grpc-status"] ?? status);
  request.on("response", read).on("trailers", read).resume();
  // An empty message in gRPC's frame.
  request.end(Buffer.alloc(5));
  await once(request, "close").finally(() => session.destroy());
  if (status !== "0") throw new Error(`its first call ends with gRPC status ${String(status)}`);
}
