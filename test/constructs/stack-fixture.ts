import { TerraformStack, Testing } from "cdktf";
import { temporaryFolder } from "../support/temporary-folder.js";

/** A stack in an app of its own. */
export const testStack = (name = "stack"): TerraformStack =>
  new TerraformStack(Testing.app({ outdir: temporaryFolder() }), name);

/** Any part of a synthesized configuration. */
export interface Json {
  readonly [key: string]: Json;
}

/** The configuration that such a stack becomes. */
export function synthesized(build: (stack: TerraformStack) => void): Json {
  const stack = testStack();
  build(stack);
  return JSON.parse(Testing.synth(stack, true)) as Json;
}
