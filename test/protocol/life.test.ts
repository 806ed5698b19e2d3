import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectNet } from "node:net";
import { dirname, join } from "node:path";
import { answerOf, frameOf, Host, pathOf, rpcs } from "./support/client.js";
import { isAlive, until } from "../support/processes.js";
import { buildChild, bundle, COOKIE, Plugin, startConnected } from "./support/plugin.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const child = buildChild();
const start = (environment: NodeJS.ProcessEnv = {}) => startConnected(child, environment);

const apply = (host: Host, typeName: string) => {
  const rpc = rpcs.applyResourceChange;
  const plannedState = { msgpack: Uint8Array.of(1) };
  return host.send(pathOf(rpc), frameOf(rpc, { typeName, plannedState }));
};

/** Starts a plugin and a call that waits for something. */
const startCall = async (typeName: string) => {
  const { plugin, host } = await start();
  const call = apply(host, typeName);
  call.catch(() => undefined);
  await until(() => plugin.journal.includes("applying"), "the call");
  return { plugin, host, call };
};

describe("a process that cannot start", () => {
  const usual = /^This binary is a plugin\. These are not meant to be executed directly\.\n/;
  it.each([
    ["without a cookie", { TF_PLUGIN_MAGIC_COOKIE: undefined }, usual],
    ["with another cookie", { TF_PLUGIN_MAGIC_COOKIE: "d602" }, usual],
    ["with no readable certificate", { PLUGIN_CLIENT_CERT: "x" }, /cannot read the certificate/],
    ["with nowhere for its socket", { PLUGIN_UNIX_SOCKET_DIR: "/no" }, /test cannot start: ENOENT/],
  ])("says why and ends with 1: %s", async (_how, environment, sentence) => {
    const plugin = new Plugin(child, environment);
    expect(await plugin.ended).toBe(1);
    expect(plugin.stderr).toMatch(sentence);
    // The host quotes the first line of stdout.
    const toldHost = sentence === usual ? "" : plugin.stderr.split("\n")[0];
    expect(plugin.stdout.trimEnd()).toBe(toldHost);
    expect(readdirSync(plugin.folder)).toEqual([]);
  });
});

/** A call to a plugin that uses no TLS, on a connection of its own. */
async function callInTheClear(socket: string): Promise<string | undefined> {
  const createConnection = () => connectNet(socket);
  const host = new Host(connectHttp2("http://localhost", { createConnection }));
  const { status } = await host.send(pathOf(rpcs.getMetadata), new Uint8Array(5));
  host.close();
  return status;
}

describe("a host that is not Terraform", () => {
  it("reads version 6 in the line, also if it speaks others", async () => {
    const plugin = await Plugin.start(child, { PLUGIN_PROTOCOL_VERSIONS: "4,5" });
    expect(plugin.stdout).toMatch(/^1\|6\|unix\|[^|]+\|grpc\|[\w+/]+\n$/);
  });

  it.each(["", undefined])(
    "is served without TLS, in a folder of its user's, if it sends no certificate: %s",
    async (PLUGIN_CLIENT_CERT) => {
      const plugin = await Plugin.start(child, { PLUGIN_CLIENT_CERT });
      expect(plugin.stdout).toMatch(/\|grpc\|\n$/);
      expect(statSync(plugin.socketFolder).mode & 0o777).toBe(0o700);
      expect(dirname(plugin.socketFolder)).toBe(plugin.folder);
      expect(await callInTheClear(plugin.socket)).toBe("0");
    },
  );
});

describe("Shutdown", () => {
  it("is answered, and the process ends with 0 and leaves nothing", async () => {
    const { plugin, host } = await start();
    const stdio = answerOf(host.open("/plugin.GRPCStdio/StreamStdio"));
    await host.shutdown();
    expect(await plugin.ended).toBe(0);
    expect((await stdio).status).toBe("0");
    expect(existsSync(plugin.socketFolder)).toBe(false);
    expect(plugin.stderr).toBe("");
  });

  it("lets a call in flight finish first", async () => {
    const { plugin, host, call } = await startCall("test_held");
    await host.shutdown();
    plugin.release();
    expect((await call).status).toBe("0");
    expect(await plugin.ended).toBe(0);
  });
});

describe("signals", () => {
  it("SIGINT changes nothing", async () => {
    const { plugin, host, call } = await startCall("test_held");
    for (let count = 0; count < 3; count++) plugin.kill("SIGINT");
    await host.call(rpcs.getMetadata, {});
    plugin.release();
    expect((await call).status).toBe("0");
    expect(plugin.journal).toEqual(["applying", "applied"]);
    await host.call(rpcs.getMetadata, {});
    expect(plugin.alive).toBe(true);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)(
    "%s stops the provider, answers what is in flight, and ends the process",
    async (signal) => {
      const { plugin, call } = await startCall("test_until_stopped");
      plugin.kill(signal);
      expect((await call).status).toBe("0");
      expect(await plugin.ended).toBe(0);
      expect(plugin.journal).toEqual(["applying", "stopping", "applied"]);
      expect(existsSync(plugin.socketFolder)).toBe(false);
    },
  );

  it("SIGTERM ends a process that nobody has connected to", async () => {
    const plugin = await Plugin.start(child);
    plugin.kill("SIGTERM");
    expect(await plugin.ended).toBe(0);
    expect(readdirSync(plugin.folder)).toEqual([]);
  });

  it("a second SIGTERM does not wait", async () => {
    const { plugin } = await startCall("test_endless");
    plugin.kill("SIGTERM");
    await until(() => plugin.journal.includes("stopping"), "the stop");
    plugin.kill("SIGTERM");
    expect(await plugin.ended).toBe(1);
    expect(plugin.journal).not.toContain("applied");
    expect(existsSync(plugin.socketFolder)).toBe(false);
  });
});

describe("a host that is gone without a word", () => {
  it("that hung up: the process ends, call in flight or not", async () => {
    const { plugin, host } = await startCall("test_until_stopped");
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
    const args = [bundle("dying-host", folder), stage, ...child];
    const env = {
      PATH: process.env["PATH"],
      TF_PLUGIN_MAGIC_COOKIE: COOKIE,
      PLUGIN_PROTOCOL_VERSIONS: "6",
      PLUGIN_UNIX_SOCKET_DIR: sockets,
      TEST_JOURNAL: join(folder, "journal"),
    };
    const pid = Number(spawnSync(process.execPath, args, { env, encoding: "utf8" }).stdout);
    // It takes two seconds at most, and this machine may be busy.
    await until(() => !isAlive(pid), "the end of the plugin", 10_000);
    expect(readdirSync(sockets)).toEqual([]);
  });
});

it("a socket's path that is longer than systems take goes to /tmp instead", async () => {
  const folder = join(temporaryFolder(), "x".repeat(100));
  mkdirSync(folder);
  const { plugin, host } = await start({ PLUGIN_UNIX_SOCKET_DIR: folder });
  expect(plugin.socketFolder).toMatch(/^\/tmp\/plugin-/);
  await host.call(rpcs.getMetadata, {});
  plugin.kill("SIGTERM");
  expect(await plugin.ended).toBe(0);
  expect(existsSync(plugin.socketFolder)).toBe(false);
});
