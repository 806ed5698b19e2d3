/** A stream of deliveries to a receiver, while a secret rotates. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  openSync,
  readFileSync,
  renameSync,
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
import { words, type Cli } from "../support/cli.js";
import { figures, type Attempt, type Figures } from "./figures.js";
import { rotatorFor, type Program } from "./rotator.js";
import type { HandOverFault, Way } from "./ways.js";

/** Between two deliveries. */
const STEP_MS = 100;
/** A kubelet brings a changed Secret to the pods once in so long. */
const MOUNT_MS = 60_000;
/** The next run of a pipeline after one that was killed. */
const NEXT_RUN_MS = 120_000;
/** From an apply's end until its outputs are where the receiver is. */
const DEPLOYMENT_MS = 20_000;
const RESTART_MS = 2_000;
/** More than all of PolyAI's waits together. */
const ALL_RETRIES_MS = 6 * 3_600_000;

/** One rotation, from before it until the last retry is answered. */
export interface HandOver extends Figures {
  readonly attempts: readonly Attempt[];
  /** Times of what happened. */
  readonly marks: ReadonlyMap<Mark, number>;
}
export type Mark = "apply begins" | "rotated" | "apply ends" | "receiver down" | "receiver up";

/** Begins with a secret that the receiver has. */
export async function begin(way: Way, cli: Cli, program: Program) {
  let attempts: Attempt[] = [];
  let marks = new Map<Mark, number>();
  let receiver: ChildProcess | undefined;
  let [trigger, steps] = [0, 0];

  const start = new Date();
  const closing = new AbortController();
  const post = postDelivery(closing.signal);
  const observed: Post = async (request) => {
    const at = now();
    // Of the same length each time.
    writeSync(clock, String(at), 0);
    const outcome = await post(request);
    const id = new Headers(request.headers).get(WEBHOOK_HEADERS.eventId) ?? "";
    attempts.push({ at, id, status: outcome.status });
    return outcome;
  };
  const simulation = new Simulation({ now: () => start }, observed);
  const server = await startServer(simulation, 0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { id: endpoint } = await simulation.createEndpoint();
  const rotator = await rotatorFor(program, cli, way, {
    endpoint,
    api: { url, apiKey: simulation.apiKey },
  });
  const file = (name: string): string => join(rotator.folder, name);
  const clock = openSync(file("clock"), "w");

  const now = (): number => simulation.now().getTime();
  const mark = (what: Mark) => marks.set(what, now());
  const deliver = (data = {}) => simulation.deliver(endpoint, { type: "alerts.triggered", data });

  /** A delivery, and then the clock moves on: the retries that are due meanwhile go out. */
  async function step(): Promise<void> {
    await deliver();
    await simulation.advance(STEP_MS);
    if (++steps % (MOUNT_MS / STEP_MS) === 0) mount();
  }

  async function stream(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += STEP_MS) await step();
  }

  function mount(): void {
    if (way.source !== "mounted") return;
    copyFileSync(file("alerts"), file("next"));
    renameSync(file("next"), file("mounted"));
  }

  /** Goes on with the stream while the CLI runs: a second of the clock takes a second. */
  async function apply(kills: boolean): Promise<void> {
    const hasRotated = () => simulation.rotations(endpoint) > before;
    const before = simulation.rotations(endpoint);
    mark("apply begins");
    const { child, result } = rotator.apply(String(trigger));
    const ended = result.then(() => true);
    for (let next = performance.now(); ; next += STEP_MS) {
      if (await Promise.race([ended, sleep(next - performance.now(), false)])) break;
      if (receiver !== undefined) await step();
      if (hasRotated() && !marks.has("rotated")) mark("rotated");
      if (hasRotated() && kills) child.kill("SIGKILL");
    }
    if (!marks.has("rotated")) mark("rotated");
    mark("apply ends");
    const finished = await result;
    if (finished.code !== 0 && !kills) throw new Error(words(finished));
  }

  /** The part of a deployment that comes after `apply`. */
  async function deploy(restartMs?: number): Promise<void> {
    const old = receiver;
    const { source } = way;
    const outputs = await rotator.outputs();
    if (old && (source === "environment" || source === "ciphertext")) await stream(DEPLOYMENT_MS);
    if (source === "ciphertext") {
      writeFileSync(file("alerts"), outputs.encrypted_signing_secret ?? "");
    }
    if (old && source !== "environment" && restartMs === undefined) return;
    if (old) {
      mark("receiver down");
      await stop(old);
      await stream(restartMs ?? RESTART_MS);
    } else mount();
    await launch();
    mark("receiver up");
  }

  async function launch(): Promise<void> {
    const { source } = way;
    const { signing_secret = "", previous_signing_secret = "" } = await rotator.outputs();
    receiver = spawn(
      process.execPath,
      ["--import", join(__dirname, "clock.mjs"), join(__dirname, "receiver.mjs")],
      {
        env: {
          CLOCK: file("clock"),
          TAKEN: file("taken"),
          FILE: file(source === "mounted" ? "mounted" : "alerts"),
          SOURCE: source,
          AGE_IDENTITY: ALICE.identity,
          POLYAI_SECRET: signing_secret,
          POLYAI_PREVIOUS_SECRET: previous_signing_secret,
          REFUSAL: String(way.refusal ?? ""),
        },
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    const [port] = (await once(receiver.stdout!, "data")) as [Buffer];
    simulation.setReceiver("*", `http://127.0.0.1:${String(port).trim()}/`);
  }

  writeFileSync(file("taken"), "");
  await apply(false);
  await deploy();

  return {
    /** Rotates once, and follows every delivery to its end. */
    async handOver({ api, kills = false, restartMs }: HandOverFault): Promise<HandOver> {
      [attempts, marks] = [[], new Map()];
      writeFileSync(file("taken"), "");
      await stream(5_000);
      trigger += 1;
      if (api !== undefined) simulation.setFault(api);
      if (kills) {
        await apply(true);
        await stream(NEXT_RUN_MS);
      }
      await apply(false);
      await deploy(restartMs);
      // Longer than the first wait for a retry, so that retries and new deliveries meet.
      await stream(75_000);
      if (receiver !== undefined && restartMs !== undefined) {
        // It ends between an event and its answer.
        await deliver({ end: receiver.pid });
        await stop(receiver);
        await launch();
      }
      await simulation.advance(ALL_RETRIES_MS);
      simulation.clearFaults();
      const taken = readFileSync(file("taken"), "utf8").split("\n").filter(Boolean);
      return { ...figures(attempts, taken), attempts, marks };
    },

    async close(): Promise<void> {
      if (receiver !== undefined) await stop(receiver);
      simulation.stop();
      closing.abort();
      server.close().closeAllConnections();
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
