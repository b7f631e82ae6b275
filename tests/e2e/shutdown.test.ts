import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../examples/service/src/embedded/cluster.js';
import { Api } from './support/api.js';
import { countsOf, ownDatabase } from './support/database.js';
import { rush, usersOf } from './support/rush.js';
import { startService } from './support/service-process.js';

const database = ownDatabase();

describe('a stop under load', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: every accepted request is answered, and the next process goes on',
    async signal => {
      const PORT = String(await freePort());
      const start = () => startService({ DATABASE_URL: database.url, PORT });
      const first = await start();
      const policyId = await new Api(first.url).policy();
      const users = usersOf(`stop-${signal}`, 3_000);
      let answers = 0;
      const sale = rush({
        port: Number(PORT),
        policyId,
        users,
        onAnswer: () => {
          answers++;
        },
      });
      while (answers < 500) await sleep(1);
      expect(await first.end(signal)).toBe(0);
      const second = await start();
      const { told, statuses } = await sale;
      expect([...statuses.keys()].filter(status => status !== 201 && status !== 0)).toEqual([]);
      // Who got no answer (his request came when the port was closed) got no coupon either.
      expect((await countsOf(database, policyId)).issued).toBe(told.size);
      expect(told.size).toBeGreaterThan(500);
      expect(await second.end('SIGTERM')).toBe(0);
    },
  );
});
