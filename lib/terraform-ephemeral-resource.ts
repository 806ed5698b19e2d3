import {
  type ITerraformDependable,
  type ITerraformIterator,
  type TerraformCount,
  type TerraformProvider,
  TerraformResource,
  type TerraformResourceConfig,
  type TerraformResourceLifecycle,
} from "cdktf";
import type { Construct } from "constructs";

/** The meta-arguments of an ephemeral block, named as in CDK Terrain. */
export interface TerraformEphemeralMetaArguments {
  readonly dependsOn?: ITerraformDependable[];
  readonly count?: number | TerraformCount;
  readonly provider?: TerraformProvider;
  readonly lifecycle?: TerraformResourceLifecycle;
  readonly forEach?: ITerraformIterator;
}

/**
 * The base class of an ephemeral resource, which cdktf 0.21 has none for: a resource whose block is
 * of another kind (`ephemeral`), and which is referred to as such.
 */
export class TerraformEphemeralResource extends TerraformResource {
  private readonly typeName: string;

  public constructor(scope: Construct, id: string, config: TerraformResourceConfig) {
    const { terraformResourceType: typeName } = config;
    // cdktf begins every reference with what it takes for the type.
    super(scope, id, { ...config, terraformResourceType: `ephemeral.${typeName}` });
    this.typeName = typeName;
  }

  public override toTerraform(): unknown {
    const { resource } = super.toTerraform() as {
      resource: Readonly<Record<string, unknown>>;
    };
    return { ephemeral: { [this.typeName]: resource[this.terraformResourceType] } };
  }

  public override toHclTerraform(): unknown {
    throw new Error(
      `${this.node.path}: cdktf cannot write an ephemeral block as HCL. Synthesize JSON, which ` +
        "Terraform reads as well, or use cdktn.",
    );
  }
}
