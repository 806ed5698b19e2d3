import { Fn, type IResolveContext, Lazy, ref, TerraformStack } from "cdktf";

/**
 * A value that other stacks read from the first one's state, by `terraform_remote_state`. Terraform
 * forgets there that an output was sensitive, and would show it in plans; and it stores no output
 * that is null.
 *
 * @param value a token of the stack.
 * @param inOthers what other stacks have in place of it.
 */
export const acrossStacks = (
  value: string,
  stack: TerraformStack,
  inOthers: (value: string) => string,
): string =>
  Lazy.stringValue({
    produce: ({ scope }: IResolveContext) =>
      TerraformStack.of(scope) === stack ? value : inOthers(value),
  });

export const sensitive = (value: string): string => Fn.sensitive(value) as string;
export const nullable = (value: string): string => Fn.try([value, ref("null")]) as string;
