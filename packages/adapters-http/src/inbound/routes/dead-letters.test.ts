import { setTimeout as sleep } from 'node:timers/promises';
import { MOST_REDRIVES, oneByOne } from '@org/application';
import { aServer, operator, shopper, type TestServer } from '../http.fixtures.js';

let server: TestServer;
beforeEach(async () => {
  server = await aServer();
});
afterEach(() => server.close());

const list = (query = '', token = operator) => server.get(`/api/v1/dead-letters${query}`, { token });
const redrive = (id: unknown) => server.post(`/api/v1/dead-letters/${id}/redrive`, { token: operator });

/** A group that gives up at once whatever it gets, until `settled` holds. */
async function whileAllFails(settled: () => Promise<boolean>): Promise<void> {
  const fail = async () => {
    throw new TypeError('no such option');
  };
  const handle = oneByOne(fail, { isFatal: () => true });
  const group = await server.adapters.eventConsumer.subscribe({ group: 'saga', types: ['order.placed.v1'], handle });
  for (let turn = 0; turn < 500 && !(await settled()); turn++) {
    server.adapters.clock.advance(20);
    await sleep(2);
  }
  await group.stop();
}

const aDeadLetter = async (key: string) => {
  const origin = { actor: 'ann', traceparent: null };
  const facts = { streamId: `order/${key}`, streamVersion: 1, type: 'order.placed.v1', data: { key }, key, origin };
  await server.adapters.eventPublisher.publish([facts]);
  await whileAllFails(async () => (await list()).json.items.some(each => each.key === key));
};

describe('dead letters over HTTP', () => {
  it('are listed with their cause and without their stack, newest first, page by page', async () => {
    await aDeadLetter('ann');
    await aDeadLetter('bob');
    const first = await list('?limit=1&status=DEAD');
    expect(first.status).toBe(200);
    expect(first.json.items).toEqual([
      {
        ...{ id: '2', group: 'saga', status: 'DEAD', eventId: 'order/bob:1', type: 'order.placed.v1', key: 'bob' },
        ...{ data: { key: 'bob' }, error: { name: 'TypeError', message: 'no such option' }, attempts: 1, redrives: 0 },
        firstFailedAt: expect.stringMatching(/Z$/),
        lastFailedAt: expect.stringMatching(/Z$/),
      },
    ]);
    const next = await list(`?limit=1&status=DEAD&cursor=${first.json.nextCursor}`);
    expect([next.json.items.map(({ key }) => key), next.json.nextCursor]).toEqual([['ann'], null]);
    expect((await list('?status=FAILED')).json.items).toEqual([]);
  });

  it('are sent round again, five times at most', async () => {
    await aDeadLetter('ann');
    for (let turn = 1; turn <= MOST_REDRIVES; turn++) {
      expect(await redrive('1')).toMatchObject({ status: 200, json: { id: '1', status: 'REDRIVEN' } });
      await whileAllFails(async () => (await list('?status=REDRIVEN')).json.items.length === 0);
    }
    expect(await redrive('1')).toMatchObject({ status: 409, json: { code: 'DEAD_LETTER_FAILED', id: '1' } });
    expect(await redrive('2')).toMatchObject({ status: 404, json: { code: 'DEAD_LETTER_NOT_FOUND' } });
  });

  it('are counted by group', async () => {
    await aDeadLetter('ann');
    const { json } = await server.get('/api/v1/event-groups', { token: operator });
    expect(json.items).toEqual([{ group: 'saga', lagMs: 0, parked: 0, dead: 1, failed: 0 }]);
  });

  it('are nothing for shoppers, and a bad status is named', async () => {
    expect((await list('', shopper())).status).toBe(403);
    expect((await server.get('/api/v1/event-groups', { token: shopper() })).status).toBe(403);
    expect((await list('?status=ILL')).json).toMatchObject({
      code: 'MALFORMED_REQUEST',
      errors: [{ field: 'status' }],
    });
  });
});
