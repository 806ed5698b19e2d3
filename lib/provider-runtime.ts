/** The provider's runtime on the machine that runs Terraform. */
export class ProviderRuntime {
  /** Node, which must be on PATH there. The default: this package carries the provider for it. */
  public static readonly NODE = new ProviderRuntime("node");

  /**
   * Nothing else: an executable. It comes in packages of its own, one for each platform, such as
   * `terraform-provider-polyai-linux-x64`: list those that Terraform runs on in the project's
   * `optionalDependencies`.
   */
  public static readonly EXECUTABLE = new ProviderRuntime("executable");

  /** In a word. */
  public readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }
}
