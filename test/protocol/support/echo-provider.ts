/**
 * A provider that does nothing but answer: each value comes back as it came. Its resources' names
 * choose what else happens, so that a test can hold a call in flight or break one.
 */
import type { ProviderServer } from "../../../src/plugin/tfplugin6/service.js";
import { ProviderDefinition } from "../../../src/plugin/tfplugin6/generated/tfplugin6.js";

/**
 * @param say hears what the provider does, a word at a time
 * @param released settles when the test lets a held call go on
 */
export function echoProvider(
  say: (word: string) => void,
  released: () => Promise<void>,
): ProviderServer {
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const empty = Object.keys(ProviderDefinition.methods).map((name) => [name, async () => ({})]);
  return {
    ...(Object.fromEntries(empty) as ProviderServer),
    readResource: async ({ currentState }) => ({ newState: currentState }),
    applyResourceChange: async ({ typeName, plannedState }) => {
      say("applying");
      if (typeName === "test_held") await released();
      if (typeName === "test_until_stopped") await stopped;
      if (typeName === "test_endless") await new Promise(() => undefined);
      if (typeName === "test_thrown") throw new Error("canary-secret stands in this message");
      if (typeName === "test_printing") {
        console.log("printed to the console");
        process.stdout.write("printed to stdout\n");
      }
      say("applied");
      return { newState: plannedState };
    },
    async *listResource({ typeName, limit = 0 }) {
      try {
        for (let count = 0; count < limit; count++) {
          if (typeName === "test_held" && count === 1) await released();
          yield { displayName: `object ${String(count)}` };
        }
        say("listed");
      } finally {
        say("ended");
      }
    },
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
