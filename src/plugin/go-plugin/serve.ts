import { writeSync } from "node:fs";
import { createLogger, toStderr, writeLine } from "../logging/logger.js";
import { redactText } from "../logging/redaction.js";
import { createCertificate } from "./certificate.js";
import { goPluginRoutes } from "./services.js";
import { GrpcServer } from "../grpc/server.js";
import {
  type Address,
  DEBUG_HANDSHAKE,
  HandshakeError,
  handshakeLine,
  isStartedByHost,
  readHandshake,
  reattachText,
  type Handshake,
} from "./handshake.js";
import { HostWatch } from "./host-watch.js";
import { listen, listenForAnybody, listenForHost } from "./listener.js";
import { LateService, type ProviderService } from "../tfplugin6/late-service.js";
import { sayHandshake } from "./stdout.js";

const logger = createLogger("plugin");

/** As Go's programs read the flag. */
const DEBUG = /^--?debug$/;

export interface ServeOptions {
  /** The program's name, for a person who starts it by hand. */
  readonly name: string;
  /** Gives the provider at the first call that needs it: nothing of it need be loaded before. */
  readonly service: () => Promise<ProviderService>;
  /** The answer to GetProviderSchema, as encodeProviderSchema gives it. The service's, if not given. */
  readonly schema?: Uint8Array | undefined;
  /** The kind of socket. By default the one that hosts on this system expect. */
  readonly network?: Address["network"] | undefined;
  /** The provider's source address, for which a person may start the program with `-debug`. */
  readonly source?: string | undefined;
}

/**
 * The whole life of a provider's process: greets the host that started it, answers its calls, and
 * ends when the host says so, is gone, or the process is told to terminate. It leaves no file
 * behind.
 *
 * @returns once the host can connect; the process then lives on by its socket
 */
export async function serve(options: ServeOptions): Promise<void> {
  try {
    const debugged = process.argv.slice(2).some((argument) => DEBUG.test(argument));
    const source = debugged ? options.source : undefined;
    const handshake = source ? DEBUG_HANDSHAKE : readHandshake(process.env, options.name);
    await start(options, handshake, source);
  } catch (error) {
    const text = redactText(sentence(error, options.name));
    toStderr(text);
    // The host quotes the first line of stdout, and shows nothing of stderr.
    if (isStartedByHost(process.env)) writeLine(1, text.split("\n")[0] ?? "");
    // A host that is gone, as a handshake line that nobody reads tells, must not be waited for.
    process.exit(1);
  }
}

const sentence = (error: unknown, name: string): string =>
  error instanceof HandshakeError
    ? error.message
    : `${name} cannot start: ${error instanceof Error ? error.message : "unknown fault"}`;

/** @param debugged the provider's source address, if a person debugs it */
const start = async (
  options: ServeOptions,
  handshake: Handshake,
  debugged: string | undefined,
): Promise<void> => {
  const { hostCertificate } = handshake;
  const certificate = hostCertificate && createCertificate();
  const end = async (reason: string): Promise<void> => {
    logger.debug("ending", { reason });
    listener.close();
    await server.drain();
    process.exit(0);
  };
  const service = new LateService(options.service, options.schema);
  const ownRoutes = new Map(goPluginRoutes(() => void end("Shutdown")));
  const server = new GrpcServer((path) => ownRoutes.get(path) ?? service.route(path), logger);
  const accept = server.accept.bind(server);
  const listener =
    hostCertificate === undefined || certificate === undefined
      ? listenForAnybody(accept)
      : listenForHost(certificate, hostCertificate, accept, logger);

  handleSignals(service, end, debugged !== undefined);
  if (debugged === undefined) {
    // From now on, since the host may go at any time.
    const watch = new HostWatch((reason) => {
      logger.warn("ending, since the host is gone", { reason });
      process.exit(1);
    });
    server.onConnections = (count) => watch.connections(count);
  }
  const address = await listen(listener, handshake, options.network);
  if (debugged === undefined) sayHandshake(handshakeLine(address, certificate?.der), logger);
  else writeSync(1, reattachText(debugged, address));
};

/**
 * Ctrl-C reaches every process of a terminal, this one too; what it means, the host says with
 * StopProvider. A request to terminate ends what waits, lets finish what is in flight, and so does
 * a terminal that is closed, or Ctrl-C for a person who debugs. Asked twice, the process ends at
 * once.
 */
const handleSignals = (
  service: LateService,
  end: (reason: string) => Promise<void>,
  debugged: boolean,
): void => {
  let asked = false;
  const terminate = (signal: string): void => {
    if (asked) process.exit(1);
    asked = true;
    void service.stop().then(
      () => end(signal),
      () => end(signal),
    );
  };
  process.on("SIGINT", (signal) =>
    debugged ? terminate(signal) : logger.trace("ignoring an interrupt: the host decides"),
  );
  process.on("SIGTERM", terminate);
  process.on("SIGHUP", terminate);
  // A fault in something that no RPC waits for must not cost the rotation that is in flight.
  process.on("uncaughtException", (error, origin) =>
    logger.error("a fault outside of any call", { origin, error }),
  );
};
