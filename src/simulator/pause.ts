import { setTimeout as delay } from "node:timers/promises";

/** Waits, but no longer than the simulator runs. */
export async function pause(milliseconds: number, closing: AbortSignal): Promise<void> {
  if (milliseconds <= 0) return;
  await delay(milliseconds, undefined, { signal: closing }).catch(() => undefined);
}
