interface ApiDocument {
  readonly components: {
    readonly schemas: Record<
      string,
      { enum?: readonly string[]; properties?: object; "x-account-limit"?: number }
    >;
    readonly parameters: Record<string, { in: string; name: string; schema: object }>;
  };
}

/** A module with the words, patterns, limits and defaults that the API's document states. */
export function apiFacts(document: string): string {
  const { components } = JSON.parse(document) as ApiDocument;
  const schemas = Object.entries(components.schemas);
  const facts = {
    WORDS: schemas.map(([name, schema]) => [name, schema.enum]),
    IDS: Object.values(components.parameters).map(({ in: place, name, schema }) => [
      name,
      place === "path" ? schema : undefined,
    ]),
    SETTINGS: schemas.map(([name, { properties }]) => [
      name,
      /Create.*Request$/.test(name) ? properties : undefined,
    ]),
    ACCOUNT_LIMITS: schemas.map(([name, schema]) => [name, schema["x-account-limit"]]),
  };
  // JSON leaves out what is undefined.
  const lines = Object.entries(facts).map(([name, entries]) => {
    const json = JSON.stringify(Object.fromEntries(entries), (key, value: unknown) =>
      key === "description" ? undefined : value,
    );
    return `export const ${name} = ${json} as const;\n`;
  });
  return lines.join("");
}
