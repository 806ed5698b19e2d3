import { Annotations, type ISynthesisSession, TerraformProvider, TerraformStack } from "cdktf";
import { join } from "node:path";
import { choosePackages } from "../src/placement/release-zip.js";
import { readLockFile } from "../src/placement/lock-file.js";
import { placeBeside } from "../src/placement/place.js";

/**
 * Both CDKs call this on what is in a stack, whichever copy of them it comes from: after aspects and
 * validations, and before they write. Aspects are too early for a secret that an aspect makes, and
 * the stack's synthesizer is chosen before them.
 */
const CUSTOM_SYNTHESIS = Symbol.for("cdktf/customSynthesis");

/**
 * From now on, synthesizing the stack also places the provider in the stack's folder.
 *
 * @param releaseZips archives to place instead of the provider that runs on Node
 * @throws if the stack was told other archives: Terraform starts one provider for all blocks.
 */
export function placeAtSynth(stack: TerraformStack, releaseZips?: readonly string[]): void {
  const { [CUSTOM_SYNTHESIS]: placement } = stack as { [CUSTOM_SYNTHESIS]?: Placement };
  if (placement === undefined) {
    Object.defineProperty(stack, CUSTOM_SYNTHESIS, { value: new Placement(stack, releaseZips) });
  } else if (releaseZips !== undefined) {
    placement.choose(releaseZips);
  }
}

class Placement {
  public constructor(
    private readonly stack: TerraformStack,
    private releaseZips: readonly string[] | undefined,
  ) {}

  public choose(releaseZips: readonly string[]): void {
    const before = this.releaseZips ?? releaseZips;
    if (before.join("\n") !== releaseZips.join("\n")) {
      throw new Error(
        `The stack ${this.stack.node.path} has provider blocks with the releaseZips ` +
          `${before.join(", ")} and ${releaseZips.join(", ")}. Give all of them the same.`,
      );
    }
    this.releaseZips = releaseZips;
  }

  public onSynthesize(session: ISynthesisSession): void {
    const folder = join(session.outdir, session.manifest.forStack(this.stack).workingDirectory);
    this.warnOfUnlockedProviders(folder);
    // So that the CDK's command finds every provider locked; `init` adds the hashes.
    const entries = otherProviders(this.stack).flatMap(({ address, version }) =>
      version === undefined ? [] : [{ address, version, constraints: version, hashes: [] }],
    );
    placeBeside(folder, choosePackages(this.releaseZips ?? []), entries);
  }

  /**
   * Both CDKs' CLIs run `providers lock` if a required provider is not locked yet. That command
   * asks a registry for every provider, this one included, which stands in none.
   */
  private warnOfUnlockedProviders(folder: string): void {
    if (process.env["CDKTF_SKIP_PROVIDER_LOCK"] === "true") return;
    const { blocks } = readLockFile(folder);
    const names = otherProviders(this.stack)
      .filter(({ address, version }) => {
        const entry = blocks.find((block) => block.address === address);
        return version === undefined ? !entry : entry && entry.version !== version;
      })
      .map(({ address, version }) =>
        [address.replace(`${DEFAULT_REGISTRY}/`, ""), version].join(" ").trim(),
      );
    if (names.length === 0) return;
    Annotations.of(this.stack).addWarning(
      `No lock entry yet for ${names.join(", ")}. Run the next deploy with --skip-provider-lock (or ` +
        "CDKTF_SKIP_PROVIDER_LOCK=true): init then finds polyai/polyai beside the stack, and the " +
        "others in their registry. Without it, the CLI asks the registry for polyai/polyai, too, " +
        "and fails.",
    );
  }
}

/** Both CDKs' CLIs complete a provider's source so, also if they run OpenTofu. */
const DEFAULT_REGISTRY = "registry.terraform.io";

interface RequiredProvider {
  readonly address: string;
  /** The one that the stack requires; undefined if its bindings name none, or different ones. */
  readonly version: string | undefined;
}

/** The stack's providers but this one. */
function otherProviders(stack: TerraformStack): readonly RequiredProvider[] {
  const versions = new Map<string, string | undefined>();
  for (const provider of stack.node.findAll()) {
    if (!TerraformProvider.isTerraformProvider(provider)) continue;
    if (TerraformStack.of(provider) !== stack) continue;
    const { terraformResourceType, terraformProviderSource, terraformGeneratorMetadata } = provider;
    if (terraformResourceType === "polyai" || terraformProviderSource === undefined) continue;
    const parts = terraformProviderSource.toLowerCase().split("/");
    const address = [DEFAULT_REGISTRY, "hashicorp"]
      .slice(0, 3 - parts.length)
      .concat(parts)
      .join("/");
    const { providerVersion = "" } = terraformGeneratorMetadata ?? {};
    const isExact = /^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(providerVersion);
    const isSame = !versions.has(address) || versions.get(address) === providerVersion;
    versions.set(address, isExact && isSame ? providerVersion : undefined);
  }
  return [...versions].map(([address, version]) => ({ address, version }));
}
