import type { Clock, Transaction } from '@org/application';
import { rowsOf, statement } from './statement.js';
import { toMilliseconds } from './values.js';

const now = statement('clock.now', `select ${toMilliseconds('clock_timestamp()')} as now`);

/** The time of the database, to the millisecond. */
export class PostgresClock implements Clock {
  async now(tx: Transaction): Promise<number> {
    const [row] = await rowsOf<{ now: number }>(tx, now);
    if (!row) throw new Error('the clock gave no time');
    return row.now;
  }
}
