import { randomBytes } from 'node:crypto';
import { reportOf } from '../child.js';
import { activePolicy, type BenchDatabase } from '../database.js';
import type { Figure } from '../figure.js';
import { verdict } from '../measuring.js';
import type { Stage } from '../stage.js';

interface Made {
  readonly made: number;
  readonly seconds: number;
  /** MB. */
  readonly peak: number;
}

const BATCH = 10_000;
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const randomCode = () => `Z${Array.from(randomBytes(11), byte => alphabet[byte % alphabet.length]).join('')}`;

/** Codes that were made before, in rows as narrow as ours: what the table costs by itself. */
async function bareInsert(database: BenchDatabase, policyId: string, count: number) {
  const codes = Array.from({ length: count }, randomCode);
  const pool = database.pool(1);
  const began = performance.now();
  for (let at = 0; at < count; at += BATCH)
    await pool.query(
      `insert into coupon_codes (policy_id, position, code, display)
       select $1::uuid, $2::int + n, code, code from unnest($3::text[]) with ordinality as i(code, n)`,
      [policyId, at, codes.slice(at, at + BATCH)],
    );
  return (performance.now() - began) / 1_000;
}

/** A random code and an insert for each, again when it is taken. */
async function oneByOne(database: BenchDatabase, policyId: string, count: number) {
  const pool = database.pool(1);
  const began = performance.now();
  for (let position = 1; position <= count; )
    position +=
      (
        await pool.query(
          `insert into coupon_codes (policy_id, position, code, display) values ($1, $2, $3, $3) on conflict (code) do nothing`,
          [policyId, position, randomCode()],
        )
      ).rowCount ?? 0;
  return (performance.now() - began) / 1_000;
}

/** Unique codes in bulk. */
export const codes: Figure = {
  name: 'codes',
  async run(stage: Stage) {
    const [count, few] = [stage.pick(1_000_000, 5_000), stage.pick(5_000, 50)];
    const database = await stage.database();
    const policyId = await activePolicy(database, count);
    const { child } = await stage.program('codes', {
      DATABASE_URL: database.url,
      POLICY: policyId,
      COUNT: String(count),
    });
    const { made, seconds, peak } = await reportOf<Made>(child);
    const [row] = await database.query<{ codes: number; distinct: number; last: number }>(
      `select count(*)::int as codes, count(distinct code)::int as distinct, max(position) as last
       from coupon_codes where policy_id = $1`,
      [policyId],
    );
    const naive = await oneByOne(database, await activePolicy(database, few), few);
    const limit = await bareInsert(database, await activePolicy(database, count), count);
    return {
      tables: [
        {
          title: `Codes: ${count} unique codes`,
          columns: ['way', 'codes', 'seconds', 'codes/s', 'RSS MB (peak)'],
          rows: [
            ['job in batches of 10,000, resumable', made, seconds, made / seconds, peak],
            ['naive: a random code and an insert each', few, naive, few / naive, ''],
            ['limit: bare inserts of codes made before', count, limit, count / limit, ''],
          ],
          notes: [
            verdict('seconds for all, goal below 60', seconds, ' s', seconds < 60),
            verdict('most memory, goal below 250 MB', peak, ' MB', peak < 250),
          ],
        },
      ],
      checks: [
        { what: 'codes that the job counted', expected: count, actual: made },
        { what: 'codes in the database', expected: count, actual: row?.codes ?? 0 },
        { what: 'different codes', expected: count, actual: row?.distinct ?? 0 },
        { what: 'last position', expected: count, actual: row?.last ?? 0 },
      ],
    };
  },
};
