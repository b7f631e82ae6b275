import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { Api } from '../e2e/support/api.js';
import { countsOf, ownDatabase } from '../e2e/support/database.js';
import { rush, usersOf } from '../e2e/support/rush.js';
import { startService } from '../e2e/support/service-process.js';

const rounds = Number(process.env.CHAOS_ROUNDS ?? 1);
const coupons = 1_500;

const database = ownDatabase();

describe('kill -9 of the service in the middle of a rush', () => {
  it.each(Array.from({ length: rounds }, (_, round) => round + 1))(
    'round %i: what a client was told is there, never too many, and the rest can still be had',
    async round => {
      const PORT = String(await freePort());
      const start = () => startService({ DATABASE_URL: database.url, PORT });
      const first = await start();
      const policyId = await new Api(first.url).policy({ limits: { total: coupons, perUser: 1 } });
      const killAfter = 100 + ((round * 317) % 1_000);
      let winners = 0;
      const sale = rush({
        port: Number(PORT),
        policyId,
        users: usersOf(`kill-${round}`, 1_400),
        onAnswer: (_, status) => {
          if (status === 201) winners++;
        },
      });
      while (winners < killAfter) await sleep(1);
      await first.end('SIGKILL');
      const second = await start();
      const { told } = await sale;

      const ids = [...told.keys()];
      const found = await database.query('select id from coupons where id = any($1::uuid[])', [ids]);
      expect(found).toHaveLength(ids.length);
      const rest = await rush({ port: Number(PORT), policyId, users: usersOf(`rest-${round}`, 2_000) });
      const all = { issued: coupons, users: coupons, last: coupons, numbers: coupons, events: coupons };
      expect(await countsOf(database, policyId)).toEqual(all);
      expect(told.size + rest.told.size).toBeLessThanOrEqual(coupons);
      expect(await second.end('SIGTERM')).toBe(0);
    },
  );
});
