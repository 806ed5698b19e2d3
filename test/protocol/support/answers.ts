import { Host, rpcs } from "./client.js";
import { Plugin } from "./plugin.js";

/**
 * Starts a plugin as a host does, and makes a call for which it loads the provider.
 *
 * @returns the names of the provider's functions
 */
export async function answer(
  command: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<readonly string[]> {
  const plugin = new Plugin(command, environment);
  try {
    await plugin.greeted();
    const host = await Host.connect(plugin);
    return Object.keys((await host.call(rpcs.getFunctions, {})).functions ?? {}).sort();
  } finally {
    await plugin.dispose();
  }
}
