import { createProvider } from "../../src/provider/provider.js";
import type { TypeName } from "./state.js";

const { resources } = createProvider();

const schemaOf = (name: TypeName) => {
  const found = resources.find(({ typeName }) => typeName === name);
  if (found === undefined) throw new Error(`the provider has no ${name}`);
  return found.schema;
};

export const TYPES = {
  polyai_webhook_secret: schemaOf("polyai_webhook_secret"),
  polyai_webhook_endpoint: schemaOf("polyai_webhook_endpoint"),
};
