import Ajv, { type ErrorObject } from "ajv";
import addFormats from "ajv-formats";

const ajv = addFormats(
  new Ajv({ allErrors: true, allowUnionTypes: true, discriminator: true, useDefaults: true }),
);

/** Says whether data fits; fills in defaults. After false, `errors` says why. */
export interface Validator {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/**
 * A validator that is compiled when it is first used, and once for all simulators of a process:
 * compiling is most of what a start would cost.
 */
export function validatorOf(schema: object): Validator {
  const validator: Validator = (data) => {
    // ajv keeps what it compiled, by the schema's identity.
    const compiled = ajv.compile(schema);
    const fits = compiled(data);
    validator.errors = compiled.errors ?? null;
    return fits;
  };
  return validator;
}
