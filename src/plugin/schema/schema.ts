import type { Type } from "../cty/type.js";

/** A schema as the protocol knows it: what `terraform providers schema -json` shows. */
export interface Schema {
  /** Raised when the stored shape changes; a lower version in a state is upgraded. */
  readonly version: number;
  readonly description: string;
  readonly deprecated?: boolean;
  /** In order of name. */
  readonly attributes: readonly SchemaAttribute[];
}

export interface SchemaAttribute {
  readonly name: string;
  readonly type: Type;
  /** Markdown. */
  readonly description: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly writeOnly: boolean;
  readonly deprecated: boolean;
}
