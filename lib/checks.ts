import { type TerraformProvider, Token } from "cdktf";

/** A problem with a property: the end of a sentence that begins with the construct. */
export type Fault = string | undefined;

/**
 * Refuses literals that no run of Terraform can make right. Tokens pass: the provider checks their
 * values at plan.
 *
 * @param construct its class and path, for the message.
 * @throws with the construct and the first fault.
 */
export function refuse(construct: string, ...faults: readonly Fault[]): void {
  const fault = faults.find((each) => each !== undefined);
  if (fault !== undefined) throw new Error(`${construct}: ${fault}`);
}

export const isToken = (value: unknown): boolean => Token.isUnresolved(value);

export const isOptionalToken = (value: unknown): boolean => value === undefined || isToken(value);

export const isWhole = (value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

/** A value as it can stand in a message: no secret must get here. */
export const show = (value: unknown): string => {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

/** Refuses a literal, which would put a secret into the synthesized configuration. Never shows it. */
export const secretFault = (property: string, value: unknown): Fault =>
  isOptionalToken(value)
    ? undefined
    : `${property} must be a token, such as a sensitive TerraformVariable's value. A literal would ` +
      "stand in the synthesized configuration for everybody to read.";

export const providerFault = (provider: TerraformProvider | undefined): Fault =>
  provider === undefined || provider.terraformResourceType === "polyai"
    ? undefined
    : `provider must be a PolyaiProvider, not the provider ${provider.node.path}.`;
