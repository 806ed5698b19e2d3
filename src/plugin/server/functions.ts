import type { Value } from "../cty/value.js";
import { FunctionArgumentError, type ProviderFunction } from "../framework/function.js";
import { decodeValue, encodeValue } from "./encoding.js";
import { diagnosticsOf } from "./guard.js";
import type { CallFunctionRequest, CallFunctionResponse, FunctionSignature } from "./messages.js";

export const signatureOf = (definition: ProviderFunction): FunctionSignature => ({
  parameters: definition.parameters.map(({ name, type, description }) => ({
    name,
    type: type.cty,
    description,
    // Core answers for null and unknown arguments itself.
    allowNullValue: false,
    allowUnknownValues: false,
  })),
  returnType: definition.returns.cty,
  summary: definition.summary,
  description: definition.description,
  deprecationMessage: "",
});

export function callFunction(
  functions: ReadonlyMap<string, ProviderFunction>,
  request: CallFunctionRequest,
): CallFunctionResponse {
  const definition = functions.get(request.name);
  if (definition === undefined) {
    return { error: { text: `This version of the provider has no function "${request.name}".` } };
  }
  try {
    const args = definition.parameters.map(({ type }, index) =>
      decodeValue(request.arguments[index], type.cty),
    );
    return { result: encodeValue(definition.call(...args) as Value, definition.returns.cty) };
  } catch (thrown) {
    if (thrown instanceof FunctionArgumentError) {
      return { error: { text: thrown.message, functionArgument: thrown.argument } };
    }
    const [fault] = diagnosticsOf("CallFunction", thrown);
    return { error: { text: `${fault?.summary ?? ""}: ${fault?.detail ?? ""}` } };
  }
}
