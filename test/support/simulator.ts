import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
} from "../../src/simulator/index.js";

/** A key that nearly every format has to escape or encode, so that each form of it differs. */
export const CANARY_KEY = 'canary"key\\with+/=%&~and{40}more<characters>';

/** A simulator for all tests of the file, or of the block. */
export function simulatorForAll(options?: SimulatorOptions): () => Simulator {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator(options);
  });
  afterAll(() => simulator.close());
  return () => simulator;
}

/** Points the provider at a simulator, by its environment. */
export const accessTo = ({ apiKey, url }: Pick<Simulator, "apiKey" | "url">) => ({
  POLYAI_API_KEY: apiKey,
  POLYAI_BASE_URL: url,
});
