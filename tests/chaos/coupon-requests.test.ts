import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { Api, aShopper, type Caller, operator } from '../e2e/support/api.js';
import { countsOf, ownDatabase } from '../e2e/support/database.js';
import { startService } from '../e2e/support/service-process.js';
import { each, insist } from './support/order-traffic.js';

const requests = Number(process.env.CHAOS_REQUESTS ?? 400);
const killEveryMs = Number(process.env.CHAOS_KILL_MS ?? 1_500);
const coupons = Math.round(requests / 3);

const database = ownDatabase();

/** Kills one of two services and starts it again, until it is told to stop; answers how often. */
async function torment(starts: readonly (() => ReturnType<typeof startService>)[], isOver: () => boolean) {
  const services = await Promise.all(starts.map(start => start()));
  let kills = 0;
  for (; !isOver() || kills < 2; kills++) {
    await sleep(killEveryMs * (0.5 + ((kills * 7) % 10) / 10));
    const which = kills % services.length;
    await services[which]?.end('SIGKILL');
    services[which] = (await starts[which]?.()) as (typeof services)[number];
  }
  return kills;
}

const undecided = `select count(*)::int as count from events r where r.type = 'coupon.requested.v1'
  and not exists (select from events e where e.stream_id = r.stream_id and e.stream_version = 2)
  and not exists (select from coupons c where c.cause = r.stream_id)`;

describe('kill -9 of services in the middle of a sale that is decided later', () => {
  it(`${requests} requests for ${coupons} coupons: one outcome each, and exactly as many winners as coupons`, async () => {
    const ports = [await freePort(), await freePort()];
    const starts = ports.map(
      port => () => startService({ DATABASE_URL: database.url, PORT: String(port), BUS_LEASE_SECONDS: '1' }),
    );
    const first = await startService({ DATABASE_URL: database.url });
    const policyId = await new Api(first.url).policy({ limits: { total: coupons, perUser: 1 } });
    await first.end('SIGTERM');

    let isOver = false;
    const kills = torment(starts, () => isOver);
    const apis = ports.map(port => new Api(`http://127.0.0.1:${port}`));
    // A third of the users come twice: the second request is refused.
    const users = Array.from({ length: Math.round((requests * 2) / 3) }, () => aShopper());
    const told = new Map<string, Caller>();
    await each(
      Array.from({ length: requests }, (_, i) => i),
      32,
      async i => {
        const user = users[i % users.length] as Caller;
        const headers = { 'idempotency-key': `key-${i}` };
        const answer = await insist(apis[i % 2] as Api, '/api/v3/coupons', { as: user, body: { policyId }, headers });
        told.set(String(answer.body.requestId), user);
      },
    );
    isOver = true;
    expect(await kills).toBeGreaterThan(1);
    for (let turn = 0; turn < 300; turn++) {
      const [open] = await database.query<{ count: number }>(undecided);
      if (open?.count === 0) break;
      await sleep(100);
    }

    expect(told.size).toBe(requests);
    expect(await countsOf(database, policyId)).toEqual({
      ...{ issued: coupons, users: coupons, last: coupons, numbers: coupons, events: coupons },
    });
    const [rows] = await database.query<{ requested: number; refused: number }>(
      `select count(*) filter (where type = 'coupon.requested.v1')::int as requested,
         count(*) filter (where type = 'coupon.request-refused.v1')::int as refused
       from events where key = $1::text`,
      [policyId],
    );
    expect(rows).toEqual({ requested: requests, refused: requests - coupons });
    const statuses = new Map<string, number>();
    await each([...told.keys()], 32, async requestId => {
      const { body } = await (apis[0] as Api).call('GET', `/api/v3/coupons/requests/${requestId}`, { as: operator });
      statuses.set(body.status, (statuses.get(body.status) ?? 0) + 1);
    });
    expect(Object.fromEntries(statuses)).toEqual({ ISSUED: coupons, REFUSED: requests - coupons });
  }, 600_000);
});
