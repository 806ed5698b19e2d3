import type { KnownOf, ValueType } from "../schema/attribute.js";

export interface Parameter<V = unknown> {
  readonly name: string;
  readonly type: ValueType<V>;
  readonly description: string;
}

type Arguments<P extends readonly Parameter[]> = {
  readonly [I in keyof P]: KnownOf<P[I]["type"]>;
};

/**
 * A provider-defined function: pure, and called with known, non-null arguments only. It throws
 * {@link FunctionArgumentError} where an argument cannot be used.
 */
export interface ProviderFunction<
  P extends readonly Parameter[] = readonly Parameter[],
  R = unknown,
> {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  readonly parameters: P;
  readonly returns: ValueType<R>;
  call(...args: Arguments<P>): R;
}

/** A problem with one argument: a sentence, and the argument's index from 0. */
export class FunctionArgumentError extends Error {
  constructor(
    message: string,
    readonly argument: number,
  ) {
    super(message);
    this.name = "FunctionArgumentError";
  }
}

export const defineFunction = <const P extends readonly Parameter[], R>(
  definition: ProviderFunction<P, R>,
): ProviderFunction<P, R> => definition;
