import {
  Annotations,
  type ISynthesisSession,
  type IStackSynthesizer,
  TerraformProvider,
  TerraformStack,
} from "cdktf";
import { join } from "node:path";
import { bundledPlugin } from "../src/placement/bundled-plugin.js";
import { locksProvider } from "../src/placement/lock-file.js";
import { installedExecutables } from "../src/placement/executable-packages.js";
import { placeExecutables, placePlugin, readLockFile } from "../src/placement/plugin-placement.js";
import { ProviderRuntime } from "./provider-runtime.js";

/**
 * From now on, synthesizing the stack also places the provider in the stack's folder.
 *
 * @param runtime what it is to run on; Node, if no caller says.
 * @throws where the stack was told another runtime: Terraform starts one provider for all blocks.
 */
export function placeAtSynth(stack: TerraformStack, runtime?: ProviderRuntime): void {
  const { synthesizer } = stack;
  if (!(synthesizer instanceof PlacingSynthesizer)) {
    stack.synthesizer = new PlacingSynthesizer(stack, synthesizer, runtime);
    return;
  }
  if (runtime !== undefined) synthesizer.choose(runtime);
}

class PlacingSynthesizer implements IStackSynthesizer {
  public constructor(
    private readonly stack: TerraformStack,
    private readonly inner: IStackSynthesizer,
    private runtime: ProviderRuntime | undefined,
  ) {}

  public choose(runtime: ProviderRuntime): void {
    if (this.runtime !== undefined && this.runtime !== runtime) {
      throw new Error(
        `The stack ${this.stack.node.path} has provider blocks with the runtimes ` +
          `${this.runtime.value} and ${runtime.value}. Give all of them the same.`,
      );
    }
    this.runtime = runtime;
  }

  public synthesize(session: ISynthesisSession): void {
    const folder = join(session.outdir, session.manifest.forStack(this.stack).workingDirectory);
    this.warnOfUnlockedProviders(folder);
    // It makes the stack's folder, and throws where the stack is not valid.
    this.inner.synthesize(session);
    const plugin = bundledPlugin();
    if (this.runtime === ProviderRuntime.EXECUTABLE) {
      placeExecutables(folder, installedExecutables(plugin.version));
    } else {
      placePlugin(folder, plugin);
    }
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
