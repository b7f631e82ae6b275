import { type LoadResult, percentile } from '@org/example-service/http-load';

/** The run in the middle, by what it measured. */
export function medianOf<Run>(runs: readonly Run[], figure: (run: Run) => number): Run {
  const sorted = [...runs].sort((a, b) => figure(a) - figure(b));
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!middle) throw new Error('nothing was measured');
  return middle;
}

/**
 * Measures all contenders in turn, and that several times (A B A B): what else the machine does meanwhile strikes them
 * alike. Answers the runs of each.
 */
export async function inRounds<Contender, Run>(
  rounds: number,
  contenders: readonly Contender[],
  measure: (contender: Contender, round: number) => Promise<Run>,
): Promise<Map<Contender, Run[]>> {
  const runs = new Map<Contender, Run[]>(contenders.map(contender => [contender, []]));
  for (let round = 0; round < rounds; round++)
    for (const contender of contenders) runs.get(contender)?.push(await measure(contender, round));
  return runs;
}

export const perSecond = ({ latencies, seconds }: LoadResult): number => latencies.length / seconds;

/** How many times quicker one is than the other, round by round, and of these the middle: what disturbs a round disturbs both. */
export function timesQuicker<Run>(ours: readonly Run[], theirs: readonly Run[], speed: (run: Run) => number): number {
  const last = theirs.at(-1);
  if (!last) return Number.NaN;
  return medianOf(
    ours.map((run, round) => speed(run) / speed(theirs[round] ?? last)),
    each => each,
  );
}

/** p50, p95, p99 and the slowest, in milliseconds. */
export const spread = ({ latencies }: Pick<LoadResult, 'latencies'>): number[] =>
  [0.5, 0.95, 0.99, 1].map(share => percentile(latencies, share));
export const spreadColumns = ['p50 ms', 'p95 ms', 'p99 ms', 'max ms'];

export const ratio = (times: number): string => `${times.toFixed(2)} ×`;

/** The same numbers in every run (mulberry32), from 0 to below 1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `goal 2: 2.31 ✓`: a verdict for the notes of a table. */
export const verdict = (what: string, value: number, unit: string, isMet: boolean): string =>
  `${isMet ? 'met' : 'missed'}: ${what}: ${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))}${unit}`;
