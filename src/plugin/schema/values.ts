import type { Unknown } from "../cty/value.js";
import type { Attribute, Source } from "./attribute.js";

/** The attributes of a schema by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a validator takes its own value type, so no one type fits all attributes
export type Attributes = Readonly<Record<string, Attribute<any>>>;

type Known<A> = A extends Attribute<infer V> ? V : never;
type SourceOf<A> = A extends Attribute<infer _V, infer S> ? S : Source;

/** The practitioner's configuration. Computed attributes are null in it. */
export type ConfigOf<A extends Attributes> = {
  readonly [K in keyof A]: SourceOf<A[K]> extends "computed"
    ? null
    : SourceOf<A[K]> extends "required"
      ? Known<A[K]> | Unknown
      : Known<A[K]> | Unknown | null;
};

/** A planned state while it is planned: anything in it may be unknown. */
export type PlannedOf<A extends Attributes> = {
  readonly [K in keyof A]: SourceOf<A[K]> extends "required" | "defaulted"
    ? Known<A[K]> | Unknown
    : Known<A[K]> | Unknown | null;
};

/** A planned state when it is applied: what the practitioner gives is known by now. */
export type ApplyingOf<A extends Attributes> = {
  readonly [K in keyof A]: SourceOf<A[K]> extends "required" | "defaulted"
    ? Known<A[K]>
    : SourceOf<A[K]> extends "computed"
      ? Known<A[K]> | Unknown | null
      : Known<A[K]> | null;
};

/** A state: all of it is known. After import, what the practitioner gives may be null still. */
export type StateOf<A extends Attributes> = {
  readonly [K in keyof A]: SourceOf<A[K]> extends "required" ? Known<A[K]> : Known<A[K]> | null;
};
