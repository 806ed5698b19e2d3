/** The key, the region and whether PolyAI answers. */
import { version } from "../../../package.json";
import { API_KEY } from "../../facts.js";
import { redact, redactText } from "../../plugin/logging/redaction.js";
import { PolyaiClient } from "../../polyai/client.js";
import { ConfigError, PolyaiError } from "../../polyai/errors.js";
import { parseBaseUrl, REGIONS, regionUrl, type Region } from "../../polyai/regions.js";
import { about, type Check } from "./check.js";

const TIMEOUT_MS = 10_000;
const KEY_SOURCE = "POLYAI_API_KEY";
/** A dummy key: a 401 proves that PolyAI is reachable. */
const NO_KEY = "no-key-is-set";
const REGION_WORDS = "us, uk, eu or studio";

/** An empty variable is one that is not set, as for the provider. */
const variable = (name: string): string | undefined => process.env[name] || undefined;

/** No check holds the key, nor what else stands in these variables by mistake. */
export async function checkApi({
  offline,
}: {
  readonly offline: boolean;
}): Promise<readonly Check[]> {
  const apiKey = variable("POLYAI_API_KEY");
  const key = checkKey(apiKey);
  const region = checkRegion();
  if (region.url === undefined || offline) return [key, region.check];
  // With a key that cannot be sent, the question is still whether PolyAI can be reached.
  const usable = key.status === "problem" ? undefined : apiKey;
  return [key, region.check, await ask(region.region, region.url, usable)];
}

function checkKey(apiKey: string | undefined): Check {
  const { ok, problem } = about("key");
  if (apiKey === undefined) {
    return problem(
      `${KEY_SOURCE} is not set: export it, or give api_key in the provider block, which is not read here.`,
    );
  }
  return API_KEY.test(apiKey)
    ? ok(`The key comes from ${KEY_SOURCE}.`)
    : problem(
        `${KEY_SOURCE} must be one line of printable ASCII with no spaces: copy the key once more.`,
      );
}

function checkRegion(): { check: Check; region: Region; url?: URL } {
  const { ok, problem } = about("region");
  const named = variable("POLYAI_REGION");
  const region = REGIONS.find((each) => each === (named ?? "us"));
  if (region === undefined) {
    return {
      check: problem(`POLYAI_REGION is no region: set it to ${REGION_WORDS}.`),
      region: "us",
    };
  }
  const baseUrl = variable("POLYAI_BASE_URL");
  try {
    const url = parseBaseUrl(baseUrl ?? regionUrl(region));
    const source =
      baseUrl === undefined ? (named ? "POLYAI_REGION" : "the default") : "POLYAI_BASE_URL";
    return {
      check: ok(
        baseUrl === undefined
          ? `The region is ${region}, from ${source}.`
          : `POLYAI_BASE_URL stands for the region: ${url.origin}.`,
      ),
      region,
      url,
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const said = error.message.replace(/\.$/, "");
    return {
      check: problem(`POLYAI_BASE_URL cannot be used (${said}): correct it, or take it out.`),
      region,
    };
  }
}

async function ask(region: Region, url: URL, apiKey: string | undefined): Promise<Check> {
  const { ok, problem } = about("api");
  const begun = performance.now();
  const answered = (): Check => {
    const milliseconds = Math.round(performance.now() - begun);
    const accepted = apiKey === undefined ? "answers" : "accepts the key, and answers";
    return ok(`${url.origin} ${accepted} in ${milliseconds} ms.`);
  };
  let client: PolyaiClient;
  try {
    client = new PolyaiClient({
      apiKey: apiKey ?? NO_KEY,
      apiKeySource: KEY_SOURCE,
      region,
      baseUrl: url.href,
      maxRetries: 0,
      requestTimeoutMs: TIMEOUT_MS,
      userAgent: `terraform-provider-polyai/${version} (doctor)`,
      redactor: { register: redact, clean: redactText },
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return problem(`PolyAI cannot be asked: ${error.message}`);
  }
  try {
    await client.webhookEndpoints.list();
    return answered();
  } catch (error) {
    if (!(error instanceof PolyaiError)) throw error;
    const refused = error.kind === "unauthorized" || error.kind === "forbidden";
    if (refused && apiKey === undefined) return answered();
    return problem(`${failed(error, url)}.`);
  } finally {
    client.close();
  }
}

/** The failure, and the way out; without the last full stop. */
function failed(error: PolyaiError, { origin }: URL): string {
  const what = error.message.replace(/\.$/, "");
  const network = `check the network and, behind a proxy, HTTPS_PROXY and NO_PROXY`;
  const address = variable("POLYAI_BASE_URL")
    ? "POLYAI_BASE_URL"
    : "whether something between here and PolyAI answers in its place";
  switch (error.kind) {
    case "unauthorized":
      return `${origin} refuses the key (401): it is not current, or of another region, so check the key and set POLYAI_REGION to ${REGION_WORDS}`;
    case "forbidden":
      return `${origin} knows the key and forbids it this (403): give the key the right to manage webhooks, or take another`;
    case "not_found":
      return `${origin} has no PolyAI API there (404): check ${address}`;
    case "rate_limited":
      return `${origin} asks for fewer requests (429): try again later`;
    case "server":
      return `${origin} has a fault of its own (${String(error.status)}): try again later`;
    case "tls":
      return `${what}: if a proxy signs with its own certificate, name that in NODE_EXTRA_CA_CERTS`;
    case "network":
    case "timeout":
      return `${what}: ${variable("POLYAI_BASE_URL") ? `check POLYAI_BASE_URL, or ` : ""}${network}`;
    case "proxy":
      return `${what}: correct HTTPS_PROXY, or list the host in NO_PROXY`;
    default:
      return `${what}: check ${address}`;
  }
}
