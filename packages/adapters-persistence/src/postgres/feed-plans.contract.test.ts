import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';
import { PostgresEventFeed } from './postgres-event-feed.js';
import { PostgresUnitOfWork } from './postgres-unit-of-work.js';
import { statements } from './statement.js';
import { anEvent } from './store.fixtures.js';

const EVENTS = 1_000_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 0, poolSize: 4 });
  await database.dataSource.query(
    `insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
     select 'stream-' || n, 1, 'test.happened.v1', 'key', n % 64, 'somebody', '{}' from generate_series(1, ${EVENTS}) n`,
  );
  await database.dataSource.query('vacuum analyze events');
}, 180_000);
afterAll(() => database.drop());

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

it('a read behind a million events walks through the index on positions, and through the last few of them only', async () => {
  const { unitOfWork, events, eventFeed } = postgresAdapters(database.dataSource);
  const now = await eventFeed.now();
  await unitOfWork.run(tx => events.append(tx, [anEvent('new')]));
  // Somebody else's transaction that was open at the mark may end now: then the search begins at an older mark.
  let page = await eventFeed.read({ after: now, types: ['test.happened.v1'], limit: 500 });
  while (page.more) page = await eventFeed.read({ after: page.next, types: ['test.happened.v1'], limit: 500 });
  expect(page.events.map(({ streamId }) => streamId)).toEqual(['new']);
  const [from = '', to] = [now.split('~')[0], (await eventFeed.now()).split('~')];
  const [{ position: low }] = await database.dataSource.query(
    'select position from event_marks where xid <= pg_snapshot_xmax($1::pg_snapshot)::text::bigint order by xid desc limit 1',
    [from],
  );
  const text = statements.get('queries.feed.stretch')?.text ?? '';
  const values = [from, to[0], low, to[1], '{test.happened.v1}', 1, '{0}', 500];
  const [row] = await database.dataSource.query(`explain (analyze, format json) ${text}`, values);
  // Partitions of months to come are empty: however they are looked at, it takes no time, and the plan is not kept.
  const isFull = (node: Plan) => /^events_\d/.test(node['Relation Name'] ?? '') && node['Actual Rows'] > 0;
  const scans = nodesOf(row['QUERY PLAN'][0].Plan).filter(isFull);
  expect(scans).toHaveLength(1);
  expect(scans.map(node => node['Node Type'])).not.toContain('Seq Scan');
  expect(scans.every(node => node['Index Name']?.includes('position'))).toBe(true);
  const looked = scans.reduce((sum, node) => sum + node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0), 0);
  expect(looked).toBeLessThan(2_000);
});

it('a backlog of a million is paged without sorting it', async () => {
  const feed = new PostgresEventFeed(database.dataSource, new PostgresUnitOfWork(database.dataSource));
  let [count, after, last]: [number, string | null, number] = [0, null, 0];
  for (let turn = 0; turn < 40; turn++) {
    const page = await feed.read({ after, types: ['test.happened.v1'], limit: 500 });
    count += page.events.length;
    for (const { position } of page.events) {
      expect(position).toBeGreaterThan(last);
      last = position;
    }
    after = page.next;
  }
  expect(count).toBe(20_000);
  const rare = await feed.read({ after, types: ['nobody.does.v1'], limit: 500 });
  expect([rare.events, rare.more]).toEqual([[], true]);
});
