/** Gives a receiver the simulator's time. The bench writes it to the file CLOCK before each attempt. */
import { readFileSync } from "node:fs";

const now = () => Number(readFileSync(process.env.CLOCK, "utf8"));

Object.defineProperty(performance, "now", { value: now });
globalThis.Date = class extends Date {
  static now = now;
  constructor(...given) {
    super(...(given.length > 0 ? given : [now()]));
  }
};
