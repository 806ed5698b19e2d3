import { buildSync } from "esbuild";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Host } from "./client.js";
import { until } from "../../support/processes.js";
import { createCertificate, type Certificate } from "../../../src/plugin/go-plugin/certificate.js";

export const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

const started: Plugin[] = [];

/**
 * The command that starts the child process of `child.ts`, as one file that node runs, or as an
 * executable. It is removed after the test file's last test, and every plugin ends.
 */
export function buildChild(): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "child-"));
  const script = bundle("child", folder);
  afterAll(async () => {
    for (const plugin of started.splice(0)) await plugin.dispose();
    rmSync(folder, { recursive: true });
  });
  if (process.env["POLYAI_PROVIDER_RUNTIME"] !== "executable") return [process.execPath, script];
  const executable = join(folder, "child");
  const compile = join(__dirname, "../../../scripts/release.ts");
  const args = ["--import", "tsx", compile, "--script", script, "--out", executable];
  execFileSync(process.execPath, args);
  return [executable];
}

/** Makes one file of a program in this folder. */
export function bundle(name: string, folder: string): string {
  const outfile = join(folder, `${name}.js`);
  buildSync({
    entryPoints: [join(__dirname, `${name}.ts`)],
    bundle: true,
    platform: "node",
    outfile,
    logLevel: "error",
  });
  return outfile;
}

/** Starts a plugin, and connects to it as a host does. */
export async function startConnected(
  ...args: ConstructorParameters<typeof Plugin>
): Promise<{ readonly plugin: Plugin; readonly host: Host }> {
  const plugin = await Plugin.start(...args);
  return { plugin, host: await Host.connect(plugin) };
}

/** A plugin's process, seen from outside. */
export class Plugin {
  readonly #process: ChildProcess;
  readonly folder: string;
  stdout = "";
  stderr = "";
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  socket = "";
  serverCertificate = Buffer.alloc(0);

  readonly host: Certificate = createCertificate();

  constructor(command: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    started.push(this);
    this.folder = mkdtempSync(join(tmpdir(), "host-"));
    const [program, ...args] = command as [string, ...string[]];
    this.#process = spawn(program, args, {
      env: {
        PATH: process.env["PATH"],
        TF_PLUGIN_MAGIC_COOKIE: COOKIE,
        PLUGIN_PROTOCOL_VERSIONS: "5,6",
        PLUGIN_CLIENT_CERT: this.host.cert,
        PLUGIN_UNIX_SOCKET_DIR: this.folder,
        TEST_JOURNAL: join(this.folder, "journal"),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#process.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) =>
      this.#process.once("close", (code, signal) => resolve(code ?? signal ?? "")),
    );
  }

  /** Starts one and waits until it can be connected to. */
  static async start(...args: ConstructorParameters<typeof Plugin>): Promise<Plugin> {
    const plugin = new Plugin(...args);
    await plugin.greeted();
    return plugin;
  }

  async greeted(): Promise<void> {
    await until(() => this.stdout.includes("\n"), "the handshake line");
    const [, , , socket = "", , certificate = ""] = this.stdout.trimEnd().split("|");
    this.socket = socket;
    this.serverCertificate = Buffer.from(certificate, "base64");
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The address to connect to. */
  get endpoint(): { readonly path: string } | { readonly host: string; readonly port: number } {
    const [, , network] = this.stdout.split("|");
    if (network === "unix") return { path: this.socket };
    const { hostname, port } = new URL(`tcp://${this.socket}`);
    return { host: hostname, port: Number(port) };
  }

  get socketFolder(): string {
    return dirname(this.socket);
  }

  /** The provider's actions, a word each. */
  get journal(): readonly string[] {
    const file = join(this.folder, "journal");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  /** How often the provider has said this word. */
  said(word: string): number {
    return this.journal.filter((each) => each === word).length;
  }

  /** Lets a call of test_held go on. */
  release(): void {
    writeFileSync(join(this.folder, "journal.release"), "");
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async dispose(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
