/** A plugin on Windows serves over TCP, since hosts there use no Unix sockets; TCP is the same anywhere. */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { Host, rpcs } from "./support/client.js";
import { buildChild, Plugin } from "./support/plugin.js";

const child = buildChild();
const begin = (environment: NodeJS.ProcessEnv): Plugin =>
  new Plugin(child.script, undefined, { TEST_NETWORK: "tcp", ...environment });

/** A port that is taken until the test ends, with what follows it very likely free. */
const takePort = async (): Promise<{ readonly port: number; release(): Promise<void> }> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    release: async () => {
      server.close();
      await once(server, "close");
    },
  };
};

describe("a plugin on TCP", () => {
  it("is found on 127.0.0.1, serves the host, and ends as it would on a socket", async () => {
    const plugin = begin({});
    await plugin.greeted();
    expect(plugin.stdout).toMatch(/^1\|6\|tcp\|127\.0\.0\.1:\d+\|grpc\|[\w+/]+\n$/);
    const host = await Host.connect(plugin);
    expect((await host.call(rpcs.getProviderSchema, {})).diagnostics).toEqual([]);
    await host.shutdown();
    expect(await plugin.ended).toBe(0);
    expect(readdirSync(plugin.folder)).toEqual([]);
  });

  it("takes the next port of the host's range where one is taken", async () => {
    const taken = await takePort();
    const range = { PLUGIN_MIN_PORT: `${taken.port}`, PLUGIN_MAX_PORT: `${taken.port + 20}` };
    const plugin = begin(range);
    await plugin.greeted();
    const port = Number(plugin.socket.split(":")[1]);
    expect(port).toBeGreaterThan(taken.port);
    expect(port).toBeLessThanOrEqual(taken.port + 20);
    await taken.release();
  });

  it("says why it cannot start where the range holds no free port", async () => {
    const taken = await takePort();
    const plugin = begin({ PLUGIN_MIN_PORT: `${taken.port}`, PLUGIN_MAX_PORT: `${taken.port}` });
    expect(await plugin.ended).toBe(1);
    expect(plugin.stderr).toMatch(/cannot start: .*EADDRINUSE/);
    expect(plugin.stdout).toBe("");
    await taken.release();
  });
});
