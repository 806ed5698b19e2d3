/** The key, the region and an answer of PolyAI. */
import { version } from "../../../package.json";
import { redact, redactText } from "../../plugin/logging/redaction.js";
import { PolyaiClient } from "../../polyai/client.js";
import { ConfigError, PolyaiError, type ErrorKind } from "../../polyai/errors.js";
import { REGIONS, regionUrl, type Region } from "../../polyai/regions.js";
import { messageOf } from "../command.js";
import { check, type Check } from "./check.js";

const TIMEOUT_MS = 10_000;
const KEY_SOURCE = "POLYAI_API_KEY";
/** A dummy key: a 401 proves that PolyAI is reachable. */
const NO_KEY = "no-key-is-set";
const REGION_WORDS = "us, uk, eu or studio";

const WAYS_OUT: Partial<Record<ErrorKind, string>> = {
  unauthorized: `check that the key is current, and set POLYAI_REGION to its region (${REGION_WORDS})`,
  forbidden: "give the key the right to manage webhooks, or take another",
  rate_limited: "try again later",
  server: "try again later",
  tls: "if a proxy signs with its own certificate, name that in NODE_EXTRA_CA_CERTS",
  proxy: "correct HTTPS_PROXY, or list the host in NO_PROXY",
};

/** An empty variable is one that is not set, as for the provider. */
const variable = (name: string): string | undefined => process.env[name] || undefined;

/** No check holds the key, nor what else stands in these variables by mistake. */
export async function checkApi(offline: boolean): Promise<readonly Check[]> {
  const apiKey = variable(KEY_SOURCE);
  const key =
    apiKey === undefined
      ? check(
          "key",
          `${KEY_SOURCE} is not set`,
          "export it, or give api_key in the provider block, which is not read here",
        )
      : check("key", `The key comes from ${KEY_SOURCE}`);
  const named = variable("POLYAI_REGION") ?? "us";
  const region = REGIONS.find((each) => each === named);
  return [
    key,
    region === undefined
      ? check("api", "POLYAI_REGION is no region", `set it to ${REGION_WORDS}`)
      : await ask(region, apiKey, offline),
  ];
}

async function ask(region: Region, apiKey: string | undefined, offline: boolean): Promise<Check> {
  const baseUrl = variable("POLYAI_BASE_URL") ?? regionUrl(region);
  const begun = performance.now();
  const answered = (answer: string): Check => {
    const took = Math.round(performance.now() - begun);
    return check("api", `${new URL(baseUrl).origin} ${answer} in ${took} ms`);
  };
  let client: PolyaiClient | undefined;
  try {
    client = new PolyaiClient({
      apiKey: apiKey ?? NO_KEY,
      apiKeySource: KEY_SOURCE,
      region,
      baseUrl,
      maxRetries: 0,
      requestTimeoutMs: TIMEOUT_MS,
      userAgent: `terraform-provider-polyai/${version} (doctor)`,
      redact,
    });
    if (offline) return check("api", `${new URL(baseUrl).origin} is not asked`);
    await client.webhookEndpoints.list();
    return answered("accepts the key, and answers");
  } catch (error) {
    const text = redactText(messageOf(error)).replace(/\.$/, "");
    if (error instanceof ConfigError) return check("api", text, "correct it");
    if (!(error instanceof PolyaiError)) throw error;
    const isRefused = error.kind === "unauthorized" || error.kind === "forbidden";
    if (isRefused && apiKey === undefined) return answered("answers");
    const wayOut = variable("POLYAI_BASE_URL")
      ? "check POLYAI_BASE_URL"
      : "check the network and, behind a proxy, HTTPS_PROXY and NO_PROXY";
    return check("api", text, WAYS_OUT[error.kind] ?? wayOut);
  } finally {
    client?.close();
  }
}
