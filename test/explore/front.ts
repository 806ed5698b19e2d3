/** The explorer's network for a real CLI: the same fates, over HTTP and in real time. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Operation } from "../../src/polyai/operation.js";
import type { Settings } from "./history.js";
import { Network } from "./network.js";

export const KEYS: Readonly<Record<Settings, string>> = {
  right: "home-key-1",
  "other key": "other-key",
  "other region": "home-key-1",
  "path too much": "home-key-1",
};

/** An attempt's time; the CLI's provider gives up before. */
const TIMEOUT_MS = 2000;

const newNetwork = (): Network =>
  new Network({ after: (milliseconds, run) => void setTimeout(run, milliseconds).unref() });

export class Front {
  network = newNetwork();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const { method = "GET", headers } = request;
        // The name of this machine stands for the other region.
        const region = headers.host?.startsWith("localhost") ? "uk" : "us";
        const [, wrong = "", path = ""] = /^(\/wrong)?(.*)$/.exec(request.url ?? "") ?? [];
        const body = Buffer.concat(parts).toString();
        const send = this.network.transportOf({ dead: false })({
          baseUrl: new URL(`https://api.${region}.poly.ai${wrong}`),
          headers: { "x-api-key": String(headers["x-api-key"]) },
          timeoutMs: TIMEOUT_MS,
          deadline: AbortSignal.timeout,
          stop: undefined,
          proxy: undefined,
          agentOptions: undefined,
        }).send;
        const id = /whe_\w+/.exec(path)?.[0];
        const operation = { method, id, ...(body && { body: JSON.parse(body) as object }) };
        void send(operation as Operation<unknown>, path, false).then((answer) => {
          if (!answer.answered) return response.destroy();
          const { status, headers: given, body: text } = answer;
          return response.writeHead(status, { ...given, "content-length": text.length }).end(text);
        });
      });
    });
  }

  async begin(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, listening));
  }

  end(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Forgets every account, for the next history. */
  renew(): void {
    this.network = newNetwork();
  }

  url(settings: Settings): string {
    const { port } = this.#server.address() as AddressInfo;
    const host = settings === "other region" ? "localhost" : "127.0.0.1";
    return `http://${host}:${port}${settings === "path too much" ? "/wrong" : ""}`;
  }
}
