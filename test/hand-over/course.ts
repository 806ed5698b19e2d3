/** A stream of deliveries to a receiver, while secrets rotate. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WEBHOOK_HEADERS } from "../../src/webhooks/sign.js";
import type { Post } from "../../src/simulator/deliveries.js";
import { postDelivery } from "../../src/simulator/post-delivery.js";
import { startServer } from "../../src/simulator/server.js";
import { Simulation } from "../../src/simulator/simulation.js";
import { ALICE } from "../support/age.js";
import { type Cli, words } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { figures, type Attempt, type Figures } from "./figures.js";
import { cdktf, terraform, type Rotator } from "./rotator.js";
import type { HandOverFault, Outputs, Way } from "./ways.js";

const STEP_MS = 100;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** The next run of a pipeline whose run was killed. */
const NEXT_RUN_MS = 2 * MINUTE_MS;
/** From an apply's end until its outputs are where the receiver reads them, or it is restarted. */
const DEPLOYMENT_MS = 20 * SECOND_MS;
const RESTART_MS = 2 * SECOND_MS;
/** More than all of PolyAI's waits together. */
const ALL_RETRIES_MS = 6 * 60 * MINUTE_MS;

/** Something that happened, in milliseconds of the simulator's clock. */
export interface Mark {
  readonly at: number;
  readonly what: "apply begins" | "rotated" | "apply ends" | "receiver down" | "receiver up";
}

/** One rotation, from before it until the last retry is answered. */
export interface HandOver extends Figures {
  readonly attempts: readonly Attempt[];
  readonly marks: readonly Mark[];
}

export class Course {
  readonly #folder = temporaryFolder();
  readonly #closing = new AbortController();
  readonly #simulation: Simulation;
  #attempts: Attempt[] = [];
  #marks: Mark[] = [];
  #endpoint = "";
  #rotator!: Rotator;
  #receiver: ChildProcess | undefined;
  #environment: Outputs = {};
  #triggers = 0;
  #steps = 0;

  static async begin(way: Way, cli: Cli, by: "HCL" | "cdktf"): Promise<Course> {
    const course = new Course(way);
    const simulation = course.#simulation;
    const server = await startServer(simulation, 0);
    course.#closing.signal.addEventListener("abort", () => server.close().closeAllConnections());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const api = { apiKey: simulation.apiKey, url };
    course.#endpoint = (await simulation.createEndpoint()).id;
    course.#rotator =
      by === "cdktf"
        ? cdktf(cli, api, course.#endpoint)
        : await terraform(cli, api, way, course.#endpoint);
    writeFileSync(course.#taken, "");
    await course.#applies();
    await course.#deploy();
    return course;
  }

  private constructor(private readonly way: Way) {
    const begin = new Date();
    const post = postDelivery(this.#closing.signal);
    const clock = openSync(this.#clock, "w");
    const observed: Post = async (request) => {
      const at = this.#now();
      // Of the same length each time.
      writeSync(clock, String(at), 0);
      const { status, error } = await post(request);
      const id = request.headers[WEBHOOK_HEADERS.eventId.toLowerCase()] ?? "";
      this.#attempts.push({ at, id, status });
      return { status, error };
    };
    this.#simulation = new Simulation({ now: () => begin }, observed);
  }

  get #clock(): string {
    return join(this.#folder, "clock");
  }

  get #taken(): string {
    return join(this.#folder, "taken");
  }

  #now(): number {
    return this.#simulation.now().getTime();
  }

  /** Rotates once, and follows every delivery to its end. */
  async handOver({ api, kills = false, restartMs }: HandOverFault): Promise<HandOver> {
    this.#attempts = [];
    this.#marks = [];
    writeFileSync(this.#taken, "");
    this.#simulation.clearRequests();
    await this.#stream(5 * SECOND_MS);
    if (api !== undefined) this.#simulation.setFault(api);
    this.#triggers += 1;
    if (kills) {
      await this.#apply(true);
      await this.#stream(NEXT_RUN_MS);
    }
    await this.#applies();
    await this.#deploy(restartMs);
    // Longer than the first wait for a retry, so that retries and new deliveries meet.
    await this.#stream(75 * SECOND_MS);
    await this.#simulation.advance(ALL_RETRIES_MS);
    this.#simulation.clearFaults();
    const taken = readFileSync(this.#taken, "utf8").split("\n").filter(Boolean);
    const attempts = this.#attempts;
    return { ...figures(attempts, taken), attempts, marks: this.#marks };
  }

  async close(): Promise<void> {
    if (this.#receiver !== undefined) await stop(this.#receiver);
    this.#simulation.stop();
    this.#closing.abort();
  }

  #mark(what: Mark["what"], at = this.#now()): void {
    this.#marks.push({ what, at });
  }

  async #applies(): Promise<void> {
    const result = await this.#apply(false);
    if (result.code !== 0) throw new Error(words(result));
  }

  /** Goes on with the stream while the CLI runs: a second of the clock takes a second. */
  async #apply(kills: boolean) {
    const isRotated = () =>
      this.#simulation.requests.some(({ method, acted }) => method === "POST" && acted);
    this.#simulation.clearRequests();
    this.#mark("apply begins");
    const { child, result } = this.#rotator.apply(String(this.#triggers));
    let [ended, rotated] = [false, false];
    void result.finally(() => (ended = true));
    while (!ended) {
      const next = performance.now() + STEP_MS;
      if (this.#receiver !== undefined) await this.#step();
      if (!rotated && isRotated()) {
        rotated = true;
        this.#mark("rotated");
        if (kills) child.kill("SIGKILL");
      }
      await sleep(next - performance.now());
    }
    this.#mark("apply ends");
    return result;
  }

  /** The part of a deployment that comes after `apply`. */
  async #deploy(restartMs?: number): Promise<void> {
    const { environment, fileOutput } = this.way;
    const outputs = await this.#rotator.outputs();
    if (this.#receiver && (environment ?? fileOutput)) await this.#stream(DEPLOYMENT_MS);
    if (fileOutput !== undefined) writeFileSync(this.#file, outputs[fileOutput] ?? "");
    if (environment !== undefined) this.#environment = environment(outputs);
    // Later, the folder follows at its own time.
    if (this.way.isMounted && this.#receiver === undefined) this.#mount();
    if (this.#receiver === undefined) await this.#startReceiver();
    else if (environment !== undefined || restartMs !== undefined) {
      await this.#restart(this.#receiver, restartMs ?? RESTART_MS);
    }
  }

  get #file(): string {
    return join(this.#rotator.folder, "alerts");
  }

  /** Its end comes between an event and the answer to it. */
  async #restart(receiver: ChildProcess, downMs: number): Promise<void> {
    this.#mark("receiver down");
    await this.#deliver({ end: receiver.pid });
    await stop(receiver);
    await this.#stream(downMs);
    await this.#startReceiver();
    this.#mark("receiver up");
  }

  async #startReceiver(): Promise<void> {
    const receiver = spawn(
      process.execPath,
      ["--import", join(__dirname, "clock.mjs"), join(__dirname, "receiver.mjs")],
      {
        env: {
          CLOCK: this.#clock,
          TAKEN: this.#taken,
          SOURCE: this.way.source,
          FILE: this.#file,
          FOLDER: join(this.#folder, "mounted"),
          AGE_IDENTITY: ALICE.identity,
          REFUSAL: String(this.way.refusal ?? ""),
          ...this.#environment,
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const ended = once(receiver, "exit").then(() => {
      throw new Error("The receiver did not start.");
    });
    const [port] = (await Promise.race([once(receiver.stdout, "data"), ended])) as [Buffer];
    ended.catch(() => undefined);
    this.#receiver = receiver;
    this.#simulation.setReceiver("*", `http://127.0.0.1:${String(port).trim()}/`);
  }

  async #stream(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += STEP_MS) await this.#step();
  }

  /** A delivery, and then the clock moves on: the retries that are due meanwhile go out. */
  async #step(): Promise<void> {
    await this.#deliver();
    await this.#simulation.advance(STEP_MS);
    this.#steps += 1;
    if (this.way.isMounted && this.#steps % (MINUTE_MS / STEP_MS) === 0) this.#mount();
  }

  async #deliver(data: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#simulation.deliver(this.#endpoint, { type: "alerts.triggered", data });
  }

  /** Exchanges the folder's files at once, as a kubelet does. */
  #mount(): void {
    const secrets = JSON.parse(readFileSync(this.#file, "utf8")) as Record<string, string | null>;
    const next = join(this.#folder, `mounted-${this.#steps}`);
    rmSync(next, { recursive: true, force: true });
    mkdirSync(next);
    for (const [name, secret] of Object.entries(secrets)) {
      writeFileSync(join(next, name), secret ?? "");
    }
    symlinkSync(next, `${next}-link`);
    renameSync(`${next}-link`, join(this.#folder, "mounted"));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
