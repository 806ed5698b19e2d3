import { Annotations, type ISynthesisSession, TerraformProvider, TerraformStack } from "cdktf";
import { join } from "node:path";
import { choosePackages } from "../src/placement/release-zip.js";
import { locksProvider } from "../src/placement/lock-file.js";
import { placeBeside, readLockFile } from "../src/placement/place.js";

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
    placeBeside(folder, choosePackages(this.releaseZips ?? []));
  }

  /**
   * Both CDKs' CLIs run `providers lock` if a required provider is not locked yet. That command
   * asks a registry for every provider, this one included, which stands in none.
   */
  private warnOfUnlockedProviders(folder: string): void {
    if (process.env["CDKTF_SKIP_PROVIDER_LOCK"] === "true") return;
    const lockFile = readLockFile(folder);
    const unlocked = registrySources(this.stack).filter(
      ({ namespace, name }) => !locksProvider(lockFile, namespace, name),
    );
    if (unlocked.length === 0) return;
    const names = unlocked.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
    Annotations.of(this.stack).addWarning(
      `No lock entry yet for ${names}. Run the first deploy with --skip-provider-lock (or ` +
        "CDKTF_SKIP_PROVIDER_LOCK=true): init then finds polyai/polyai beside the stack, and the " +
        "others in their registry. Without it, the CLI asks the registry for polyai/polyai, too, " +
        "and fails.",
    );
  }
}

interface RegistrySource {
  readonly namespace: string;
  readonly name: string;
}

function registrySources(stack: TerraformStack): RegistrySource[] {
  const sources = stack.node
    .findAll()
    .filter((node) => TerraformProvider.isTerraformProvider(node))
    .filter((provider) => TerraformStack.of(provider) === stack)
    .filter((provider) => provider.terraformResourceType !== "polyai")
    .flatMap((provider) => provider.terraformProviderSource ?? []);
  return [...new Set(sources)].map((source) => {
    const [name = "", namespace = "hashicorp"] = source.toLowerCase().split("/").reverse();
    return { namespace, name };
  });
}
