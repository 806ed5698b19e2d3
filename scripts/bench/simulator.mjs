import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { root } from "../lib/paths.mjs";
import { cpuOf } from "./process-usage.mjs";

const PROGRAM = `
  require("./dist/simulator/index.js")
    .startSimulator()
    .then(({ url, apiKey }) => console.log(JSON.stringify({ url, apiKey })));
  // However the benchmark ends, its end of this pipe closes.
  process.stdin.resume().on("end", () => process.exit());`;

/** PolyAI's API in a process of its own, so that its work is not this one's. */
export class SimulatorProcess {
  #child;
  #latency = 0;

  constructor(child, url, apiKey) {
    this.#child = child;
    this.url = url;
    this.apiKey = apiKey;
  }

  /** @param {AbortSignal} signal ends the process, too */
  static async start(signal) {
    const child = spawn(process.execPath, ["--eval", PROGRAM], {
      cwd: root,
      env: { PATH: process.env.PATH },
      stdio: ["pipe", "pipe", "inherit"],
      signal,
    });
    // Its end shows as the end of its output.
    child.on("error", () => {});
    for await (const line of createInterface(child.stdout)) {
      const { url, apiKey } = JSON.parse(line);
      return new SimulatorProcess(child, url, apiKey);
    }
    throw new Error("The simulator did not start.");
  }

  /** Ids of new endpoints. */
  async endpoints(count) {
    const { data } = await this.#control("POST", "endpoints", { count });
    return data.map(({ id }) => id);
  }

  async setLatency(milliseconds) {
    if (milliseconds === this.#latency) return;
    await this.#control("PUT", "latency", { milliseconds });
    this.#latency = milliseconds;
  }

  /** Forgets what was asked, which it would otherwise keep for ever. */
  async forgetRequests() {
    await this.#control("DELETE", "requests");
  }

  /** How many calls of the API came since they were forgotten. */
  async requests() {
    const { data } = await this.#control("GET", "requests");
    return data.length;
  }

  /** Milliseconds of CPU used until now; undefined where this is not known. */
  cpu() {
    return cpuOf(this.#child.pid);
  }

  async close() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await closed;
  }

  async #control(method, path, body) {
    const response = await fetch(`${this.url}/_simulator/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The simulator answers ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
