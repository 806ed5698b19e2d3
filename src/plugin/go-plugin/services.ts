import * as health from "../tfplugin6/generated/go-plugin-health.js";
import * as goPlugin from "../tfplugin6/generated/go-plugin.js";
import type { Route } from "../grpc/call.js";
import { decodeMessage, encodeFrame } from "../grpc/framing.js";
import { GrpcError, Status } from "../grpc/status.js";

/** The service that go-plugin asks the health of; empty asks for the whole server. */
const HEALTHY = new Set(["plugin", ""]);

/**
 * The services that go-plugin expects beside the provider's. Nothing goes through the streams of
 * stdio and broker, since this process prints nothing and opens no second connection; they stay
 * open, because a host takes their end for the plugin's.
 *
 * @param shutdown called when the host asks the process to end
 */
export function goPluginRoutes(shutdown: () => void): readonly (readonly [string, Route])[] {
  const serving = (): Uint8Array =>
    encodeFrame(health.HealthCheckResponse, {
      status: health.HealthCheckResponseServingStatus.SERVING,
    });
  return [
    [
      health.Health.check.path,
      {
        kind: "unary",
        handle: (bytes) => {
          const { service } = decodeMessage(health.HealthCheckRequest, bytes);
          if (!HEALTHY.has(service)) throw new GrpcError(Status.NOT_FOUND, "unknown service");
          return serving();
        },
      },
    ],
    [
      health.Health.watch.path,
      {
        kind: "stream",
        first: (bytes) => {
          const { service } = decodeMessage(health.HealthCheckRequest, bytes);
          return HEALTHY.has(service)
            ? serving()
            : encodeFrame(health.HealthCheckResponse, {
                status: health.HealthCheckResponseServingStatus.SERVICE_UNKNOWN,
              });
        },
      },
    ],
    [
      goPlugin.GRPCController.shutdown.path,
      {
        kind: "unary",
        handle: () => {
          setImmediate(shutdown);
          return encodeFrame(goPlugin.Empty, {});
        },
      },
    ],
    [goPlugin.GRPCStdio.streamStdio.path, { kind: "stream" }],
    [goPlugin.GRPCBroker.startStream.path, { kind: "stream" }],
  ];
}
