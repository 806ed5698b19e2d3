/** A plugin on Windows serves over TCP, since hosts there use no Unix sockets; TCP is the same anywhere. */
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { closeAll, listen } from "../unit/polyai/server.js";
import { Host, rpcs } from "./support/client.js";
import { buildChild, Plugin } from "./support/plugin.js";

const child = buildChild();
const begin = (...[lowest, highest]: readonly number[]): Plugin =>
  new Plugin(child, {
    TEST_NETWORK: "tcp",
    ...(lowest && { PLUGIN_MIN_PORT: `${lowest}`, PLUGIN_MAX_PORT: `${highest}` }),
  });

/** A port that is taken until the test ends; those that follow it are very likely free. */
const takePort = async (): Promise<number> => (await listen(createServer())).port;
afterEach(closeAll);

describe("a plugin on TCP", () => {
  it("is found on 127.0.0.1, serves the host, and ends as it would on a socket", async () => {
    const plugin = begin();
    await plugin.greeted();
    expect(plugin.stdout).toMatch(/^1\|6\|tcp\|127\.0\.0\.1:\d+\|grpc\|[\w+/]+\n$/);
    const host = await Host.connect(plugin);
    expect((await host.call(rpcs.getProviderSchema, {})).diagnostics).toEqual([]);
    await host.shutdown();
    expect(await plugin.ended).toBe(0);
    expect(readdirSync(plugin.folder)).toEqual([]);
  });

  it("takes the next port of the host's range where one is taken", async () => {
    const port = await takePort();
    const plugin = begin(port, port + 20);
    await plugin.greeted();
    const own = Number(plugin.socket.split(":")[1]);
    expect(own).toBeGreaterThan(port);
    expect(own).toBeLessThanOrEqual(port + 20);
  });

  it("says why it cannot start where the range holds no free port", async () => {
    const port = await takePort();
    const plugin = begin(port, port);
    expect(await plugin.ended).toBe(1);
    expect(plugin.stderr).toMatch(/cannot start: .*EADDRINUSE/);
    expect(plugin.stdout).toMatch(/cannot start: .*EADDRINUSE/);
  });
});
