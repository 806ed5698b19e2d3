// Facts that are not the API's: those stand in api/openapi.json, and generated/api-facts.ts has them.

/** In full, since a bare polyai/polyai means another registry under OpenTofu. */
export const PROVIDER_ADDRESS = "registry.terraform.io/polyai/polyai";

export const REGIONS = ["us", "uk", "eu", "studio"] as const;

export const DEFAULT_MAX_RETRIES = 4;
export const MOST_RETRIES = 20;
export const DEFAULT_REQUEST_TIMEOUT_S = 30;
export const MOST_REQUEST_TIMEOUT_S = 600;

/** An API key: text that an HTTP header can carry, without the spaces that a careless copy adds. */
export const API_KEY = /^[\x21-\x7e]+$/;

/** Headers of the API's requests and answers, as Node writes them. */
export const API_KEY_HEADER = "x-api-key";
export const CORRELATION_HEADER = "x-polyai-correlation-id";

/** Ten years. An age beyond that is taken for a mistake, such as seconds or a date. */
export const MAX_ROTATE_AFTER_DAYS = 3650;

/** The API sets no length for ids. A longer text is a mistake, not an id. */
export const MAX_ID_LENGTH = 68;

/** This machine, as {@link URL.hostname} writes it: IPv4 in its usual form, IPv6 in brackets. */
export const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** A URL of the API. Stricter than `URL`, which repairs `https:host`, backslashes, tabs and spaces. */
export const BASE_URL = /^https?:\/\/[^\s/\\\p{C}][^\s\\\p{C}]*$/iu;

/** A URL that PolyAI may deliver to, in the characters of RFC 3986. `URL` takes more, and no host. */
export const HTTPS_URL = /^https:\/\/(?![/?#])[\w.~:/?#[\]@!$&'()*+,;=%-]+$/;

/** The name of a header (RFC 9110, section 5.6.2). */
export const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Headers of a delivery that PolyAI or HTTP itself sets: an endpoint's own cannot have their names. */
export const RESERVED_HEADER =
  /^(x-polyai-.*|content-type|content-length|connection|expect|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;
