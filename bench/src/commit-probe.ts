import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchDatabase } from './database.js';

/** How long the commit of a single row takes, milliseconds, tried again and again until it is stopped. */
export async function probeCommits(database: BenchDatabase, everyMs = 50): Promise<() => Promise<Float64Array>> {
  await database.query('create table if not exists bench_probe (number int)');
  const pool = database.pool(1);
  const stopping = new AbortController();
  const latencies: number[] = [];
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      const began = performance.now();
      await pool.query('insert into bench_probe values (1)');
      latencies.push(performance.now() - began);
      await sleep(everyMs);
    }
  })();
  return async () => {
    stopping.abort();
    await ended;
    return Float64Array.from(latencies).sort();
  };
}
