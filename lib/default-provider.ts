import { Aspects, type IAspect, TerraformProvider, TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { EphemeralPolyaiWebhookSecret } from "./bindings/ephemeral-polyai-webhook-secret/index.js";
import { PolyaiProvider } from "./polyai-provider.js";

/** The provider's local name, in `required_providers` and as the prefix of its types. */
const PROVIDER_NAME = "polyai";

/**
 * From now on, synthesizing the stack adds a provider block if one is needed and the program
 * made none. At synth, not at once, since the program may still make its own.
 */
export function ensureDefaultProvider(stack: TerraformStack): void {
  const aspects = Aspects.of(stack);
  if (aspects.all.some((aspect) => aspect instanceof DefaultProvider)) return;
  aspects.add(new DefaultProvider(stack));
}

class DefaultProvider implements IAspect {
  public constructor(private readonly stack: TerraformStack) {}

  public visit(node: IConstruct): void {
    if (node !== this.stack || !this.needsDefault()) return;
    new PolyaiProvider(this.stack, "polyai-default-provider");
  }

  /** True if a resource relies on the default configuration, and no provider block gives it. */
  private needsDefault(): boolean {
    const elements = this.stack.node
      .findAll()
      .filter((node) => !TerraformStack.isStack(node))
      .filter((node) => TerraformStack.of(node) === this.stack);
    const hasDefault = elements.some(
      (node) =>
        TerraformProvider.isTerraformProvider(node) &&
        node.terraformResourceType === PROVIDER_NAME &&
        node.alias === undefined,
    );
    return (
      !hasDefault &&
      elements.some(
        (node) =>
          (TerraformResource.isTerraformResource(node) ||
            node instanceof EphemeralPolyaiWebhookSecret) &&
          node.terraformGeneratorMetadata?.providerName === PROVIDER_NAME &&
          node.provider === undefined,
      )
    );
  }
}
