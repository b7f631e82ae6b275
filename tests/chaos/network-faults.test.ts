import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from '../e2e/support/api.js';
import { ownDatabase } from '../e2e/support/database.js';
import { type ServiceProcess, startService } from '../e2e/support/service-process.js';
import { CuttableLine } from '../support/cuttable-line.js';
import { CLIENTS, often, POOL_SIZE, saleInTrouble, type Trouble } from './support/sale-in-trouble.js';

const STATEMENT_SECONDS = 2;
/** The service gives up five seconds after Postgres should have. */
const SILENCE_MS = STATEMENT_SECONDS * 1_000 + 6_000;

const database = ownDatabase();
let line: CuttableLine;
let service: ServiceProcess;
beforeAll(async () => {
  line = new CuttableLine(new URL(database.url));
  service = await startService({
    ...{ DATABASE_URL: await line.listen(), DATABASE_POOL_SIZE: String(POOL_SIZE), BUS_LEASE_SECONDS: '1' },
    DATABASE_STATEMENT_TIMEOUT_SECONDS: String(STATEMENT_SECONDS),
  });
});
afterAll(async () => {
  await service?.end('SIGKILL');
  await line?.close();
});

const sale = (name: string, fault: Trouble['fault']) =>
  saleInTrouble({ database, apis: [new Api(service.url)], name, fault });

describe('the line between the service and Postgres, in the middle of a sale', () => {
  it.each([
    ['the answer to a commit: it is done', 'cutAnswer', 'COMMIT\0'],
    ['a commit itself: it is not done', 'cutRequest', 'commit\0'],
  ] as const)(
    'is cut instead of %s, and who asks again with his key gets the one true answer',
    async (_, how, word) => {
      const before = line.cuts;
      const cutOnce = async () => {
        const cuts = line.cuts;
        line[how] = word;
        for (let ms = 0; line.cuts === cuts && ms < 10_000; ms++) await sleep(1);
        line[how] = null;
      };
      await sale(how, seen => often(30, cutOnce, () => line.cuts - before > 10 && seen.times('OUTCOME_UNKNOWN') > 0));
    },
    120_000,
  );

  it.each(['answers', 'requests'] as const)(
    'loses all %s for longer than anybody waits: nobody is told of a coupon that is not his, and the sale goes on by itself',
    async direction => {
      await sale(`without-${direction}`, async ({ winners }) => {
        const before = winners.size;
        line.drop(direction);
        await sleep(SILENCE_MS);
        // What was on its way at that moment, and nothing else.
        expect(winners.size - before).toBeLessThanOrEqual(CLIENTS);
        line.drop(null);
      });
    },
    120_000,
  );

  it('is reset again and again: what was told is there, and the sale goes on by itself', async () => {
    await sale('reset', seen =>
      often(
        100,
        () => line.reset(),
        () => seen.times('STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN') > 0,
      ),
    );
  }, 120_000);
});
