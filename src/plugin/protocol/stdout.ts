import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import type { Logger } from "../logging/logger.js";

/**
 * Writes the handshake line, and from then on turns whatever this process prints into log lines:
 * the host reads its stdout, and would take any other byte as an error.
 */
export function sayHandshake(line: string, logger: Logger): void {
  writeSync(1, line);
  let redirected: Writable | undefined;
  // Behind a getter: console and process.stdout take milliseconds to set up.
  Object.defineProperty(process, "stdout", {
    configurable: true,
    get: () =>
      (redirected ??= new Writable({
        write: (chunk, _encoding, done) => {
          logger.warn("something was printed", { text: String(chunk).trimEnd() });
          done();
        },
      })),
  });
}
