/** Starts a plugin as Terraform would, and hears whether it answers. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProgram } from "../../placement/bundled-plugin.js";
import { environmentWithout } from "./programs.js";

const TIMEOUT_MS = 15_000;

export type Answer =
  | { readonly answered: true; readonly milliseconds: number }
  /** Completes "It does not start: …". */
  | { readonly answered: false; readonly reason: string };

/** go-plugin's: version, protocol 6, how it listens and where, gRPC, certificate. */
const HANDSHAKE = /^1\|6\|(unix|tcp)\|[^|\n]+\|grpc\|[\w+/]*/;

/**
 * A host's certificate, by which the plugin would know the host. Its key was thrown away: no
 * connection is made.
 */
const HOST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUHBarrPn2rxfrtMwQKPIr2FMDI7UwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGZG9jdG9yMCAXDTI2MTEyNDE1NDUwMFoYDzIxMjYxMDMxMTU0
NTAwWjARMQ8wDQYDVQQDDAZkb2N0b3IwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASFZf1kolINAQYt7TjmBtFdj56Kz3bZJ10w6bUJz6Mlzyi70vDCiGKMyeyXaclS
evHATzmjhHK2LPOnXFZwTVCXo1MwUTAdBgNVHQ4EFgQUj/zAlBOYpu3FmbN5WVGi
y/0xyNQwHwYDVR0jBBgwFoAUj/zAlBOYpu3FmbN5WVGiy/0xyNQwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAx7CHfYUY2JEyV3mAC2y7aAiXoZ1a
eQi6VgVtPi5P0awCIQDXnnm0SOHMXoJPzcdY83ODzu//OfipOhURwQ4cediejw==
-----END CERTIFICATE-----
`;

/**
 * Starts a plugin, waits for its handshake line, and ends it. It gets neither a key nor Terraform's
 * settings, and leaves nothing behind.
 */
export async function start(file: string): Promise<Answer> {
  // Here, and not where it is of its own choice, so that what it leaves can be removed.
  const sockets = mkdtempSync(join(tmpdir(), "polyai-"));
  try {
    return await handshake(file, sockets);
  } finally {
    rmSync(sockets, { recursive: true, force: true });
  }
}

async function handshake(file: string, sockets: string): Promise<Answer> {
  const begun = performance.now();
  const child = spawn(file, [], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...environmentWithout(/^(POLYAI_|TF_|PLUGIN_)/),
      TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
      PLUGIN_PROTOCOL_VERSIONS: "6",
      PLUGIN_CLIENT_CERT: HOST_CERTIFICATE,
      PLUGIN_UNIX_SOCKET_DIR: sockets,
      // Terraform's own ports, for a system without Unix sockets.
      PLUGIN_MIN_PORT: "10000",
      PLUGIN_MAX_PORT: "25000",
    },
  });
  const ended = new Promise<string>((resolve) => {
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString().slice(0, 2000)));
    child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once("close", (code, signal) =>
      resolve(firstLine(stderr) ?? `it ended with ${String(code ?? signal)}`),
    );
  });
  const said = new Promise<{ readonly line: string }>((resolve) => {
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes("\n")) resolve({ line: stdout.slice(0, stdout.indexOf("\n")) });
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), TIMEOUT_MS);
  });
  const first = await Promise.race([said, ended, late]);
  const milliseconds = Math.round(performance.now() - begun);
  clearTimeout(timer);
  if (typeof first === "string" && first !== "late") return { answered: false, reason: first };
  child.kill();
  const killer = setTimeout(() => child.kill("SIGKILL"), 2000);
  await ended;
  clearTimeout(killer);
  if (first === "late") {
    return { answered: false, reason: `it says nothing for ${TIMEOUT_MS / 1000} s` };
  }
  if (HANDSHAKE.test(first.line)) return { answered: true, milliseconds };
  // The launcher says itself what it lacks.
  const reason = isProgram(first.line)
    ? first.line
    : "what it says is not Terraform's plugin protocol 6";
  return { answered: false, reason };
}

const firstLine = (text: string): string | undefined =>
  text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "")
    ?.slice(0, 200);
