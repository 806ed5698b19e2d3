import { mkdtempSync, rmdirSync, unlinkSync } from "node:fs";
import {
  type AddressInfo,
  createServer as createNetServer,
  type ListenOptions,
  type Server,
  type Socket,
} from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import type { Logger } from "../logging/logger.js";
import type { Certificate } from "./certificate.js";
import type { Address, Handshake } from "./handshake.js";

/** The longest path that every system takes for a socket, in bytes. */
const LONGEST_PATH = 103;
/** Of TLS 1.3 and, for a key of elliptic curves, 1.2. */
const CIPHERS =
  "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";
/** Milliseconds for a peer to say who it is. */
const HANDSHAKE_TIMEOUT = 10_000;
const LOOPBACK = "127.0.0.1";

/**
 * Has a server listen where this system's hosts look: on a Unix socket in a folder of its own, which
 * is removed when the process ends, or on Windows, where go-plugin knows none, on a port of
 * 127.0.0.1 from the host's range.
 */
export async function listen(
  server: Server,
  { socketParent, ports }: Pick<Handshake, "socketParent" | "ports">,
  network: Address["network"] = process.platform === "win32" ? "tcp" : "unix",
): Promise<Address> {
  if (network === "tcp") {
    return { network, address: `${LOOPBACK}:${await listenOnFreePort(server, ports)}` };
  }
  const place = createSocketFolder(socketParent);
  process.on("exit", () => removeSocketFolder(place));
  await listening(server, { path: place.socket });
  return { network, address: place.socket };
}

const listenOnFreePort = async (
  server: Server,
  { lowest, highest }: Handshake["ports"],
): Promise<number> => {
  for (let port = lowest; ; port++) {
    try {
      await listening(server, { host: LOOPBACK, port });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      // Windows keeps ranges of ports for itself, and answers EACCES there.
      const isTaken = ["EADDRINUSE", "EACCES"].includes(
        (error as NodeJS.ErrnoException).code ?? "",
      );
      if (!isTaken || port === highest) throw error;
    }
  }
};

const listening = (server: Server, where: ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });

interface SocketFolder {
  readonly folder: string;
  readonly socket: string;
}

/** A fresh folder that only this user can enter (mkdtemp gives it mode 0700), and a path in it. */
function createSocketFolder(parent = tmpdir()): SocketFolder {
  const length = Buffer.byteLength(join(parent, "plugin-XXXXXX", "s"));
  // The handshake's fields end with a bar.
  const fits = length <= LONGEST_PATH && !parent.includes("|");
  const folder = mkdtempSync(join(fits ? parent : "/tmp", "plugin-"));
  return { folder, socket: join(folder, "s") };
}

/** Removes what {@link createSocketFolder} made, and whatever of it is there. Never throws. */
function removeSocketFolder({ folder, socket }: SocketFolder): void {
  for (const remove of [() => unlinkSync(socket), () => rmdirSync(folder)]) {
    try {
      remove();
    } catch {
      // The socket is gone once its server has closed.
    }
  }
}

/**
 * Accepts connections and hands on those of the host, and no other: a peer counts as the host when
 * it has proven, in the TLS handshake, to hold the key of exactly the certificate that the host
 * announced. Not a byte beyond the handshake is read from anybody else.
 */
export function listenForHost(
  certificate: Certificate,
  hostCertificate: Buffer,
  accept: (socket: Socket) => void,
  logger: Logger,
): Server {
  const server = createTlsServer({
    cert: certificate.cert,
    key: certificate.key,
    // NODE_OPTIONS may have others, which are for PolyAI.
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: CIPHERS,
    ALPNProtocols: ["h2"],
    requestCert: true,
    // No chain is followed: the certificate itself is compared below. With no list of roots given,
    // node would read its own, which takes it 30 ms.
    rejectUnauthorized: false,
    ca: [],
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  });
  server.on("secureConnection", (socket) => {
    const peer = socket.getPeerX509Certificate()?.raw;
    if (peer?.equals(hostCertificate) === true && socket.alpnProtocol === "h2") {
      accept(socket);
      return;
    }
    logger.warn("a peer other than the host was cut off");
    socket.on("error", () => {});
    socket.destroy();
  });
  server.on("tlsClientError", (error, socket) => {
    logger.warn("a peer failed the TLS handshake", { error: error.message });
    socket.destroy();
  });
  return server;
}

/** For a host that uses no TLS: the folder's permissions are then the only protection. */
export const listenForAnybody = (accept: (socket: Socket) => void): Server =>
  createNetServer(accept);
