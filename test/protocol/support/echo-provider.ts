/**
 * A provider that does nothing but answer: each value comes back as it came. Its resources' names
 * choose what else happens, so that a test can hold a call in flight or break one.
 */
import { list, map, NUMBER, STRING } from "../../../src/plugin/cty/type.js";
import { attributePath } from "../../../src/plugin/cty/path.js";
import { error, warning } from "../../../src/plugin/framework/diagnostic.js";
import type { Schema, SchemaAttribute } from "../../../src/plugin/schema/schema.js";
import type { ProviderServer, ServerCapabilities } from "../../../src/plugin/server/messages.js";

export const CAPABILITIES: ServerCapabilities = {
  planDestroy: true,
  getProviderSchemaOptional: true,
  moveResourceState: false,
};

const attribute = (
  name: string,
  type: SchemaAttribute["type"],
  more: Partial<SchemaAttribute> = {},
): SchemaAttribute => ({
  name,
  type,
  description: `The ${name}.`,
  required: false,
  optional: true,
  computed: false,
  sensitive: false,
  writeOnly: false,
  deprecated: false,
  ...more,
});

export const ECHO_SCHEMA: Schema = {
  version: 3,
  description: "Says what it is told.",
  attributes: [
    attribute("id", STRING, { optional: false, computed: true }),
    attribute("labels", map(STRING)),
    attribute("secret", STRING, { sensitive: true }),
    attribute("words", list(NUMBER), { deprecated: true }),
  ],
};

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param say hears what the provider does, a word at a time */
export function echoProvider(say: (word: string) => void = () => {}): ProviderServer {
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const none = async () => ({ diagnostics: [] });
  return {
    getMetadata: async () => ({
      diagnostics: [],
      serverCapabilities: CAPABILITIES,
      resources: [{ typeName: "test_echo" }],
      dataSources: [{ typeName: "test_echo" }],
      ephemeralResources: [{ typeName: "test_echo" }],
      functions: [{ name: "echo" }],
    }),
    getProviderSchema: async () => ({
      diagnostics: [],
      provider: { version: 0, description: "", attributes: [] },
      resourceSchemas: { test_echo: ECHO_SCHEMA },
      dataSourceSchemas: { test_echo: ECHO_SCHEMA },
      ephemeralResourceSchemas: { test_echo: ECHO_SCHEMA },
      functions: {
        echo: {
          parameters: [
            {
              name: "text",
              type: STRING,
              allowNullValue: true,
              allowUnknownValues: false,
              description: "What to say.",
            },
          ],
          returnType: STRING,
          summary: "Echo",
          description: "Says it.",
          deprecationMessage: "",
        },
      },
      serverCapabilities: CAPABILITIES,
    }),
    getResourceIdentitySchemas: async () => ({ diagnostics: [], identitySchemas: {} }),
    validateProviderConfig: none,
    validateResourceConfig: async ({ typeName }) => ({
      diagnostics:
        typeName === "test_warned"
          ? [
              error("Not so", "Because of that.", [
                { kind: "attribute", name: "labels" },
                { kind: "key", key: "a" },
              ]),
              warning("Take care", "Élan: 100 %"),
            ]
          : [],
    }),
    validateDataResourceConfig: none,
    validateEphemeralResourceConfig: none,
    upgradeResourceState: async ({ rawState }) => ({
      diagnostics: [],
      upgradedState: { json: rawState?.json ?? new Uint8Array(0) },
    }),
    upgradeResourceIdentity: none,
    configureProvider: none,
    readResource: async ({ currentState, private: data }) => ({
      diagnostics: [],
      newState: currentState,
      private: data,
    }),
    planResourceChange: async ({ proposedNewState, priorPrivate }) => ({
      diagnostics: [],
      plannedState: proposedNewState,
      plannedPrivate: priorPrivate,
      requiresReplace: [attributePath("id")],
    }),
    applyResourceChange: async ({ typeName, plannedState }) => {
      say("applying");
      if (typeName === "test_slow") await sleep(700);
      if (typeName === "test_until_stopped") await stopped;
      if (typeName === "test_thrown") throw new Error("canary-secret stands in this message");
      if (typeName === "test_printing") {
        console.log("printed to the console");
        process.stdout.write("printed to stdout\n");
      }
      say("applied");
      return { diagnostics: [], newState: plannedState };
    },
    importResourceState: async ({ typeName }) => ({
      diagnostics: [],
      importedResources: [{ typeName, state: { msgpack: Uint8Array.of(0xc0) } }],
    }),
    moveResourceState: none,
    readDataSource: async ({ config }) => ({ diagnostics: [], state: config }),
    openEphemeralResource: async ({ config }) => ({
      diagnostics: [],
      result: config,
      renewAt: 1_700_000_000_250,
      private: Uint8Array.of(7),
    }),
    renewEphemeralResource: none,
    closeEphemeralResource: none,
    getFunctions: async () => ({ diagnostics: [], functions: {} }),
    callFunction: async ({ arguments: [first] }) =>
      first === undefined
        ? { error: { text: "nothing to say", functionArgument: 0 } }
        : { result: first },
    stopProvider: async () => {
      say("stopping");
      stop();
      return { error: "" };
    },
  };
}
