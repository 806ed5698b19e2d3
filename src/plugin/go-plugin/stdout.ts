import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import type { Logger } from "../logging/logger.js";

/**
 * Writes the handshake line, and from then on turns whatever this process prints into log lines:
 * the host reads its stdout, and would take any other byte as an error, and what goes to stderr by
 * another way would go there with its secrets.
 */
export function sayHandshake(line: string, logger: Logger): void {
  writeSync(1, line);
  let redirected: Writable | undefined;
  const stream = (): Writable =>
    (redirected ??= new Writable({
      write: (chunk, _encoding, done) => {
        logger.warn("something was printed", { text: String(chunk).trimEnd() });
        done();
      },
    }));
  const original = console;
  let replaced: Console | undefined;
  // Behind getters: console and the streams take milliseconds to set up.
  Object.defineProperty(process, "stdout", { configurable: true, get: stream });
  Object.defineProperty(process, "stderr", { configurable: true, get: stream });
  // In Bun console writes to the file itself, past process.stdout.
  Object.defineProperty(globalThis, "console", {
    configurable: true,
    get: () => (replaced ??= new original.Console(stream(), stream())),
  });
}
