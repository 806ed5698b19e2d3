/** Starts the plugin as Terraform would, and makes one call. */
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { createInterface } from "node:readline";
import { createCertificate, type Certificate } from "../../plugin/go-plugin/certificate.js";
import { COOKIE, COOKIE_NAME } from "../../plugin/go-plugin/handshake.js";
import { messageOf } from "../command.js";
import { check, plainEnvironment, type Check } from "./check.js";

const TIMEOUT_MS = 15_000;
/** go-plugin's: version, protocol 6, the kind of socket and its address, gRPC, certificate. */
const HANDSHAKE = /^1\|6\|(unix|tcp)\|([^|]+)\|grpc\|([\w+/]+)/;

/** Reasons of a failed start, and the way out of each. */
const WAYS_OUT: readonly (readonly [RegExp, string])[] = [
  [/mkdtemp/, "set TMPDIR to a folder that this user can write to"],
  [
    /^spawn .* ENOENT$/,
    "what the file needs is missing, such as /bin/sh in a distroless image: take an image with a " +
      "shell and Node, or the executable (install --from ZIP)",
  ],
  [/^spawn .* EACCES$/, "mount its file system without noexec"],
];

/**
 * Starts a plugin and asks it for its functions, for which it loads the provider. It gets neither a
 * key nor Terraform's settings.
 *
 * @param folder that it runs in
 */
export async function checkStart(program: string, folder: string): Promise<Check> {
  const begun = performance.now();
  const options = process.env["NODE_OPTIONS"];
  const failure = await failureOf(program, folder, options);
  if (failure === undefined) {
    const took = Math.round(performance.now() - begun);
    return check("start", `${program} starts and answers in ${took} ms`);
  }
  const text = `${program} does not start (${failure.replace(/[.:]{1,3}$/, "")})`;
  if (options && (await failureOf(program, folder, undefined)) === undefined) {
    return check("start", text, "correct NODE_OPTIONS, without which it starts");
  }
  const needsNode = `let node --version print 20 or later in ${folder}, or use the executable (install --from ZIP)`;
  return check("start", text, WAYS_OUT.find(([said]) => said.test(failure))?.[1] ?? needsNode);
}

/** @returns undefined if it starts */
const failureOf = (...args: Parameters<typeof start>): Promise<string | undefined> =>
  start(...args).then(() => undefined, messageOf);

async function start(program: string, folder: string, nodeOptions: string | undefined) {
  const host = createCertificate();
  const own = { [COOKIE_NAME]: COOKIE, PLUGIN_CLIENT_CERT: host.cert, NODE_OPTIONS: nodeOptions };
  const child = spawn(program, [], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    env: { ...plainEnvironment(), ...own },
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
    // It removes its socket.
    child.kill();
    await ended.catch(() => undefined);
  }
}

async function call(handshake: RegExpExecArray, host: Certificate): Promise<void> {
  const [, kind, address = "", certificate = ""] = handshake;
  const session = connect(kind === "tcp" ? `https://${address}` : "https://localhost", {
    ...(kind === "unix" && { path: address }),
    cert: host.cert,
    key: host.key,
    ca: new X509Certificate(Buffer.from(certificate, "base64")).toString(),
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
