/** An answer of the API. No text: no body. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answer as it reaches the caller, if it does. */
export interface Outcome {
  readonly transfer:
    /** The answer as it is, after `delayMs`. */
    | "whole"
    /** Half of the announced body, then the connection is closed. */
    | "half"
    /** The head, then white space without end, in pieces that are `delayMs` apart. */
    | "endless"
    /** Nothing: the connection is closed, reset (RST), or kept for ever. */
    | "cut"
    | "reset"
    | "hang";
  /** Null if the caller gets nothing. */
  readonly answer: Answer | null;
  readonly delayMs: number;
}

export const whole = (answer: Answer, delayMs = 0): Outcome => ({
  transfer: "whole",
  answer,
  delayMs,
});

export const firstHalf = (text: string): string => text.slice(0, Math.ceil(text.length / 2));
