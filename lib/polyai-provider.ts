import { Annotations, TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  PolyaiProvider as PolyaiProviderBinding,
  type PolyaiProviderConfig,
} from "./bindings/provider/index.js";
import {
  API_KEY,
  BASE_URL,
  LOOPBACK,
  MOST_REQUEST_TIMEOUT_S,
  MOST_RETRIES,
  REGIONS,
} from "../src/facts.js";
import * as check from "./checks.js";
import { placeAtSynth } from "./stack-synthesis.js";

/** Settings of the provider block, and where the provider comes from. */
export interface PolyaiProviderProps extends PolyaiProviderConfig {
  /**
   * Archives of the release, `terraform-provider-polyai_VERSION_OS_ARCH.zip`, one for each platform
   * that Terraform runs on: the executables in them are placed beside the stack. All provider blocks
   * of a stack share them.
   *
   * @default none: the provider that this package carries is placed, which needs Node.
   */
  readonly releaseZips?: string[];
}

/**
 * The provider block of a stack that uses PolyAI. With no settings, it is configured from the
 * environment in which Terraform runs: `POLYAI_API_KEY`, `POLYAI_REGION`, `POLYAI_BASE_URL`.
 *
 * At synth it also places the provider itself, which this package carries, beside the stack, so
 * that `terraform init` needs no registry for it.
 *
 * @example
 * new PolyaiProvider(this, "polyai");
 *
 * @example
 * // Two regions in one stack.
 * new PolyaiProvider(this, "us", { region: "us" });
 * const uk = new PolyaiProvider(this, "uk", { alias: "uk", region: "uk", apiKey: ukKey.value });
 * new PolyWebhookSecret(this, "UkSecret", { endpointId: "whe_1a2b3c", provider: uk });
 *
 * @example
 * // No Node where Terraform runs.
 * new PolyaiProvider(this, "polyai", {
 *   releaseZips: ["terraform-provider-polyai_0.1.0_linux_amd64.zip"],
 * });
 */
export class PolyaiProvider extends PolyaiProviderBinding {
  /**
   * @param scope the stack, or a construct inside it.
   * @param id unique among its siblings.
   * @param config settings of the provider block, each of which has an environment variable as its
   * default, and the release zips.
   */
  public constructor(scope: Construct, id: string, config: PolyaiProviderProps = {}) {
    const { releaseZips, ...given } = check.properties(
      `PolyaiProvider ${scope.node.path}/${id}`,
      config,
      RULES,
    );
    super(scope, id, given);
    const stack = TerraformStack.of(this);
    if (given.alias === undefined && id !== DEFAULT_PROVIDER) {
      stack.node.tryRemoveChild(DEFAULT_PROVIDER);
    }
    placeAtSynth(stack, releaseZips);
    if (given.apiKey !== undefined && !check.isToken(given.apiKey)) {
      Annotations.of(this).addWarning(
        "apiKey is a literal, so synth writes the key into the stack's configuration. Leave it " +
          "out and set POLYAI_API_KEY where Terraform runs, or pass a sensitive TerraformVariable.",
      );
    }
  }
}

const DEFAULT_PROVIDER = "polyai-default-provider";

/**
 * Gives the stack a provider block that is configured from the environment, if it has none without
 * an alias. One that the program makes later takes its place. Not at synth: an aspect that makes a
 * resource then would be too late.
 */
export function ensureDefaultProvider(stack: TerraformStack): void {
  const isThere = stack.node
    .findAll()
    .filter((node) => TerraformProvider.isTerraformProvider(node))
    .filter((provider) => TerraformStack.of(provider) === stack)
    .some(
      ({ terraformResourceType, alias }) =>
        terraformResourceType === "polyai" && alias === undefined,
    );
  if (!isThere) new PolyaiProvider(stack, DEFAULT_PROVIDER);
}

const RULES: check.Rules<PolyaiProviderProps> = {
  alias: check.literal(check.text("a name", (value) => /^[A-Za-z_][\w-]*$/.test(value))),
  apiKey: check.text(
    "an API key, one line with no spaces",
    (key) => API_KEY.test(key),
    check.conceal,
  ),
  baseUrl: check.text(
    "an https URL, such as https://api.us.poly.ai, or an http URL of this machine",
    (url) =>
      BASE_URL.test(url) &&
      URL.canParse(url) &&
      (new URL(url).protocol === "https:" || LOOPBACK.test(new URL(url).hostname)),
  ),
  maxRetries: check.whole("", 0, MOST_RETRIES),
  region: check.oneOf(...REGIONS),
  requestTimeout: check.must(
    `a number of seconds, 1 to ${MOST_REQUEST_TIMEOUT_S}`,
    (value) => typeof value === "number" && value >= 1 && value <= MOST_REQUEST_TIMEOUT_S,
  ),
  releaseZips: check.literal(
    check.listOf("release zips", check.literal(check.text("the name of a file"))),
  ),
};
