import { IDS } from "../generated/api-facts.js";
import { error, DiagnosticError } from "../plugin/framework/diagnostic.js";
import type { Validator } from "../plugin/schema/attribute.js";
import { isId, type IdName } from "../polyai/operation.js";

const idOf =
  (name: IdName, noun: string): Validator<string> =>
  (text) => {
    const { example } = IDS[name];
    const prefix = example.slice(0, example.indexOf("_") + 1);
    return isId(name, text)
      ? undefined
      : `It must be ${noun}'s id: ${prefix} and then letters and digits, such as ${example}.`;
  };

export const webhookEndpointId = idOf("endpoint_id", "a webhook endpoint");
export const alertRuleId = idOf("rule_id", "an alert rule");

/** @throws DiagnosticError if the text to import by is not an id */
export function assertImportId(isId: Validator<string>, id: string): void {
  const problem = isId(id);
  if (typeof problem === "string") {
    throw new DiagnosticError(error("Invalid import id", problem));
  }
}
