import { createTestDatabase, type TestDatabase } from '../../../../tests/support/postgres.js';
import { postgresAdapters } from './postgres-adapters.js';
import { PLANNED_BY_INDEX } from './postgres-unit-of-work.js';
import { statements } from './statement.js';

/** From some hundred thousand on plans are those of many millions; the benchmark of growth goes further. */
const ROWS = Number(process.env.PLAN_ROWS ?? 250_000);
const COUPONS = ROWS;
const ORDERS = ROWS;
const USERS = 50_000;
const POLICIES = 40;
/** Whoever reads one of these from end to end stands still when it has grown. */
const large = [
  ...['coupons', 'coupon_codes', 'reservations', 'events', 'idempotency_keys'],
  ...['products', 'stock_items', 'stock_holds', 'carts'],
  ...['point_accounts', 'point_lots', 'point_spendings', 'point_transfers', 'point_entries'],
  'orders',
  ...['accounts', 'sessions', 'refresh_tokens', 'throttles', 'logins', 'push_tickets'],
  ...['event_marks', 'parked_events'],
];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
const scanned = (plan: Plan) =>
  nodesOf(plan)
    .filter(node => node['Node Type'] === 'Seq Scan')
    .map(node => node['Relation Name'] ?? '')
    .filter(name => large.includes(name) || name.startsWith('events_'));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ statementTimeoutMs: 0, poolSize: 2 });
  // The statements of all adapters are known once they are made.
  postgresAdapters(database.dataSource);
});
afterAll(() => database.drop());

/** The plan of a prepared statement that has to serve all values: the kind that is kept on a connection. */
async function planOf(name: string, settings: readonly string[]): Promise<Plan> {
  const { text } = statements.get(name) ?? { text: '' };
  const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const nulls = count > 0 ? `(${Array(count).fill('null').join(', ')})` : '';
  const runner = database.dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(`set local plan_cache_mode = force_generic_plan`);
    for (const setting of settings) await runner.query(setting);
    await runner.query(`prepare looked_at as ${text}`);
    const [row] = await runner.query(`explain (format json) execute looked_at${nulls}`);
    await runner.query('deallocate looked_at');
    return row['QUERY PLAN'][0].Plan;
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

/** Reads run outside of transactions, and so without the settings of the unit of work. */
const settingsOf = (name: string) => (name.startsWith('queries.') ? [] : PLANNED_BY_INDEX);

async function scansOfAll(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const name of statements.keys()) {
    const scans = scanned(await planOf(name, settingsOf(name)));
    if (scans.length > 0) found[name] = scans;
  }
  return found;
}

const fill = `
  insert into campaigns (policy_id, issued)
    select md5('policy' || p)::uuid, ${COUPONS / POLICIES} from generate_series(0, ${POLICIES - 1}) p;
  alter table coupons disable trigger coupons_added;
  insert into coupons (id, version, policy_id, policy_version, user_id, sequence, ordinal, way, status, issued_at, valid_from,
      expires_at, reservation_id, order_number, discount, reserved_until, used_at, ended_at)
    select md5('coupon' || n)::uuid, 1, md5('policy' || n % ${POLICIES})::uuid, 1, 'user-' || n / ${POLICIES} % ${USERS},
      n / ${POLICIES} + 1, n / (${POLICIES} * ${USERS}) + 1, 'FIRST_COME', status, now(), now(), now() + interval '30 days',
      case when status = 'RESERVED' then 'hold-' || n end, case when status in ('RESERVED', 'USED') then 'order-' || n end,
      case when status in ('RESERVED', 'USED') then 100 end, case when status = 'RESERVED' then now() + n * interval '1 ms' end,
      case when status = 'USED' then now() end, case when status = 'EXPIRED' then now() end
    from generate_series(0, ${COUPONS - 1}) n,
      lateral (select (array['ISSUED', 'ISSUED', 'ISSUED', 'ISSUED', 'ISSUED', 'ISSUED', 'USED', 'USED', 'EXPIRED', 'RESERVED'])[1 + n / ${POLICIES} % 10] as status) s;
  alter table coupons enable trigger coupons_added;
  insert into reservations (id, version, coupon_id, user_id, order_number, discount, status, expires_at)
    select reservation_id, 1, id, user_id, order_number, discount, 'RESERVED', reserved_until from coupons where status = 'RESERVED';
  insert into coupon_codes (policy_id, position, code, display)
    select md5('policy' || n % ${POLICIES})::uuid, n / ${POLICIES} + 1, 'CODE' || n, 'CODE-' || n from generate_series(0, 99999) n;
  insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
    select 'stream-' || n, 1, 'test.happened.v1', 'key', 0, 'somebody', '{}' from generate_series(0, 99999) n;
  insert into event_marks (xid, position) select 1000 + n, n * 512 from generate_series(1, 20000) n;
  insert into event_groups (name, types) values ('group', '["test.happened.v1"]');
  insert into parked_events (group_name, position, recorded_at, due_at, first_failed_at, last_failed_at, slice, stream_version, attempts,
      status, stream_id, type, key, actor, data)
    select 'group', n, now(), case when n % 50 = 1 then now() end, now(), now() - n * interval '1 second', n % 4, 1, 1,
      case when n % 2 = 0 then 'DEAD' else 'WAITING' end, 'parked-' || n, 'test.happened.v1', 'key-' || n % 1000, 'somebody', '{}'
    from generate_series(0, 99999) n;
  insert into products (id, version, kind, name, category_ids, options, created_at, updated_at)
    select 'p-' || n, 1, 'GOODS', 'A thing', '[]', '[{"optionId": "a"}]', now(), now() from generate_series(0, 49999) n;
  insert into stock_items (id, version, status, free, held, sold)
    select 'p-' || n || '/a', 1, 'COUNTED', 1, 1, 1 from generate_series(0, 49999) n;
  insert into stock_holds (id, version, product_id, option_id, order_number, quantity, returned, returns, status, expires_at, ended_at)
    select 'hold-' || n, 1, 'p-' || n % 50000, 'a', 'order-' || n, 1, 0, '[]', status, now() + n * interval '1 ms',
      case when status = 'POSTED' then now() end
    from generate_series(0, 199999) n, lateral (select case when n % 20 = 0 then 'HELD' else 'POSTED' end as status) s;
  insert into carts (id, version, lines)
    select 'user-' || n, 1, '[{"productId": "p-1", "optionId": "a", "quantity": 1, "addedAt": 0}]' from generate_series(0, 49999) n;
  insert into idempotency_keys (owner, key, fingerprint, response)
    select 'user-' || n % 1000, 'key-' || n, '', '{}' from generate_series(0, 99999) n;
  insert into accounts (id, version, created_at, email_index, email, name, password_hash, roles, status)
    select md5('account' || n)::uuid, 1, now(), rpad(n::text, 43, 'x'), 'v1.k.' || repeat('x', 40), 'v1.k.' || repeat('x', 40),
      '$argon2id$' || n, 'shopper', 'ACTIVE' from generate_series(0, 49999) n;
  insert into sessions (id, version, user_id, generation, started_at, expires_at, status)
    select md5('session' || n)::uuid, 1, 'user-' || n % 50000, 1, now(), now() + interval '30 days', 'OPEN'
    from generate_series(0, 99999) n;
  insert into refresh_tokens (id, version, session_id, generation, issued_at, status)
    select lpad(n::text, 64, '0'), 1, md5('session' || n % 100000)::uuid, 1, now(), 'FRESH' from generate_series(0, 199999) n;
  insert into throttles (id, version, status) select rpad(n::text, 43, 'x'), 1, 'CLEAR' from generate_series(0, 49999) n;
  insert into logins (id, user_id, result, address)
    select md5('login' || n)::uuid, 'user-' || n % 1000, 'SUCCEEDED', '192.0.2.1' from generate_series(0, 99999) n;
  insert into push_tickets (expires_at, until, digest, user_id)
    select now() + n * interval '1 second', now(), lpad(n::text, 64, '0'), 'user-' || n from generate_series(0, 49999) n;
  set session_replication_role = replica;
  insert into point_accounts (user_id, version, earnings, issued, available, spent)
    select 'user-' || n, 6, 4, 400, 200, 200 from generate_series(0, 49999) n;
  insert into point_lots (point_id, user_id, status, key, content, position, points, available, earned_at, available_at, expires_at)
    select md5('lot' || n)::uuid, 'user-' || n % 50000, 'EARNED', 'key-' || n, '', n / 50000 + 1, 100, n / 50000 % 2 * 100, now(), now(),
      now() + n * interval '1 minute' from generate_series(1, 200000) n;
  insert into point_spendings (point_id, user_id, kind, status, key, order_number, content, parts, points, until)
    select md5('spending' || n)::uuid, 'user-' || n % 50000, 'HOLD', case when n % 50 = 0 then 'HELD' else 'POSTED' end, 'key-' || n,
      'order-1', '', '[]', 1, now() + n * interval '1 minute' from generate_series(1, 100000) n;
  insert into point_transfers (user_id, sequence, line, point_id, lot_id, from_account, to_account, points)
    select 'user-' || n % 50000, n / 50000 + 1, 1, md5('lot' || n)::uuid, md5('lot' || n)::uuid, 'ISSUED', 'AVAILABLE', 100
    from generate_series(0, 199999) n;
  insert into point_entries (user_id, sequence, point_id, type, points, balance, at)
    select 'user-' || n % 50000, n / 50000 + 1, md5('lot' || n)::uuid, 'EARN', 100, 100, now() from generate_series(0, 199999) n;
  insert into orders (id, version, user_id, status, placed_at, payment_deadline, ended_at, total, points_used, progress, facts)
    select md5('order' || n)::uuid, 3, 'user-' || n % ${USERS}, status, now() - n * interval '1 s', now() - n * interval '1 s' + interval '30 minutes',
      case when status in ('COMPLETED', 'CANCELLED') then now() - n * interval '1 s' end, 100, 0, '{"steps": {}}', '{"lines": []}'
    from generate_series(1, ${ORDERS}) n, lateral (select case when n % 5000 = 1 then 'PENDING' when n <= 1800 then 'AWAITING_PAYMENT'
      when n % 10 = 0 then 'CANCELLED' else 'COMPLETED' end as status) s;
  update stock_holds set order_number = md5('order' || substr(id, 6))::uuid where status = 'HELD';
  set session_replication_role = default;`;

describe('the plans of every statement', () => {
  it('are looked at: there are some for each table', () => {
    expect(statements.size).toBeGreaterThan(40);
    const areas = [
      'coupons',
      'reservations',
      'codes',
      'events',
      'idempotency',
      'points',
      'queries',
      'stock_items',
      'stock_holds',
      'orders',
    ];
    for (const area of [
      ...areas,
      'push_tickets',
      'accounts',
      'sessions',
      'refresh_tokens',
      'throttles',
      'logins',
      'feed',
      'progress',
    ])
      expect([...statements.keys()].some(name => name.startsWith(`${area}.`))).toBe(true);
  });

  it('would tell of a statement that reads a whole table', async () => {
    statements.set('bad', { name: 'bad', text: 'select id from coupons where order_number = $1::text' });
    expect(scanned(await planOf('bad', []))).toEqual(['coupons']);
    statements.delete('bad');
  });

  it('read no large table from end to end, made while all tables are empty', async () => {
    expect(await scansOfAll()).toEqual({});
  });

  it('read none with many coupons and orders', async () => {
    await database.dataSource.query(fill);
    await database.dataSource.query('vacuum analyze');
    expect(await scansOfAll()).toEqual({});
  }, 300_000);
});

it('answers with many coupons and orders as it does with a few', async () => {
  const { queries, pointQueries, orderQueries, unitOfWork, coupons, orders } = postgresAdapters(database.dataSource);
  const [{ policyId }] = await database.dataSource.query(`select md5('policy1')::uuid as "policyId"`);
  const page = { limit: 50, cursor: null };
  expect(await queries.statistics(policyId)).toMatchObject({
    issued: COUPONS / POLICIES,
    used: COUPONS / POLICIES / 5,
  });
  expect((await queries.couponsOfUser({ userId: 'user-77', status: null, ...page })).items).toHaveLength(POLICIES);
  expect((await pointQueries.history({ userId: 'user-77', limit: 3, cursor: null })).items).toHaveLength(3);
  expect(await pointQueries.balance('user-77')).toMatchObject({ available: 200 });
  expect((await orderQueries.orders({ userId: 'user-77', status: null, ...page })).items).toHaveLength(ORDERS / USERS);
  expect(await unitOfWork.run(tx => orders.stuck(tx, 60, 100))).toHaveLength(100);
  expect(await queries.holders(policyId, 100)).toBeNull();
  expect(
    await unitOfWork.run(tx =>
      coupons.held(
        tx,
        ['user-77', 'nobody'].map(userId => ({ policyId, userId })),
      ),
    ),
  ).toEqual([1, 0]);
});
