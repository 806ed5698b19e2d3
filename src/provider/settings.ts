import { isDeepStrictEqual } from "node:util";

/** The settings that are not what they were: all that a PATCH needs to name. */
export const changesBetween = <T extends object>(before: T, after: T): Partial<T> => {
  const was = new Map<string, unknown>(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(value, was.get(name))),
  ) as Partial<T>;
};

/**
 * What a state holds of a setting that was read: the value that was planned as long as the API
 * only writes it in another way, else what the API says.
 */
export const kept = <V>(
  inState: V | null | undefined,
  read: V,
  normalize: (value: V) => unknown,
): V =>
  inState !== null && inState !== undefined && normalize(inState) === normalize(read)
    ? inState
    : read;

/** An order that does not depend on the API's, so that nothing seems to change when it does. */
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : 1;
