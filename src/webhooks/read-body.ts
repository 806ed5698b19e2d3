import type { Intake } from "./receiver.js";

/** A body that is longer than the limit, or did not arrive in time and whole. */
export type UnreadBody = "too_large" | "body_incomplete";

/** A longer one ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Reads a body up to the limits. It never throws. */
export async function readBody(
  next: () => Promise<{
    readonly done?: boolean | undefined;
    readonly value?: Uint8Array | undefined;
  }>,
  { maxBytes, timeoutMs }: Pick<Intake, "maxBytes" | "timeoutMs">,
): Promise<Uint8Array | UnreadBody> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), Math.min(timeoutMs, LONGEST_TIMER_MS));
  });
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const step = await Promise.race([next(), late]);
      if (step === "late") return "body_incomplete";
      if (step.done === true || step.value === undefined) return joined(parts, size);
      size += step.value.byteLength;
      if (size > maxBytes) return "too_large";
      parts.push(step.value);
    }
  } catch {
    return "body_incomplete";
  } finally {
    clearTimeout(timer);
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
