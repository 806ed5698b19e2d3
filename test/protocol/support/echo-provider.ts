/**
 * A provider that does nothing but answer: each value comes back as it came. Its resources' names
 * choose what else happens, so that a test can hold a call in flight or break one.
 */
import type * as wire from "../../../src/plugin/tfplugin6/generated/tfplugin6.js";
import { Diagnostic_Severity } from "../../../src/plugin/tfplugin6/generated/tfplugin6.js";

const attribute = (
  name: string,
  type: unknown,
  more: wire.Schema_Attribute = { optional: true },
): wire.Schema_Attribute => ({ name, type: Buffer.from(JSON.stringify(type)), ...more });

export const ECHO_SCHEMA: wire.Schema = {
  version: 3,
  block: {
    version: 3,
    description: "Says what it is told.",
    attributes: [
      attribute("id", "string", { computed: true }),
      attribute("labels", ["map", "string"]),
      attribute("secret", "string", { optional: true, sensitive: true }),
      attribute("words", ["list", "number"], { optional: true, deprecated: true }),
    ],
  },
};

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param say hears what the provider does, a word at a time */
export function echoProvider(say: (word: string) => void = () => {}): wire.Provider {
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const none = async () => ({});
  return {
    getMetadata: async () => ({
      resources: [{ typeName: "test_echo" }],
      dataSources: [{ typeName: "test_echo" }],
      ephemeralResources: [{ typeName: "test_echo" }],
      functions: [{ name: "echo" }],
    }),
    getProviderSchema: async () => ({
      provider: { block: {} },
      resourceSchemas: { test_echo: ECHO_SCHEMA },
      dataSourceSchemas: { test_echo: ECHO_SCHEMA },
      ephemeralResourceSchemas: { test_echo: ECHO_SCHEMA },
      functions: { echo: { parameters: [{ name: "text" }], summary: "Echo" } },
    }),
    getResourceIdentitySchemas: none,
    validateProviderConfig: none,
    validateResourceConfig: async ({ typeName }) => ({
      diagnostics:
        typeName === "test_warned"
          ? [
              {
                severity: Diagnostic_Severity.ERROR,
                summary: "Not so",
                detail: "Because of that.",
                attribute: { steps: [{ attributeName: "labels" }, { elementKeyString: "a" }] },
              },
              {
                severity: Diagnostic_Severity.WARNING,
                summary: "Take care",
                detail: "Élan: 100 %",
              },
            ]
          : [],
    }),
    validateDataResourceConfig: none,
    validateEphemeralResourceConfig: none,
    upgradeResourceState: async ({ rawState }) => ({
      upgradedState: { json: rawState?.json ?? new Uint8Array(0) },
    }),
    upgradeResourceIdentity: none,
    configureProvider: none,
    readResource: async ({ currentState, private: data }) => ({
      newState: currentState,
      private: data,
    }),
    planResourceChange: async ({ proposedNewState, priorPrivate }) => ({
      plannedState: proposedNewState,
      plannedPrivate: priorPrivate,
      requiresReplace: [{ steps: [{ attributeName: "id" }] }],
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
      return { newState: plannedState };
    },
    importResourceState: async ({ typeName }) => ({
      importedResources: [{ typeName, state: { msgpack: Uint8Array.of(0xc0) } }],
    }),
    moveResourceState: none,
    readDataSource: async ({ config }) => ({ state: config }),
    openEphemeralResource: async ({ config }) => ({
      result: config,
      renewAt: new Date(1_700_000_000_250),
      private: Uint8Array.of(7),
    }),
    renewEphemeralResource: none,
    closeEphemeralResource: none,
    getFunctions: none,
    callFunction: async ({ arguments: [first] = [] }) =>
      first === undefined
        ? { error: { text: "nothing to say", functionArgument: 0 } }
        : { result: first },
    stopProvider: async () => {
      say("stopping");
      stop();
      return {};
    },
  };
}
