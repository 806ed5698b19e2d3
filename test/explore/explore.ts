import * as fc from "fast-check";
import { history } from "./generate.js";
import type { History } from "./history.js";
import { play } from "./play.js";
import type { Finding } from "./promise.js";
import { tell } from "./tell.js";

export interface Report {
  readonly broken: boolean;
  readonly text: string;
}

/**
 * Plays random histories until one breaks the promise.
 *
 * @param shrinks true to look for a shorter one that breaks it too
 * @param kinds the breaches that count
 */
export async function explore({
  histories,
  seed,
  shrinks = true,
  kinds,
}: {
  readonly histories: number;
  readonly seed: number;
  readonly shrinks?: boolean;
  readonly kinds?: readonly Finding["kind"][];
}): Promise<Report> {
  /** How often each limit was met. */
  const limits = new Map<string, number>();
  const begun = performance.now();
  let played = 0;
  const property = fc.asyncProperty(history, async (each) => {
    played++;
    const broken = await brokenIn(each, (limit) => limits.set(limit, (limits.get(limit) ?? 0) + 1));
    return broken.every(({ kind }) => kinds?.includes(kind) === false);
  });
  const result = await fc.check(property, { seed, numRuns: histories, endOnFailure: !shrinks });
  const seconds = (performance.now() - begun) / 1000;
  const lines = [
    `seed ${seed}: ${played} histories in ${seconds.toFixed(1)} s, ${Math.round(played / seconds)} a second`,
    ...[...limits].map(([reason, times]) => `known limit, met ${times} times: ${reason}`),
  ];
  const [found] = result.counterexample ?? [];
  if (found !== undefined) {
    lines.push(await story(found).catch(String));
    lines.push(`Again: npm run explore -- --histories=${result.numRuns} --seed=${seed} --jobs=1`);
  }
  return { broken: result.failed, text: lines.join("\n") };
}

async function brokenIn(each: History, meet: (limit: string) => void): Promise<readonly Finding[]> {
  const { findings } = await play(each);
  for (const { limit } of findings) if (limit !== undefined) meet(limit);
  return findings.filter(({ limit }) => limit === undefined);
}

/** A history, what it breaks, and what the practitioner was told at its end. */
export async function story(each: History): Promise<string> {
  const { findings, steps, world } = await play(each);
  const told = world.commands.at(-1)?.diagnostics ?? [];
  const text = [
    tell(steps),
    ...findings.map(({ kind, text, limit }) => `=> ${kind}: ${text}${limit ? ` (${limit})` : ""}`),
    ...told.map(({ severity, summary, detail }) => `   told: ${severity}: ${summary}: ${detail}`),
  ].join("\n");
  return Object.entries(world.endpoints)
    .reduce((named, [name, id]) => named.replaceAll(id, name), text)
    .replace(/whe_\w{20,}/g, "the endpoint of e")
    .replace(/\n+PolyAI's correlation id: .*/g, "");
}
