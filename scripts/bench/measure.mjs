import { join } from "node:path";
import { step } from "../lib/process.mjs";
import { measureStart } from "./plugin-start.mjs";
import { alternate, median } from "./statistics.mjs";
import { OPERATIONS, Workspace } from "./workspace.mjs";

/** Milliseconds from the start to the first schema, of each contestant that is a plugin. */
export async function measureStarts({ contestants, turns, host, home }) {
  const plugins = contestants.filter(({ plugin }) => plugin !== undefined);
  const samples = await step(`Measuring ${turns} starts of each`, () =>
    alternate(
      { turns, warmUp: true },
      plugins.map(
        ({ plugin }) =>
          () =>
            measureStart(plugin.path, host, { HOME: home }),
      ),
    ),
  );
  return plugins.map(({ id }, index) => ({
    contestant: id,
    operation: "start",
    samples: samples[index].map(({ schema }) => ({ wall: schema })),
  }));
}

/**
 * Measures operations on `size` resources: each with all contestants in turn before the next, as
 * often as `turns` says. A contestant that calls the API takes part once for each latency.
 *
 * @returns {Promise<{ contestant: string, latency: number | null, size: number, operation: string,
 *   samples: object[] }[]>}
 */
export async function measureSize({ size, operations, turns, warmUp, latencies, ...common }) {
  const { contestants, cli, simulator, folder, signal } = common;
  const entrants = contestants.flatMap((contestant) =>
    (contestant.callsApi ? latencies : [null]).map((latency) => ({ contestant, latency })),
  );
  const environment = { POLYAI_API_KEY: simulator.apiKey, POLYAI_BASE_URL: simulator.url };
  await step(`Preparing ${entrants.length} configurations of ${size}`, async () => {
    for (const entrant of entrants) {
      const { contestant, latency } = entrant;
      entrant.workspace = new Workspace({
        folder: join(folder, `${size}-${contestant.id}-${latency ?? "none"}`),
        contestant,
        size,
        cli,
        environment: contestant.callsApi ? environment : {},
        endpoints: contestant.callsApi ? await simulator.endpoints(size) : ids(size),
        signal,
      });
      await entrant.workspace.prepare();
    }
  });
  const measured = new Map(
    entrants.flatMap((entrant) =>
      operations.map((operation) => [
        `${entrants.indexOf(entrant)} ${operation}`,
        {
          contestant: entrant.contestant.id,
          latency: entrant.latency,
          size,
          operation,
          samples: [],
        },
      ]),
    ),
  );
  for (let turn = warmUp ? 0 : 1; turn <= turns; turn++) {
    const what = turn === 0 ? "Warming up" : `Run ${turn} of ${turns}`;
    await step(`${what} with ${size}: ${operations.join(", ")}`, async () => {
      for (const operation of operations) {
        for (const [index, { workspace, latency }] of entrants.entries()) {
          await simulator.setLatency(0);
          await workspace.ready(operation);
          await simulator.forgetRequests();
          await simulator.setLatency(latency ?? 0);
          const before = simulator.cpu();
          const sample = await workspace.measure(operation);
          sample.simulatorCpu = simulator.cpu() - before;
          sample.apiCalls = await simulator.requests();
          if (turn > 0) measured.get(`${index} ${operation}`).samples.push(sample);
        }
      }
    });
  }
  return [...measured.values()];
}

/** Medians of each thing that the samples of a row tell, and their number. */
export function summarize({ samples, ...row }) {
  const names = Object.keys(samples[0] ?? {});
  const of = (name) => median(samples.map((sample) => sample[name]));
  return {
    ...row,
    runs: samples.length,
    ...Object.fromEntries(names.map((name) => [name, of(name)])),
  };
}

export const titleOf = (operation) => OPERATIONS[operation]?.title ?? operation;

const ids = (size) => Array.from({ length: size }, (_, index) => `whe_${index}`);
