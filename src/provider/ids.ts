import { error, DiagnosticError } from "../plugin/framework/diagnostic.js";
import type { Validator } from "../plugin/schema/attribute.js";
import { matches } from "../plugin/schema/validators.js";

// The API's own patterns set no length; a longer id than this is a mistake, not an id.
export const webhookEndpointId = matches(
  /^whe_[A-Za-z0-9]{1,64}$/,
  "a webhook endpoint's id: whe_ and then letters and digits, such as whe_9ZtRcXw3nByK5pVqMaEfJs",
);

export const alertRuleId = matches(
  /^ar_[A-Za-z0-9]{1,64}$/,
  "an alert rule's id: ar_ and then letters and digits, such as ar_0Kx4mNpQ8rWvYb2dFgHjLs",
);

/** @throws DiagnosticError if the text to import by is not an id */
export function assertImportId(isId: Validator<string>, id: string): void {
  const problem = isId(id);
  if (typeof problem === "string") {
    throw new DiagnosticError(error("Invalid import id", problem));
  }
}
