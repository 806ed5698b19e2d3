import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createCertificate } from "../../src/plugin/protocol/certificate.js";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { CANARY_KEY } from "../support/watched-workspace.js";
import type { Address } from "./faults.js";

/** Everything outside the provider that a fault needs. */
export interface Surroundings {
  readonly simulator: Simulator;
  readonly addresses: Readonly<Record<Address, string>>;
  /** Where redirects point. */
  readonly elsewhere: { readonly url: string; readonly seen: readonly IncomingHttpHeaders[] };
  close(): Promise<void>;
}

export async function startSurroundings(): Promise<Surroundings> {
  const seen: IncomingHttpHeaders[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(request.headers);
    response.end('{"signing_secret":"whsec_of_somebody_else"}');
  });
  const untrusted = createTlsServer(createCertificate(), (_request, response) => response.end());
  const gone = createServer();
  const [simulator, elsewherePort, untrustedPort, closedPort] = await Promise.all([
    startSimulator({ apiKey: CANARY_KEY }),
    listen(elsewhere),
    listen(untrusted),
    listen(gone),
  ]);
  await stop(gone);
  return {
    simulator,
    addresses: {
      "closed port": `http://127.0.0.1:${closedPort}`,
      "wrong certificate": `https://localhost:${untrustedPort}`,
      "unknown host": "https://api.invalid",
    },
    elsewhere: { url: `http://127.0.0.1:${elsewherePort}`, seen },
    async close() {
      await Promise.all([simulator.close(), stop(elsewhere), stop(untrusted)]);
    },
  };
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

const stop = (server: Server): Promise<unknown> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  });
