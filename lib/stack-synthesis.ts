import {
  Annotations,
  type ISynthesisSession,
  type IStackSynthesizer,
  TerraformProvider,
  TerraformStack,
} from "cdktf";
import { join } from "node:path";
import { bundledPlugin } from "./bundled-plugin.js";
import { locksProvider } from "./lock-file.js";
import { placePlugin, readLockFile } from "./plugin-placement.js";

/** From now on, synthesizing the stack also places the provider in the stack's folder. */
export function placeAtSynth(stack: TerraformStack): void {
  if (stack.synthesizer instanceof PlacingSynthesizer) return;
  stack.synthesizer = new PlacingSynthesizer(stack, stack.synthesizer);
}

class PlacingSynthesizer implements IStackSynthesizer {
  public constructor(
    private readonly stack: TerraformStack,
    private readonly inner: IStackSynthesizer,
  ) {}

  public synthesize(session: ISynthesisSession): void {
    const folder = join(session.outdir, session.manifest.forStack(this.stack).workingDirectory);
    this.warnOfUnlockedProviders(folder);
    // It makes the stack's folder, and throws where the stack is not valid.
    this.inner.synthesize(session);
    placePlugin(folder, bundledPlugin());
  }

  /**
   * Both CDKs' CLIs run `providers lock` where a required provider is not locked yet. That command
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
