import { type LoadResult, percentile } from '@org/example-service/http-load';
import type pg from 'pg';
import { byPool } from '../by-pool.js';
import { activePolicy } from '../database.js';
import type { Check, Figure } from '../figure.js';
import { fillHeld } from '../fill.js';
import { perSecond, spread, spreadColumns, verdict } from '../measuring.js';
import type { Stage } from '../stage.js';
import type { Cell } from '../table.js';
import { confirmAll, confirmedChecks } from './sweeper.js';

/** What most teams build first: lock, look, write three rows, commit; one at a time, without HTTP. */
async function confirmOne(client: pg.PoolClient, id: string) {
  await client.query('begin');
  const { rows } = await client.query({
    name: 'look',
    text: `select r.coupon_id, c.version, c.policy_id from reservations r join coupons c on c.id = r.coupon_id
      where r.id = $1 and r.status = 'RESERVED' and r.expires_at > now() for update of c`,
    values: [id],
  });
  const [{ coupon_id: coupon, version, policy_id: policy }] = rows;
  await client.query({
    name: 'use',
    text: `update coupons set status = 'USED', used_at = now(), reserved_until = null, version = version + 1 where id = $1`,
    values: [coupon],
  });
  await client.query({
    name: 'end',
    text: `update reservations set status = 'CONFIRMED', ended_at = now(), version = version + 1 where id = $1`,
    values: [id],
  });
  await client.query({
    name: 'tell',
    text: `insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
      values ($1, $2, 'coupon.reservation-confirmed.v1', $3, 0, 'bench', '{}')`,
    values: [coupon, version + 1, policy],
  });
  await client.query('commit');
}

const touchOne = (client: pg.PoolClient, id: string) =>
  client.query({ name: 'touch', text: 'update reservations set version = version + 1 where id = $1', values: [id] });

/** Reservations that are confirmed by the shop, over HTTP. */
export const confirm: Figure = {
  name: 'confirm',
  async run(stage: Stage) {
    const database = await stage.database();
    const service = await stage.service('GROUP_COMMIT');
    const policyId = await activePolicy(database, 10_000_000);
    const rows: Cell[][] = [];
    const checks: Check[] = [];
    const fill = (prefix: string, count: number) => fillHeld(database, { policyId, count, prefix, state: 'LIVE' });
    const row = (name: string, run: LoadResult) => rows.push([name, perSecond(run), ...spread(run)]);

    await fill('first', stage.pick(5_000, 50));
    await confirmAll(service, 'first', stage.pick(5_000, 50), 64);
    for (const connections of stage.pick([64, 256], [32])) {
      const [prefix, count] = [`burst${connections}`, stage.pick(40_000, 300)];
      await fill(prefix, count);
      const run = await confirmAll(service, prefix, count, connections);
      row(`service, as fast as it goes, ${connections} connections`, run);
      checks.push(...(await confirmedChecks(database, prefix, count, run)));
    }
    let goal = 0;
    for (const rate of stage.pick([1_000, 3_000, 5_000], [200])) {
      const [prefix, count] = [`rate${rate}`, rate * stage.pick(10, 1)];
      await fill(prefix, count);
      const run = await confirmAll(service, prefix, count, 256, rate);
      row(`service at a steady ${rate}/s`, run);
      checks.push(...(await confirmedChecks(database, prefix, count, run)));
      goal = percentile(run.latencies, 0.99);
    }
    const connections = stage.pick(20, 4);
    const few = stage.pick(5_000, 50);
    await fill('naive', few);
    const naive = await byPool(database, connections, few, (client, n) => confirmOne(client, `naive-${n}`));
    row(`naive: one transaction each, ${connections} connections, no HTTP`, naive);
    checks.push(...(await confirmedChecks(database, 'naive', few, { ...naive, statuses: new Map([[200, few]]) })));
    const many = stage.pick(20_000, 50);
    await fill('limit', many);
    row(
      `limit: bare UPDATE of one row each, ${connections} connections`,
      await byPool(database, connections, many, (client, n) => touchOne(client, `limit-${n}`)),
    );
    return {
      tables: [
        {
          title: 'Confirm over HTTP: coupon, reservation and event written for each',
          columns: ['way', 'per s', ...spreadColumns],
          rows,
          notes: [verdict('p99 at the highest steady rate, goal below 50 ms', goal, ' ms', goal < 50)],
        },
      ],
      checks,
    };
  },
};
