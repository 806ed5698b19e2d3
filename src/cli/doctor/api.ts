/** The key, the region and an answer of PolyAI. */
import { version } from "../../../package.json";
import { redact, redactText } from "../../plugin/logging/redaction.js";
import { PolyaiClient } from "../../polyai/client.js";
import { ConfigError, PolyaiError, type ErrorKind } from "../../polyai/errors.js";
import { placeOf, settingOf, type Place } from "../../polyai/regions.js";
import { messageOf } from "../command.js";
import { check, type Check } from "./check.js";

const TIMEOUT_MS = 10_000;
const KEY_SOURCE = "POLYAI_API_KEY";
/** A dummy key: a 401 proves that PolyAI is reachable. */
const NO_KEY = "no-key-is-set";

const WAYS_OUT: Partial<Record<ErrorKind, string>> = {
  forbidden: "give the key the right to manage webhooks, or take another",
  rate_limited: "try again later",
  server: "try again later",
  proxy: "correct HTTPS_PROXY, or list the host in NO_PROXY",
};

/** No check holds the key, nor what else stands in these variables by mistake. */
export async function checkApi(offline: boolean): Promise<readonly Check[]> {
  const apiKey = settingOf("api_key")?.value;
  const wayOut = "export it, or give api_key in the provider block, which is not read here";
  const key = apiKey
    ? check("key", `The key comes from ${KEY_SOURCE}`)
    : check("key", `${KEY_SOURCE} is not set`, wayOut);
  return [key, await ask(apiKey, offline)];
}

async function ask(apiKey: string | undefined, offline: boolean): Promise<Check> {
  const begun = performance.now();
  const answered = ({ url }: Place, answer: string): Check => {
    const took = Math.round(performance.now() - begun);
    return check("api", `${url.origin} ${answer} in ${took} ms`);
  };
  let client: PolyaiClient | undefined;
  try {
    const place = placeOf(settingOf("region"), settingOf("base_url"));
    client = new PolyaiClient({
      apiKey: apiKey ?? NO_KEY,
      apiKeySource: KEY_SOURCE,
      place,
      maxRetries: 0,
      requestTimeoutMs: TIMEOUT_MS,
      userAgent: `terraform-provider-polyai/${version} (doctor)`,
      redact,
    });
    if (offline) return check("api", `${place.url.origin} is not asked`);
    await client.webhookEndpoints.list();
    return answered(place, "accepts the key, and answers");
  } catch (error) {
    const text = redactText(messageOf(error)).replace(/\.$/, "");
    if (error instanceof ConfigError) return check("api", text, "correct it");
    if (!(error instanceof PolyaiError)) throw error;
    const { kind, place } = error;
    const isRefused = kind === "unauthorized" || kind === "forbidden";
    if (isRefused && apiKey === undefined) return answered(place, "answers");
    const wayOut =
      kind === "unauthorized"
        ? `check that the key is current, and check ${place.setting}`
        : settingOf("base_url")
          ? "check POLYAI_BASE_URL"
          : "check the network and, behind a proxy, HTTPS_PROXY and NO_PROXY";
    return check("api", `${text}, asked ${place.words}`, WAYS_OUT[kind] ?? wayOut);
  } finally {
    client?.close();
  }
}
