import { startSimulator, type Simulator } from "../../src/simulator/index.js";

/** A key that nearly every format has to escape or encode, so that each form of it differs. */
export const CANARY_KEY = 'canary"key\\with+/=%&~and{40}more<characters>';

/** A simulator for each test of the file, or of the block, whose key is {@link CANARY_KEY}. */
export const startCanarySimulator = (): Promise<Simulator> =>
  startSimulator({ apiKey: CANARY_KEY });

/** Points the provider at a simulator, by its environment. */
export const accessTo = ({ apiKey, url }: Pick<Simulator, "apiKey" | "url">) => ({
  POLYAI_API_KEY: apiKey,
  POLYAI_BASE_URL: url,
});
