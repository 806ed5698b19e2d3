import { Host } from "../../support/host.js";
import { PLUGIN } from "../../support/workspace.js";
import type { ProviderServer } from "../../../src/plugin/tfplugin6/service.js";
import { rpcs } from "./client.js";
import { startConnected, type Plugin } from "./plugin.js";

/** The built plugin as a process, and a host that has connected to it. */
export async function startPlaced(
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly plugin: Plugin; readonly host: Host }> {
  const { plugin, host: connection } = await startConnected([PLUGIN], environment);
  const server = Object.fromEntries(
    Object.entries(rpcs).map(([name, rpc]) => [
      name,
      // Each method takes what its own RPC takes.
      (request: never) =>
        rpc.responseStream
          ? connection.responses<never, unknown>(rpc as never, request)
          : connection.call<never, unknown>(rpc as never, request),
    ]),
  ) as unknown as ProviderServer;
  return { plugin, host: await Host.start(server) };
}
