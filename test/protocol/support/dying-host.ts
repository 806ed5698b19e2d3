/**
 * A host that dies: it starts a plugin by a command, comes as far with it as its first argument
 * says, prints the plugin's process id, and kills itself.
 */
import { spawn } from "node:child_process";
import { existsSync, writeSync } from "node:fs";
import { connect } from "node:net";
import { createCertificate } from "../../../src/plugin/go-plugin/certificate.js";
import { frameOf, Host, pathOf, rpcs } from "./client.js";

const [stage, program = "", ...args] = process.argv.slice(2);
const certificate = createCertificate();
const plugin = spawn(program, args, {
  env: { ...process.env, PLUGIN_CLIENT_CERT: certificate.cert },
  stdio: ["ignore", "pipe", "ignore"],
});

const die = (): void => {
  writeSync(1, `${String(plugin.pid)}\n`);
  process.kill(process.pid, "SIGKILL");
};

const callThatNeverEnds = async (path: string, encoded: string): Promise<void> => {
  const serverCertificate = Buffer.from(encoded, "base64");
  const host = await Host.connect({ endpoint: { path }, serverCertificate, host: certificate });
  const rpc = rpcs.applyResourceChange;
  void host.send(pathOf(rpc), frameOf(rpc, { typeName: "test_endless" }));
  setInterval(() => existsSync(process.env["TEST_JOURNAL"] ?? "") && die(), 20);
};

if (stage === "before the handshake line") die();
plugin.stdout.once("data", (line: Buffer) => {
  if (stage === "after the handshake line") die();
  const [, , , socket = "", , encoded = ""] = line.toString().trimEnd().split("|");
  if (stage === "while it connects") connect(socket).once("connect", die);
  if (stage === "during a call") void callThatNeverEnds(socket, encoded);
});
