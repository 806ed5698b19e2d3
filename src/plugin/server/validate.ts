import { valuesEqual } from "../cty/equal.js";
import { isUnknown, type ObjectValue } from "../cty/value.js";
import { pathToString } from "../cty/path.js";
import { error, type Diagnostic } from "../framework/diagnostic.js";
import type { SchemaDefinition } from "../schema/define.js";
import { configuredComputed, invalidValues, type InvalidValue } from "../schema/validation.js";
import type * as wire from "../tfplugin6/generated/tfplugin6.js";
import { decodeObject } from "./encoding.js";
import { guard } from "./guard.js";

/** A resource, data source or ephemeral resource: it may look at a config as a whole. */
export interface Validated {
  readonly schema: SchemaDefinition;
  // The config's type is the schema's; here it is only handed on.
  validateConfig?(request: { readonly config: never }): readonly Diagnostic[];
}

/**
 * ValidateProviderConfig, and ValidateResourceConfig with its siblings.
 *
 * @param capabilities what the host of a managed resource can do; nothing else has write-only
 *   attributes
 */
export const validateConfig = (
  rpc: string,
  target: () => Validated,
  config: wire.DynamicValue | undefined,
  capabilities?: wire.ClientCapabilities,
): Promise<wire.ValidateResourceConfig_Response> =>
  guard<wire.ValidateResourceConfig_Response>(rpc, {}, () => {
    const validated = target();
    const decoded = decodeObject(config, validated.schema);
    if (decoded === null || isUnknown(decoded)) return {};
    const refused =
      capabilities === undefined || capabilities.writeOnlyAttributesAllowed === true
        ? []
        : writeOnlyDiagnostics(validated.schema, decoded);
    return { diagnostics: refused.length > 0 ? refused : configDiagnostics(validated, decoded) };
  });

export function configDiagnostics(
  validated: Validated,
  config: ObjectValue,
): readonly Diagnostic[] {
  const { schema } = validated;
  const invalid = [
    ...configuredComputed(schema, config).map(toDiagnostic),
    ...attributeDiagnostics(schema, config),
  ];
  return invalid.length > 0
    ? invalid
    : (validated.validateConfig?.({ config: config as never }) ?? []);
}

/** A host that does not know write-only attributes would store what is given to them. */
const writeOnlyDiagnostics = (
  { attributes }: SchemaDefinition,
  config: ObjectValue,
): readonly Diagnostic[] =>
  Object.entries(attributes)
    .filter(([name, { options }]) => options.writeOnly === true && (config[name] ?? null) !== null)
    .map(([name]) =>
      error(
        `Write-only ${name} not supported`,
        `${name} is write-only: it must not be stored, and this version of Terraform or OpenTofu would store it. Use Terraform 1.11 or OpenTofu 1.11, or newer, or leave it out.`,
        name,
      ),
    );

/**
 * The problems that the schema's own validators find.
 *
 * @param prior whose values may stay: with ignore_changes, core puts them into the configuration
 */
export const attributeDiagnostics = (
  schema: SchemaDefinition,
  values: ObjectValue,
  prior: ObjectValue | null = null,
): readonly Diagnostic[] =>
  invalidValues(schema, values)
    .filter(({ attribute: [step] }) => {
      const name = step?.kind === "attribute" ? step.name : "";
      const type = schema.attributes[name]?.type.cty;
      const [value = null, before = null] = [values[name], prior?.[name]];
      return before === null || type === undefined || !valuesEqual(value, before, type);
    })
    .map(toDiagnostic);

const toDiagnostic = ({ attribute, fault, message }: InvalidValue): Diagnostic =>
  error(`${fault} ${pathToString(attribute)}`, message, attribute);
