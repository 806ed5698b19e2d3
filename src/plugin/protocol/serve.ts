import { writeSync } from "node:fs";
import { createLogger } from "../logging/logger.js";
import { redactText } from "../logging/redaction.js";
import type { ProviderServer } from "../server/messages.js";
import { createCertificate } from "./certificate.js";
import { goPluginRoutes } from "./go-plugin-services.js";
import { GrpcServer } from "./grpc-server.js";
import {
  type Address,
  HandshakeError,
  handshakeLine,
  readHandshake,
  type Handshake,
} from "./handshake.js";
import { HostWatch } from "./host-watch.js";
import { listen, listenForAnybody, listenForHost } from "./listener.js";
import { providerRoutes } from "./provider-service.js";
import { sayHandshake } from "./stdout.js";

const logger = createLogger("plugin");

/**
 * The whole life of a provider's process: greets the host that started it, answers its calls, and
 * ends when the host says so, is gone, or the process is told to terminate. It leaves no file
 * behind.
 *
 * @param options.name what a person calls this program, for one who starts it by hand
 * @param options.network how the host connects; what the system's hosts expect, if not given
 * @returns once the host can connect; the process then lives on by its socket
 */
export async function serve(options: {
  readonly provider: ProviderServer;
  readonly name: string;
  readonly network?: Address["network"] | undefined;
}): Promise<void> {
  try {
    await start(options.provider, readHandshake(process.env, options.name), options.network);
  } catch (error) {
    writeSync(2, `${sentence(error, options.name)}\n`);
    process.exitCode = 1;
  }
}

const sentence = (error: unknown, name: string): string =>
  error instanceof HandshakeError
    ? error.message
    : redactText(
        `${name} cannot start: ${error instanceof Error ? error.message : "unknown fault"}`,
      );

const start = async (
  provider: ProviderServer,
  handshake: Handshake,
  network: Address["network"] | undefined,
): Promise<void> => {
  const { hostCertificate } = handshake;
  const certificate = hostCertificate && createCertificate();
  const end = async (reason: string): Promise<void> => {
    logger.debug("ending", { reason });
    listener.close();
    await server.drain();
    process.exit(0);
  };
  const routes = new Map([
    ...providerRoutes(provider),
    ...goPluginRoutes(() => void end("Shutdown")),
  ]);
  const server = new GrpcServer((path) => routes.get(path), logger);
  const accept = server.accept.bind(server);
  const listener =
    hostCertificate === undefined || certificate === undefined
      ? listenForAnybody(accept)
      : listenForHost(certificate, hostCertificate, accept, logger);

  handleSignals(provider, end);
  const address = await listen(listener, handshake, network);

  const watch = new HostWatch((reason) => {
    logger.warn("ending, since the host is gone", { reason });
    process.exit(1);
  });
  server.onConnections = (count) => watch.connections(count);
  sayHandshake(handshakeLine(address, certificate?.der), logger);
};

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
