import pg from 'pg';
import { createTestDatabase } from '../../support/postgres.js';
import { killAll } from './service-process.js';

/** A migrated database of this file's own on a real Postgres, and what the tests ask it directly. */
export interface TestDatabase {
  readonly url: string;
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function testDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  return {
    url: database.url,
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await pool.query(sql, [...parameters])).rows as Row[];
    },
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

/** The calling file's own, from its first test to its last; whatever services it has started end before it. */
export function ownDatabase(): Omit<TestDatabase, 'close'> {
  let made: TestDatabase | null = null;
  beforeAll(async () => {
    made = await testDatabase();
  });
  afterAll(async () => {
    await killAll();
    await made?.close();
  });
  const database = () => {
    if (!made) throw new Error('the database is made before the first test');
    return made;
  };
  return {
    get url() {
      return database().url;
    },
    query: (sql, parameters) => database().query(sql, parameters),
  };
}

/** What there is of a policy, counted from the rows. */
export async function countsOf({ query }: Pick<TestDatabase, 'query'>, policyId: string) {
  const [counts] = await query<{ issued: number; users: number; last: number; numbers: number; events: number }>(
    `select count(*)::int as issued, count(distinct user_id)::int as users, coalesce(max(sequence), 0)::int as last,
       count(distinct sequence)::int as numbers,
       (select count(*)::int from events where key = $1::text and type = 'coupon.issued.v1') as events
     from coupons where policy_id = $1::uuid`,
    [policyId],
  );
  if (!counts) throw new Error('the database did not answer');
  return counts;
}
