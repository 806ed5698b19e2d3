/** The middle of some numbers; undefined where there are none, or one is missing. */
export function median(numbers) {
  if (numbers.length === 0 || numbers.some((number) => !Number.isFinite(number))) return undefined;
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Does `turns` rounds of the measures, one after the other in each (A B C A B C …), so that whatever
 * else the machine does hits all alike; with `warmUp`, after a round whose results are dropped.
 *
 * @param {{ turns: number, warmUp: boolean }} how
 * @param {(() => Promise<T>)[]} measures
 * @returns {Promise<T[][]>} the results of each measure
 * @template T
 */
export async function alternate({ turns, warmUp }, measures) {
  const results = measures.map(() => []);
  for (let turn = warmUp ? 0 : 1; turn <= turns; turn++) {
    for (const [index, measure] of measures.entries()) {
      const result = await measure();
      if (turn > 0) results[index].push(result);
    }
  }
  return results;
}
