import type { Route } from "../grpc/server.js";
import { GrpcError, Status } from "../grpc/status.js";

/**
 * grpc.health.v1 has two messages, of one field each. In a request it is the name of a service:
 * go-plugin asks for "plugin", and no name asks for the whole server.
 */
const HEALTHY = new Set(["", "\n\x06plugin"]);
/** In a response it is a status. */
const SERVING = Uint8Array.of(0x08, 1);
const SERVICE_UNKNOWN = Uint8Array.of(0x08, 3);

const isHealthy = (request: Uint8Array): boolean =>
  HEALTHY.has(Buffer.from(request).toString("latin1"));

/**
 * The services that go-plugin expects beside the provider's. Nothing goes through the streams of
 * stdio and broker, since this process prints nothing and opens no second connection; they stay
 * open, because a host takes their end for the plugin's.
 *
 * @param shutdown called when the host asks the process to end
 */
export const goPluginRoutes = (shutdown: () => void): readonly (readonly [string, Route])[] => [
  [
    "/grpc.health.v1.Health/Check",
    {
      kind: "call",
      handle: (request) => {
        if (!isHealthy(request)) throw new GrpcError(Status.NOT_FOUND, "unknown service");
        return SERVING;
      },
    },
  ],
  [
    "/grpc.health.v1.Health/Watch",
    { kind: "stream", first: (request) => (isHealthy(request) ? SERVING : SERVICE_UNKNOWN) },
  ],
  [
    "/plugin.GRPCController/Shutdown",
    {
      kind: "call",
      handle: () => {
        setImmediate(shutdown);
        return new Uint8Array();
      },
    },
  ],
  ["/plugin.GRPCStdio/StreamStdio", { kind: "stream" }],
  ["/plugin.GRPCBroker/StartStream", { kind: "stream" }],
];
