import { writeSync } from "node:fs";
import { createLogger } from "../logging/logger.js";
import type { ProviderServer } from "../server/messages.js";
import { createCertificate } from "./certificate.js";
import { goPluginRoutes } from "./go-plugin-services.js";
import { GrpcServer } from "./grpc-server.js";
import { HandshakeError, handshakeLine, readHandshake, type Handshake } from "./handshake.js";
import { HostWatch } from "./host-watch.js";
import {
  createSocketFolder,
  listenForAnybody,
  listenForHost,
  removeSocketFolder,
} from "./listener.js";
import { providerRoutes } from "./provider-service.js";
import { sayHandshake } from "./stdout.js";

const logger = createLogger("plugin");

/**
 * The whole life of a provider's process: greets the host that started it, answers its calls, and
 * ends when the host says so, is gone, or the process is told to terminate. It leaves no file
 * behind.
 *
 * @param options.name what a person calls this program, for one who starts it by hand
 * @returns once the host can connect; the process then lives on by its socket
 */
export async function serve(options: {
  readonly provider: ProviderServer;
  readonly name: string;
}): Promise<void> {
  const { provider, name } = options;
  let handshake: Handshake;
  try {
    handshake = readHandshake(process.env, name);
  } catch (error) {
    if (!(error instanceof HandshakeError)) throw error;
    writeSync(2, `${error.message}\n`);
    process.exitCode = 1;
    return;
  }

  const { folder, socket } = createSocketFolder(handshake.socketParent);
  process.on("exit", () => removeSocketFolder(folder));

  const server = new GrpcServer(
    new Map([...providerRoutes(provider), ...goPluginRoutes(() => void end("Shutdown"))]),
    logger,
  );
  const end = async (reason: string): Promise<void> => {
    logger.debug("ending", { reason });
    listener.close();
    await server.drain();
    process.exit(0);
  };

  const { hostCertificate } = handshake;
  const accept = server.accept.bind(server);
  const certificate = hostCertificate && createCertificate();
  const listener =
    certificate === undefined
      ? listenForAnybody(accept)
      : listenForHost(certificate, hostCertificate as Buffer, accept, logger);
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(socket, resolve);
  });

  const watch = new HostWatch((reason) => {
    logger.warn("ending, since the host is gone", { reason });
    process.exit(1);
  });
  server.onConnections = (count) => watch.connections(count);
  handleSignals(provider, end);
  sayHandshake(handshakeLine(socket, certificate?.der), logger);
}

/**
 * Ctrl-C reaches every process of a terminal, this one too; what it means, the host says with
 * StopProvider. A request to terminate ends what waits, lets finish what is in flight, and so does
 * a terminal that is closed. Asked twice, the process ends at once.
 */
const handleSignals = (provider: ProviderServer, end: (reason: string) => Promise<void>): void => {
  process.on("SIGINT", () => logger.trace("ignoring an interrupt: the host decides"));
  let asked = false;
  const terminate = (signal: string): void => {
    if (asked) process.exit(1);
    asked = true;
    void provider.stopProvider().then(
      () => end(signal),
      () => end(signal),
    );
  };
  process.on("SIGTERM", terminate);
  process.on("SIGHUP", terminate);
  // A fault in something that no RPC waits for must not cost the rotation that is in flight.
  process.on("uncaughtException", (error, origin) =>
    logger.error("a fault outside of any call", { origin, error }),
  );
};
