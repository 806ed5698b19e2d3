import { attributePath, pathToString } from "../cty/path.js";
import { containsUnknown, UNKNOWN, type Value } from "../cty/value.js";
import { FunctionArgumentError, type ProviderFunction } from "../framework/function.js";
import { missingValues } from "../schema/validation.js";
import { redactText } from "../logging/redaction.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { StringKind } from "../tfplugin6/generated/tfplugin6.js";
import { decodeValue, encodeValue } from "./encoding.js";
import { diagnosticsOf } from "./guard.js";
import { typeToWire } from "./schemas.js";

export const signatureOf = (definition: ProviderFunction): wire.FunctionMessage => ({
  // Core answers for null and unknown arguments itself.
  parameters: definition.parameters.map(({ name, type, description }) => ({
    name,
    type: typeToWire(type.cty),
    description,
    descriptionKind: StringKind.MARKDOWN,
  })),
  return: { type: typeToWire(definition.returns.cty) },
  summary: definition.summary,
  description: definition.description,
  descriptionKind: StringKind.MARKDOWN,
});

export function callFunction(
  functions: ReadonlyMap<string, ProviderFunction>,
  { name = "", arguments: given = [] }: wire.CallFunction_Request,
): wire.CallFunction_Response {
  const definition = functions.get(name);
  if (definition === undefined) {
    return { error: { text: `This version of the provider has no function "${name}"` } };
  }
  try {
    const args = definition.parameters.map(({ name, type }, index) => {
      const value = decodeValue(given[index], type.cty);
      const [missing] = missingValues(value, type, attributePath(name));
      if (missing === undefined) return value;
      const { fault, attribute, message } = missing;
      throw new FunctionArgumentError(`${fault} ${pathToString(attribute)}: ${message}`, index);
    });
    const result = args.some(containsUnknown) ? UNKNOWN : (definition.call(...args) as Value);
    return { result: encodeValue(result, definition.returns.cty) };
  } catch (thrown) {
    if (thrown instanceof FunctionArgumentError) {
      return { error: { text: outward(thrown.message), functionArgument: thrown.argument } };
    }
    const [fault] = diagnosticsOf("CallFunction", thrown);
    return { error: { text: outward(`${fault?.summary ?? ""}: ${fault?.detail ?? ""}`) } };
  }
}

/** Core ends the sentence that a function's error becomes. */
const outward = (text: string): string => redactText(text).replace(/\.$/, "");
