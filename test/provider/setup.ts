/** Each test of a file that imports this has a simulator of its own, and a provider that asks it. */
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import type { Host } from "../support/host.js";
import { startHost } from "../support/provider.js";

export let simulator: Simulator;
export let host: Host;

beforeEach(async () => {
  simulator = await startSimulator();
  host = await startHost(simulator);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await simulator.close();
});

/** Until the end of the test; undefined takes a variable out. */
export const setEnvironment = (variables: NodeJS.ProcessEnv): unknown =>
  jest.replaceProperty(process, "env", { ...process.env, ...variables });
