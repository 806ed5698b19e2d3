import { BASE_URL, LOOPBACK, REGIONS } from "../facts.js";
import { ConfigError } from "./errors.js";

/** The region of a PolyAI account. An API key is good for its own region only. */
export type Region = (typeof REGIONS)[number];

/** The API's URL in a region, such as `https://api.us.poly.ai`. */
export const regionUrl = (region: Region): string => `https://api.${region}.poly.ai`;

/** A setting's text and its source, such as `the environment variable POLYAI_REGION`. */
export interface Setting {
  readonly value: string;
  readonly source: string;
}

/**
 * A setting of the provider block, else of the environment. An empty variable counts as unset, since
 * CI systems leave them so.
 */
export function settingOf(
  name: "api_key" | "region" | "base_url",
  configured: string | null = null,
): Setting | undefined {
  if (configured !== null) {
    return { value: configured, source: `the provider block's ${name} argument` };
  }
  const variable = `POLYAI_${name.toUpperCase()}`;
  const value = process.env[variable];
  return value ? { value, source: `the environment variable ${variable}` } : undefined;
}

/** The address at which PolyAI is asked. */
export interface Place {
  readonly url: URL;
  /** Completes "PolyAI was asked …": `in region us (the default)`. */
  readonly words: string;
  /** Completes "check …": the setting that chooses the place. */
  readonly setting: string;
}

/** @throws ConfigError if one of the settings is wrong */
export function placeOf(region: Setting | undefined, baseUrl: Setting | undefined): Place {
  const { value: name, source } = region ?? { value: "us", source: "the default" };
  const assertNo = (problem: string | undefined, setting: "region" | "base_url", from: string) => {
    if (problem === undefined) return;
    const noun = setting === "region" ? "region" : "base URL";
    throw new ConfigError(`The ${noun} comes from ${from}. ${problem}`, setting);
  };
  assertNo(regionProblem(name), "region", source);
  if (baseUrl === undefined) {
    return {
      url: new URL(regionUrl(name as Region)),
      words: `in region ${name} (${source})`,
      setting: "the region, which the provider's region argument or POLYAI_REGION chooses",
    };
  }
  assertNo(baseUrlProblem(baseUrl.value), "base_url", baseUrl.source);
  const url = new URL(baseUrl.value);
  return {
    url,
    words: `at ${urlText(url)} (${baseUrl.source})`,
    setting: `the base URL, which comes from ${baseUrl.source}`,
  };
}

/** A sentence if the text is no region. A long text may be a key by mistake, so it is not shown. */
export function regionProblem(text: string): string | undefined {
  if (REGIONS.some((region) => region === text)) return undefined;
  const shown = text.length > 12 ? "This text" : JSON.stringify(text);
  return `${shown} is no region. It must be one of ${REGIONS.map((each) => `"${each}"`).join(", ")}.`;
}

/** A base URL as messages and private state have it: without the slash that URL adds. */
export const urlText = ({ href }: URL): string => href.replace(/\/$/, "");

/**
 * A sentence if the text is no URL to ask instead of a region's own; it quotes no credentials. A path
 * is kept, as the prefix of the API's paths. The key travels with every request, hence plain http to
 * this machine only.
 */
export function baseUrlProblem(text: string): string | undefined {
  if (!BASE_URL.test(text) || !URL.canParse(text)) {
    return "The base URL must be an http or https URL, such as https://api.us.poly.ai.";
  }
  const { port, protocol, hostname } = new URL(text);
  // In the text, since `URL` drops an empty user name.
  if (/^[^:]*:\/\/[^/?#]*@/.test(text)) {
    return "The base URL must hold no user name and no password.";
  }
  if (/[?#]/.test(text)) return "The base URL must have no query (?) and no fragment (#).";
  if (port === "0") return "The base URL must not name port 0.";
  return protocol === "https:" || LOOPBACK.test(hostname)
    ? undefined
    : `The base URL must begin with https: plain http would show the API key to the network, and is allowed to this machine only (localhost, 127.0.0.1 or [::1]), not to ${hostname}.`;
}
