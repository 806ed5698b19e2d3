import { type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import type { ApiWord } from "./api-facts.js";

/** Gives the problem with a value, as a sentence that begins with its name; undefined for none. */
export type Rule = (value: unknown, name: string) => string | undefined;

/** A rule for each property of a construct: a new property without one does not compile. */
export type Rules<Props> = { readonly [Name in keyof Required<Props>]: Rule };

/**
 * Refuses properties that no run of Terraform can make right. Tokens pass: the provider checks their
 * values. Callers in plain JavaScript may give anything.
 *
 * @param construct its class and path, for the message
 * @returns the properties without null, which counts as absent, as in HCL
 * @throws Error with each problem
 */
export function properties<Props extends object>(
  construct: string,
  props: Props | null | undefined,
  rules: Rules<Props>,
  required: readonly (keyof Props)[] = [],
): Props {
  const given: unknown = withoutNulls(props ?? {});
  if (!isMap(given))
    throw new Error(`${construct}: the properties must be an object${not(given)}.`);
  const names = Object.keys(rules);
  const problems = [
    ...Object.keys(given)
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is no property. There are ${names.join(", ")}.`),
    ...Object.entries<Rule>(rules)
      .filter(([name]) => Object.hasOwn(given, name) || required.includes(name as keyof Props))
      .flatMap(([name, rule]) => rule(given[name], name) ?? []),
  ];
  if (problems.length > 0) throw new Error(`${construct}: ${problems.join(" ")}`);
  return mapValues(given, withoutNulls) as Props;
}

/** A string that holds a Terraform expression is a token, too: CDK programs often write one. */
export const isToken = (value: unknown): boolean =>
  Token.isUnresolved(value) || (typeof value === "string" && /(?<!\$)\$\{|(?<!%)%\{/.test(value));

/** Completes "must be …" with how a wrong value is shown. */
type Tell = (value: unknown) => string;

/** For a value that may be a secret. */
export const conceal: Tell = () => "";

export const must =
  (what: string, isRight: (value: unknown) => boolean, tell: Tell = not): Rule =>
  (value, name) =>
    isToken(value) || isRight(value) ? undefined : `${name} must be ${what}${tell(value)}.`;

/** For a value that synth itself needs. */
export const literal =
  (rule: Rule): Rule =>
  (value, name) =>
    isToken(value) ? `${name} must be known at synth, so it cannot be a token.` : rule(value, name);

/** No text of Terraform's holds half a surrogate pair. */
export const text = (what = "text", isRight: (text: string) => boolean = () => true, tell?: Tell) =>
  must(
    what,
    (value) => typeof value === "string" && !/\p{Cs}/u.test(value) && isRight(value),
    tell,
  );

/** True for text that is not empty and has no control characters. */
export const isLine = (value: string): boolean => /^\P{Cc}+$/u.test(value);

/** A literal would put a secret into the synthesized configuration. */
export const sensitive = must(
  "a token, such as a sensitive TerraformVariable's value: a literal would stand in the " +
    "synthesized configuration for everybody to read",
  () => false,
  conceal,
);

export const polyaiProvider = must(
  "a PolyaiProvider",
  (value) => (value as Partial<TerraformProvider> | null)?.terraformResourceType === "polyai",
);

export const flag = must("true or false", (value) => typeof value === "boolean");

export const whole = (what: string, least: number, most?: number): Rule =>
  must(
    `a whole number${what}, ${most === undefined ? `${least} or more` : `${least} to ${most}`}`,
    (value) => Number.isSafeInteger(value) && inRange(value as number, least, most),
  );

export const inRange = (value: number, least: number, most = Infinity): boolean =>
  value >= least && value <= most;

export const oneOf = (...words: readonly string[]): Rule =>
  must(words.map((word) => `"${word}"`).join(" or "), (value) => words.includes(value as string));

/** A constant of the class, or what its `of` makes of a known word or a token. */
export const constant = (className: string, words: readonly string[]): Rule =>
  must(
    `of the class ${className}, for ${words.join(", ")}`,
    (value) => isToken(wordIn(value)) || words.includes(wordIn(value) as string),
    (value) => not(wordIn(value) ?? value),
  );

const wordIn = (value: unknown): unknown => (value as Partial<ApiWord> | null)?.value;

/** The word of a constant. Callers in plain JavaScript may give a token in its place. */
export const wordOf = (word: ApiWord): string =>
  isToken(word) ? Token.asString(word) : word.value;

export const listOf =
  (what: string, each: Rule, tell?: Tell): Rule =>
  (value, name) =>
    must(`a list of ${what}, one at least`, isFilledList, tell)(value, name) ??
    firstProblem(value, (index, element) => each(element, `${name}[${index}]`));

export const mapOf =
  (each: Rule, tell?: Tell, keys: Rule = () => undefined): Rule =>
  (value, name) =>
    must("a map of names to strings", isMap, tell)(value, name) ??
    firstProblem(
      withoutNulls(value),
      (key, element) => keys(key, `${name}.${key}`) ?? each(element, `${name}.${key}`),
    );

const isFilledList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/** True for what an object literal makes, in this realm or another, and no instance of a class. */
function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function withoutNulls(value: unknown): unknown {
  if (isToken(value) || !isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => (each ?? null) !== null));
}

const mapValues = (map: object, change: (value: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));

function firstProblem(
  value: unknown,
  problem: (key: string, element: unknown) => string | undefined,
): string | undefined {
  if (isToken(value)) return undefined;
  for (const [key, element] of Object.entries(value as object)) {
    const found = problem(key, element);
    if (found !== undefined) return found;
  }
  return undefined;
}

function not(value: unknown): string {
  if (typeof value === "string") {
    const json = JSON.stringify(value);
    return `, not ${json.length > 80 ? `${json.slice(0, 80)}…` : json}`;
  }
  if (Construct.isConstruct(value)) return `, not the construct ${value.node.path}`;
  if (typeof value === "function") return ", not a function";
  if (typeof value !== "object" || value === null) return `, not ${String(value)}`;
  if (!Array.isArray(value)) return ", not an object";
  return value.length > 0 ? ", not a list" : ", not an empty list";
}
