import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectNet } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerOf, frameOf, Host, pathOf, rpcs } from "./support/client.js";
import { isAlive, until } from "../support/processes.js";
import { buildChild, bundle, COOKIE, Plugin } from "./support/plugin.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const child = buildChild();
const start = async (environment: NodeJS.ProcessEnv = {}): Promise<[Plugin, Host]> => {
  const plugin = await Plugin.start(child.script, undefined, environment);
  return [plugin, await Host.connect(plugin)];
};
const refused = (environment: NodeJS.ProcessEnv): Plugin =>
  new Plugin(child.script, undefined, environment);

const apply = (host: Host, typeName: string) => {
  const rpc = rpcs.applyResourceChange;
  const plannedState = { msgpack: Uint8Array.of(1) };
  return host.send(pathOf(rpc), frameOf(rpc, { typeName, plannedState }));
};

describe("a process that no host started", () => {
  const usual = /^This binary is a plugin\. These are not meant to be executed directly\.\n/;
  it.each([
    ["without a cookie", { TF_PLUGIN_MAGIC_COOKIE: undefined }, usual],
    ["with another cookie", { TF_PLUGIN_MAGIC_COOKIE: "d602" }, usual],
    [
      "with no readable certificate",
      { PLUGIN_CLIENT_CERT: "not PEM" },
      /^terraform-provider-test cannot read the certificate/,
    ],
    [
      "with nowhere to put its socket",
      { PLUGIN_UNIX_SOCKET_DIR: "/nowhere/at/all" },
      /^terraform-provider-test cannot start: ENOENT/,
    ],
  ])("says why and ends with 1: %s", async (_how, environment, sentence) => {
    const plugin = refused(environment);
    expect(await plugin.ended).toBe(1);
    expect(plugin.stderr).toMatch(sentence);
    expect(plugin.stdout).toBe("");
    expect(readdirSync(plugin.folder)).toEqual([]);
  });
});

/** A call to a plugin that uses no TLS, on a connection of its own. */
async function callInTheClear(socket: string): Promise<string | undefined> {
  const session = connectHttp2("http://localhost", { createConnection: () => connectNet(socket) });
  const stream = session.request({
    ":method": "POST",
    ":path": pathOf(rpcs.getMetadata),
    "content-type": "application/grpc",
  });
  stream.end(new Uint8Array(5));
  const { status } = await answerOf(stream);
  session.destroy();
  return status;
}

describe("a host that is not Terraform", () => {
  it("reads version 6 in the line, also if it speaks others", async () => {
    const others = { PLUGIN_PROTOCOL_VERSIONS: "4,5" };
    const plugin = await Plugin.start(child.script, undefined, others);
    expect(plugin.stdout).toMatch(/^1\|6\|unix\|[^|]+\|grpc\|[\w+/]+\n$/);
  });

  it.each(["", undefined])(
    "is served without TLS, in a folder of its user's, if it sends no certificate: %s",
    async (PLUGIN_CLIENT_CERT) => {
      const plugin = await Plugin.start(child.script, undefined, { PLUGIN_CLIENT_CERT });
      expect(plugin.stdout).toMatch(/\|grpc\|\n$/);
      expect(statSync(plugin.socketFolder).mode & 0o777).toBe(0o700);
      expect(await callInTheClear(plugin.socket)).toBe("0");
    },
  );
});

describe("Shutdown", () => {
  it("is answered, and the process ends with 0 and leaves nothing", async () => {
    const [plugin, host] = await start();
    const stdio = answerOf(host.open("/plugin.GRPCStdio/StreamStdio"));
    await host.shutdown();
    expect(await plugin.ended).toBe(0);
    expect((await stdio).status).toBe("0");
    expect(existsSync(plugin.socketFolder)).toBe(false);
    expect(plugin.stderr).toBe("");
  });

  it("lets a call in flight finish first", async () => {
    const [plugin, host] = await start();
    const held = apply(host, "test_held");
    await until(() => plugin.journal.includes("applying"), "the call");
    await host.shutdown();
    plugin.release();
    expect((await held).status).toBe("0");
    expect(await plugin.ended).toBe(0);
  });
});

describe("signals", () => {
  it("SIGINT changes nothing", async () => {
    const [plugin, host] = await start();
    const held = apply(host, "test_held");
    await until(() => plugin.journal.includes("applying"), "the call");
    for (let count = 0; count < 3; count++) plugin.kill("SIGINT");
    await host.call(rpcs.getMetadata, {});
    plugin.release();
    expect((await held).status).toBe("0");
    expect(plugin.journal).toEqual(["applying", "applied"]);
    await host.call(rpcs.getMetadata, {});
    expect(plugin.alive).toBe(true);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)(
    "%s stops the provider, answers what is in flight, and ends the process",
    async (signal) => {
      const [plugin, host] = await start();
      const waiting = apply(host, "test_until_stopped");
      await until(() => plugin.journal.includes("applying"), "the call");
      plugin.kill(signal);
      expect((await waiting).status).toBe("0");
      expect(await plugin.ended).toBe(0);
      expect(plugin.journal).toEqual(["applying", "stopping", "applied"]);
      expect(existsSync(plugin.socketFolder)).toBe(false);
    },
  );

  it("SIGTERM ends a process that nobody has connected to", async () => {
    const plugin = await Plugin.start(child.script);
    plugin.kill("SIGTERM");
    expect(await plugin.ended).toBe(0);
    expect(readdirSync(plugin.folder)).toEqual([]);
  });

  it("a second SIGTERM does not wait", async () => {
    const [plugin, host] = await start();
    const endless = apply(host, "test_endless").catch(() => undefined);
    await until(() => plugin.journal.includes("applying"), "the call");
    plugin.kill("SIGTERM");
    await until(() => plugin.journal.includes("stopping"), "the stop");
    plugin.kill("SIGTERM");
    expect(await plugin.ended).toBe(1);
    await endless;
    expect(plugin.journal).not.toContain("applied");
    expect(existsSync(plugin.socketFolder)).toBe(false);
  });
});

describe("a host that is gone without a word", () => {
  it("that hung up: the process ends, call in flight or not", async () => {
    const [plugin, host] = await start();
    void apply(host, "test_until_stopped").catch(() => undefined);
    await until(() => plugin.journal.includes("applying"), "the call");
    host.close();
    expect(await plugin.ended).toBe(1);
    expect(existsSync(plugin.socketFolder)).toBe(false);
  });

  it.each([
    "before the handshake line",
    "after the handshake line",
    "while it connects",
    "during a call",
  ])("that was killed %s: the process ends", async (stage) => {
    const folder = temporaryFolder();
    const sockets = join(folder, "sockets");
    mkdirSync(sockets);
    const host = spawnSync(
      process.execPath,
      [bundle("dying-host", folder), stage, ...child.command],
      {
        env: {
          PATH: process.env["PATH"],
          TF_PLUGIN_MAGIC_COOKIE: COOKIE,
          PLUGIN_PROTOCOL_VERSIONS: "6",
          PLUGIN_UNIX_SOCKET_DIR: sockets,
          TEST_JOURNAL: join(folder, "journal"),
        },
        encoding: "utf8",
      },
    );
    const pid = Number(host.stdout);
    // It takes two seconds at most, and this machine may be busy.
    await until(() => !isAlive(pid), "the end of the plugin", 10_000);
    expect(readdirSync(sockets)).toEqual([]);
  });
});

describe("a socket's path that is longer than systems take", () => {
  it("goes to /tmp instead", async () => {
    const folder = mkdtempSync(join(tmpdir(), "x".repeat(100)));
    const [plugin, host] = await start({ PLUGIN_UNIX_SOCKET_DIR: folder });
    expect(plugin.socketFolder).toMatch(/^\/tmp\/plugin-/);
    await host.call(rpcs.getMetadata, {});
    plugin.kill("SIGTERM");
    expect(await plugin.ended).toBe(0);
    expect(existsSync(plugin.socketFolder)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
