import { Fn, type IResolveContext, Lazy, TerraformStack } from "cdktf";

/**
 * A sensitive value that stays sensitive in other stacks: these read it from the first one's state,
 * by `terraform_remote_state`, where Terraform forgets that an output was sensitive, and would show
 * it in plans.
 *
 * @param value a token of the stack.
 */
export const sensitiveToken = (value: string, stack: TerraformStack): string =>
  Lazy.stringValue({
    produce: ({ scope }: IResolveContext) =>
      TerraformStack.of(scope) === stack ? value : (Fn.sensitive(value) as string),
  });
