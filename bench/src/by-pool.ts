import type { LoadResult } from '@org/example-service/http-load';
import type pg from 'pg';
import type { BenchDatabase } from './database.js';

/** Runs `work` for each of 1 … count, on some connections at a time. */
export async function byPool(
  database: BenchDatabase,
  connections: number,
  count: number,
  work: (client: pg.PoolClient, n: number) => Promise<unknown>,
) {
  const pool = database.pool(connections);
  const latencies = new Float64Array(count);
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await pool.connect();
      try {
        while (next < count) {
          const n = ++next;
          const start = performance.now();
          await work(client, n);
          latencies[n - 1] = performance.now() - start;
        }
      } finally {
        client.release();
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  return { seconds, latencies: latencies.sort(), statuses: new Map() } satisfies LoadResult;
}
