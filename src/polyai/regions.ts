import { BASE_URL, LOOPBACK, type REGIONS } from "../facts.js";
import { ConfigError } from "./errors.js";

/** The region of a PolyAI account. An API key is good for its own region only. */
export type Region = (typeof REGIONS)[number];

/** The API's URL in a region, such as `https://api.us.poly.ai`. */
export const regionUrl = (region: Region): string => `https://api.${region}.poly.ai`;

/**
 * Reads the URL that is asked instead of a region's own. A path is kept, as the prefix of the API's
 * paths. The key travels with every request, hence plain http to this machine only.
 *
 * @throws ConfigError whose message says in a sentence what is wrong; it never quotes credentials
 */
export function parseBaseUrl(text: string): URL {
  const problem = (sentence: string) => new ConfigError(sentence);
  if (!BASE_URL.test(text) || !URL.canParse(text)) {
    throw problem("The base URL must be an http or https URL, such as https://api.us.poly.ai.");
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || authorityOf(text).includes("@")) {
    throw problem("The base URL must hold no user name and no password.");
  }
  if (/[?#]/.test(text)) {
    throw problem("The base URL must have no query (?) and no fragment (#).");
  }
  if (url.port === "0") {
    throw problem("The base URL must not name port 0.");
  }
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    throw problem(
      `The base URL must begin with https: plain http would show the API key to the network, and is allowed to this machine only (localhost, 127.0.0.1 or [::1]), not to ${url.hostname}.`,
    );
  }
  return url;
}

const authorityOf = (text: string): string => /^[^:]*:\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
