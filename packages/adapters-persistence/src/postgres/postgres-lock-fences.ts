import type { LockFences, Transaction } from '@org/application';
import { countOf, rowsOf, statement } from './statement.js';
import { textArray } from './values.js';

/** The row is locked when the new number is made: whoever comes at the same time waits, and counts on from it. */
const draw = statement(
  'lock_fences.draw',
  `insert into lock_fences (key, fence) select k, 1 from unnest($1::text[]) as u(k) order by k
   on conflict (key) do update set fence = lock_fences.fence + 1 returning fence`,
);
const level = statement(
  'lock_fences.level',
  `update lock_fences l set fence = $2::bigint from unnest($1::text[]) as u(k) where l.key = u.k`,
);
const holds = statement(
  'lock_fences.holds',
  `select l.key from unnest($1::text[]) as u(k) cross join lateral (
     select key from lock_fences where key = u.k and fence = $2::bigint limit 1 for share) l`,
);

export class PostgresLockFences implements LockFences {
  async draw(tx: Transaction, keys: readonly string[]): Promise<number> {
    const own = [...new Set(keys)].sort();
    const rows = await rowsOf<{ fence: number }>(tx, draw, [textArray(own)]);
    const fence = Math.max(...rows.map(row => row.fence));
    if (own.length > 1) await countOf(tx, level, [textArray(own), fence]);
    return fence;
  }

  async holds(tx: Transaction, keys: readonly string[], fence: number): Promise<boolean> {
    const own = [...new Set(keys)].sort();
    return (await rowsOf(tx, holds, [textArray(own), fence])).length === own.length;
  }
}
