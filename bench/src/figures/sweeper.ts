import { type LoadResult, load, postRequest } from '@org/example-service/http-load';
import { reportOf } from '../child.js';
import { activePolicy, type BenchDatabase } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { fillHeld } from '../fill.js';
import { spread, verdict } from '../measuring.js';
import { type Endpoint, HOST, type Stage, tokenOf } from '../stage.js';
import type { Cell } from '../table.js';

interface Swept {
  readonly swept: number;
  readonly seconds: number;
}

/** Confirms live reservations, one request each. */
export function confirmAll(endpoint: Endpoint, prefix: string, count: number, connections: number, rate?: number) {
  const token = tokenOf('checkout', 'service');
  const requests = Array.from({ length: count }, (_, i) =>
    postRequest(HOST, `/api/v1/coupons/reservations/${prefix}-${i + 1}/confirm`, token, '{}'),
  );
  const request = (index: number) => requests[index] as Buffer;
  return load({
    host: HOST,
    port: endpoint.port,
    connections,
    requests: count,
    request,
    ...(rate !== undefined && { rate }),
  });
}

export async function confirmedChecks(
  database: BenchDatabase,
  prefix: string,
  count: number,
  run: LoadResult,
): Promise<Check[]> {
  const [row] = await database.query<{ confirmed: number; used: number; told: number }>(
    `select (select count(*)::int from reservations where id like $1 || '-%' and status = 'CONFIRMED') as confirmed,
       (select count(*)::int from coupons where reservation_id like $1 || '-%' and status = 'USED') as used,
       (select count(*)::int from coupons c join events e on e.stream_id = c.id::text
        where c.reservation_id like $1 || '-%' and e.type = 'coupon.reservation-confirmed.v1') as told`,
    [prefix],
  );
  return [
    { what: `${prefix}: confirms that were answered with 200`, expected: count, actual: run.statuses.get(200) ?? 0 },
    { what: `${prefix}: confirmed reservations`, expected: count, actual: row?.confirmed ?? 0 },
    { what: `${prefix}: used coupons`, expected: count, actual: row?.used ?? 0 },
    { what: `${prefix}: events of confirms`, expected: count, actual: row?.told ?? 0 },
  ];
}

async function sweep(stage: Stage, database: BenchDatabase, batch: number, most = Number.MAX_SAFE_INTEGER) {
  const { child } = await stage.program('sweep', {
    DATABASE_URL: database.url,
    BATCH: String(batch),
    MOST: String(most),
  });
  return { report: reportOf<Swept>(child) };
}

async function sweptChecks(
  database: BenchDatabase,
  policyId: string,
  expected: number,
  name: string,
): Promise<Check[]> {
  const [row] = await database.query<{ issued: number; expired: number; told: number }>(
    `select (select count(*)::int from coupons where policy_id = $1 and status = 'ISSUED') as issued,
       (select count(*)::int from reservations r join coupons c on c.id = r.coupon_id
        where c.policy_id = $1 and r.status = 'EXPIRED') as expired,
       (select count(*)::int from events where key = $1::text and type = 'coupon.reservation-expired.v1') as told`,
    [policyId],
  );
  return [
    { what: `${name}: coupons that are free again`, expected, actual: row?.issued ?? 0 },
    { what: `${name}: reservations that are over`, expected, actual: row?.expired ?? 0 },
    { what: `${name}: events`, expected, actual: row?.told ?? 0 },
  ];
}

async function overdue(database: BenchDatabase, count: number, prefix: string): Promise<string> {
  const policyId = await activePolicy(database, 10_000_000);
  await fillHeld(database, { policyId, count, prefix, state: 'OVERDUE' });
  return policyId;
}

/** The fewest words that give the coupons back: one statement, without reservations, events and rules. */
async function bareUpdate(database: BenchDatabase, policyId: string): Promise<Swept> {
  const began = performance.now();
  const rows = await database.query<{ swept: number }>(
    `with freed as (update coupons set status = 'ISSUED', version = version + 1, reserved_until = null, discount = null,
       reservation_id = null, order_number = null where policy_id = $1 and status = 'RESERVED' returning 1)
     select count(*)::int as swept from freed`,
    [policyId],
  );
  return { swept: rows[0]?.swept ?? 0, seconds: (performance.now() - began) / 1_000 };
}

export const sweeper: Figure = {
  name: 'sweeper',
  async run(stage: Stage) {
    const [count, rate, confirms] = [stage.pick(100_000, 500), stage.pick(1_000, 200), stage.pick(10_000, 200)];
    const database = await stage.database();
    const service = await stage.service('GROUP_COMMIT');
    const checks: Check[] = [];
    const rows: Cell[][] = [];
    const row = (name: string, { swept, seconds }: Swept, run?: LoadResult) =>
      rows.push([
        name,
        swept,
        seconds,
        swept / seconds,
        ...(run ? [0, 2, 3].map(i => spread(run)[i] ?? 0) : ['', '', '']),
      ]);

    const livePolicy = await activePolicy(database, 10_000_000);
    const live = (prefix: string) =>
      fillHeld(database, { policyId: livePolicy, count: confirms, prefix, state: 'LIVE' });
    // A service that has just started would answer its first confirms slowly, whatever is swept beside them.
    await live('warm');
    await confirmAll(service, 'warm', confirms, 64);
    await live('quiet');
    const quiet = await confirmAll(service, 'quiet', confirms, 64, rate);
    rows.push(['nothing swept, only confirms', 0, '', '', ...[0, 2, 3].map(i => spread(quiet)[i] ?? 0)]);
    checks.push(...(await confirmedChecks(database, 'quiet', confirms, quiet)));

    let seconds = 0;
    let p99 = 0;
    for (const batch of stage.pick([500, 1_000], [100])) {
      const prefix = `live${batch}`;
      await live(prefix);
      const policyId = await overdue(database, count, `over${batch}`);
      const { report } = await sweep(stage, database, batch);
      const [swept, run] = await Promise.all([report, confirmAll(service, prefix, confirms, 64, rate)]);
      row(`batches of ${batch}, beside ${rate} confirms/s`, swept, run);
      checks.push(...(await sweptChecks(database, policyId, count, `batches of ${batch}`)));
      checks.push(...(await confirmedChecks(database, prefix, confirms, run)));
      if (batch !== 500 && seconds > 0) continue;
      seconds = swept.seconds;
      p99 = spread(run)[2] ?? 0;
    }
    const alone = await overdue(database, count, 'alone');
    row('batches of 500, nothing beside', await (await sweep(stage, database, 500)).report);
    checks.push(...(await sweptChecks(database, alone, count, 'nothing beside')));

    const few = stage.pick(2_000, 50);
    const single = await overdue(database, few, 'single');
    row('naive: one transaction each', await (await sweep(stage, database, 1)).report);
    checks.push(...(await sweptChecks(database, single, few, 'naive')));
    row('limit: one bare UPDATE of coupons', await bareUpdate(database, await overdue(database, count, 'bare')));
    return {
      tables: [
        {
          title: `Sweeper: ${count} overdue reservations through the use case`,
          columns: ['way', 'swept', 'seconds', 'per s', 'confirm p50 ms', 'p99 ms', 'max ms'],
          rows,
          notes: [
            'The sweeper is a process of its own; the confirms go through the service over HTTP. The limit writes no reservation and no event.',
            verdict('seconds in batches of 500 beside the confirms, goal below 10', seconds, ' s', seconds < 10),
            verdict('p99 of the confirms meanwhile, goal below 50 ms', p99, ' ms', p99 < 50),
          ],
        },
      ],
      checks,
    };
  },
};
