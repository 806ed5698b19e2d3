import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";

const HEAD_LINES = 20;
const TAIL_LINES = 40;
const HEARTBEAT_MS = 15_000;

/** One line of progress. On stderr, so that stdout stays what a command was asked for. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

export function seconds(since) {
  const elapsed = (performance.now() - since) / 1000;
  return elapsed < 10 ? `${elapsed.toFixed(1)} s` : `${Math.round(elapsed)} s`;
}

/**
 * Runs `work`, saying its title at once, that it is still alive every 15 seconds, and how long it
 * took.
 */
export async function step(title, work) {
  const start = performance.now();
  say(`${title} …`);
  const heartbeat = setInterval(() => say(`  … still at it (${seconds(start)})`), HEARTBEAT_MS);
  try {
    const result = await work();
    say(`  done in ${seconds(start)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Runs a program with no stdin and gives its stdout. Throws with what it printed (the middle of
 * much output left out) when it fails.
 */
export function run(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const stdout = [];
    const all = [];
    child.stdout.on("data", (chunk) => {
      stdout.push(chunk);
      all.push(chunk);
    });
    child.stderr.on("data", (chunk) => all.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve(Buffer.concat(stdout).toString());
        return;
      }
      const lines = Buffer.concat(all).toString().trimEnd().split("\n");
      const surplus = lines.length - HEAD_LINES - TAIL_LINES;
      if (surplus > 0) lines.splice(HEAD_LINES, surplus, `… ${surplus} lines …`);
      const ended = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
      reject(new Error(`\`${[command, ...args].join(" ")}\` ${ended}:\n${lines.join("\n")}`));
    });
  });
}

/** Runs a program on this terminal and gives its exit code. */
export function passThrough(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    // A Ctrl-C reaches the child as well, which decides how to end.
    const ignore = () => {};
    process.on("SIGINT", ignore);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", ignore);
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}

/** Runs a script's main function: an expected failure is one clear sentence and exit code 1. */
export async function main(work) {
  try {
    const code = await work();
    process.exitCode = code ?? 0;
  } catch (error) {
    say(process.env.DEBUG ? String(error.stack) : error.message);
    process.exitCode = 1;
  }
}

/** Whether the module with this import.meta.url is the program that node was started with. */
export function isMain(url) {
  return process.argv[1] !== undefined && url === pathToFileURL(realpathSync(process.argv[1])).href;
}
