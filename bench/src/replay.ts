import { clientOf } from '@org/adapters-persistence';
import type { UnitOfWork } from '@org/application';
import type pg from 'pg';

interface Write {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** What one transaction has written, statement by statement. */
export type RecordedTransaction = readonly Write[];

const isWrite = /^\s*(insert|update|delete|with)\b/i;

/** A unit of work that takes note of every statement that writes; `recorded` answers those since the last time. */
export function recordingUnitOfWork(inner: UnitOfWork) {
  let transactions: Write[][] = [];
  const unitOfWork: UnitOfWork = {
    async run(work) {
      let writes: Write[] = [];
      const result = await inner.run(async tx => {
        writes = [];
        const client = clientOf(tx);
        const send = client.query.bind(client);
        client.query = (asked: unknown, values?: unknown[]) => {
          const write = (typeof asked === 'string' ? { text: asked, values: values ?? [] } : asked) as Write;
          if (isWrite.test(write.text)) writes.push({ ...write, values: [...write.values] });
          return send(asked as string, values);
        };
        try {
          return await work(tx);
        } finally {
          client.query = send;
        }
      });
      if (writes.length > 0) transactions.push(writes);
      return result;
    },
  };
  const recorded = (): RecordedTransaction[] => {
    const taken = transactions;
    transactions = [];
    return taken;
  };
  return { unitOfWork, recorded };
}

/** The same statements again, one transaction on one connection, all sent at once. */
async function replayOne(client: pg.PoolClient, writes: RecordedTransaction): Promise<number> {
  const results = await Promise.all([
    client.query('begin'),
    ...writes.map(write => client.query(write)),
    client.query('commit'),
  ]);
  return results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
}

/** Transactions of one batch: those of a stage side by side, the stages one after the other. */
export type RecordedBatch = readonly (readonly RecordedTransaction[])[];

/** Writes all batches again, those of a lane one after the other, the lanes side by side; answers the seconds and the rows. */
export async function replay(pool: pg.Pool, lanes: readonly (readonly RecordedBatch[])[]) {
  let rows = 0;
  const began = performance.now();
  const write = async (transaction: RecordedTransaction) => {
    const client = await pool.connect();
    try {
      // Not in one expression: that would read the sum before the wait, and lose what others add meanwhile.
      const written = await replayOne(client, transaction);
      rows += written;
    } finally {
      client.release();
    }
  };
  const work = async (batches: readonly RecordedBatch[]) => {
    for (const stage of batches.flat()) await Promise.all(stage.map(write));
  };
  await Promise.all(lanes.map(work));
  return { seconds: (performance.now() - began) / 1_000, rows };
}
