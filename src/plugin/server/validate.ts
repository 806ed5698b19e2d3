import type { ObjectValue } from "../cty/value.js";
import { pathToString } from "../cty/path.js";
import { error, type Diagnostic } from "../framework/diagnostic.js";
import type { SchemaDefinition } from "../schema/define.js";
import { invalidValues } from "../schema/validation.js";
import { decodeObject } from "./encoding.js";
import { guard } from "./guard.js";
import type { EncodedValue, WithDiagnostics } from "./messages.js";

/** What has a schema and may look at a config as a whole. */
export interface Validated {
  readonly schema: SchemaDefinition;
  // The config's type is the schema's; here it is only handed on.
  validateConfig?(request: { readonly config: never }): readonly Diagnostic[];
}

/** ValidateProviderConfig, and ValidateResourceConfig with its siblings. */
export const validateConfig = (
  rpc: string,
  target: () => Validated,
  config: EncodedValue,
): Promise<WithDiagnostics> =>
  guard(
    rpc,
    (diagnostics) => ({ diagnostics }),
    () => {
      const validated = target();
      const decoded = decodeObject(config, validated.schema.type);
      return { diagnostics: decoded === null ? [] : configDiagnostics(validated, decoded) };
    },
  );

export function configDiagnostics(
  validated: Validated,
  config: ObjectValue,
): readonly Diagnostic[] {
  const invalid = attributeDiagnostics(validated.schema, config);
  return invalid.length > 0
    ? invalid
    : (validated.validateConfig?.({ config: config as never }) ?? []);
}

/** What the schema's own validators find. */
export const attributeDiagnostics = (
  schema: SchemaDefinition,
  values: ObjectValue,
): readonly Diagnostic[] =>
  invalidValues(schema, values).map(({ attribute, message }) =>
    error(`Invalid ${pathToString(attribute)}`, message, attribute),
  );
