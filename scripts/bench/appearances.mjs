/**
 * Each contestant of a run once for each latency that it was measured at: null where it calls no
 * API. `first` marks its least.
 */
export function appearancesOf({ rows, contestants }) {
  return contestants.flatMap(({ id, title }) => {
    const measured = rows.filter(({ contestant, size }) => contestant === id && size !== undefined);
    const latencies = [...new Set(measured.map(({ latency }) => latency))];
    return latencies.map((latency) => ({
      id,
      title,
      latency,
      first: latency === null || latency === Math.min(...latencies),
    }));
  });
}
