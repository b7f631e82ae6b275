import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SseClient } from '../support/push-clients.js';
import { type Answer, Api, aShopper, type Caller, operator, tokenOf } from './support/api.js';
import { countsOf, type TestDatabase, testDatabase } from './support/database.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;
let api: Api;

beforeAll(async () => {
  database = await testDatabase();
  service = await startService({ DATABASE_URL: database.url });
  api = new Api(service.url);
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.close();
});

const ask = (as: Caller, policyId: string, headers: Readonly<Record<string, string>> = {}) =>
  api.call('POST', '/api/v3/coupons', { as, body: { policyId }, headers });

/** Asks where the answer says until it is decided. */
async function outcome(as: Caller, accepted: Answer) {
  const where = accepted.headers.get('location') ?? '';
  for (let turn = 0; turn < 400; turn++) {
    const { body } = await api.call('GET', where, { as });
    if (body.status !== 'PENDING') return body;
    await sleep(50);
  }
  throw new Error(`${where} was never decided`);
}

describe('a request for a coupon', () => {
  it('is accepted, decided, found by its owner, and told to him as it happens', async () => {
    const policyId = await api.policy({ limits: { total: 1, perUser: 1 } });
    const [ann, bob] = [aShopper('ann'), aShopper('bob')];
    const clients = [
      await SseClient.connect(service.port, { token: tokenOf(ann) }),
      await SseClient.connect(service.port, { token: tokenOf(bob) }),
    ] as const;
    const accepted = await ask(ann, policyId);
    const { requestId } = accepted.body;
    expect([accepted.status, accepted.body]).toEqual([202, { requestId, status: 'PENDING' }]);
    const won = await outcome(ann, accepted);
    expect(won).toMatchObject({ requestId, status: 'ISSUED', coupon: { policyId, userId: ann.sub, sequence: 1 } });
    const late = await ask(bob, policyId);
    const lost = await outcome(bob, late);
    expect(lost).toEqual({
      ...{ requestId: late.body.requestId, status: 'REFUSED', code: 'COUPON_SOLD_OUT', data: { total: 1 } },
    });

    for (const [i, told] of [won, lost].entries()) {
      const client = clients[i] as SseClient;
      await client.until(({ frames }) => frames.length === 1);
      expect(client.frames).toMatchObject([{ event: 'coupon.result', data: told }]);
      client.hangUp();
    }
    const again = await SseClient.connect(service.port, {
      ...{ token: tokenOf(bob), query: { lastEventId: clients[1].lastId } },
    });
    await sleep(200);
    expect(again.frames).toEqual([]);
    again.hangUp();

    const where = accepted.headers.get('location') ?? '';
    expect((await api.call('GET', where, { as: bob })).status).toBe(404);
    expect((await api.call('GET', where, { as: operator })).body).toEqual(won);
  });

  it('that was refused while nobody was connected is told to whoever comes back', async () => {
    const policyId = await api.policy({ limits: { total: 1 } });
    await api.coupon(aShopper(), policyId);
    const ann = aShopper('ann');
    const { lastEventId } = (await api.call('POST', '/api/v1/events/tickets', { as: ann })).body;
    const lost = await outcome(ann, await ask(ann, policyId));
    const query = { lastEventId: String(lastEventId) };
    const client = await SseClient.connect(service.port, { token: tokenOf(ann), query });
    await client.until(({ frames }) => frames.length === 1);
    expect(client.frames).toMatchObject([{ event: 'coupon.result', data: lost }]);
    client.hangUp();
  });

  it('is made once under its key, however often it is sent', async () => {
    const policyId = await api.policy();
    const ann = aShopper('ann');
    const headers = { 'idempotency-key': randomUUID() };
    const answers = [await ask(ann, policyId, headers), await ask(ann, policyId, headers)] as const;
    expect(answers[1].text).toBe(answers[0].text);
    await outcome(ann, answers[0]);
    expect((await ask(ann, policyId, headers)).text).toBe(answers[0].text);
    expect((await countsOf(database, policyId)).issued).toBe(1);
  });

  it('wins as often as there are coupons when hundreds come at once, by both ways of asking', async () => {
    const policyId = await api.policy({ limits: { total: 50, perUser: 1 } });
    const users = Array.from({ length: 200 }, () => aShopper());
    const outcomes = await Promise.all(
      users.map(async (as, i) => {
        if (i % 4 === 0) return (await api.issue(as, policyId)).status === 201 ? 'ISSUED' : 'REFUSED';
        return (await outcome(as, await ask(as, policyId))).status;
      }),
    );
    expect(outcomes.filter(status => status === 'ISSUED')).toHaveLength(50);
    const fifty = { issued: 50, users: 50, last: 50, numbers: 50, events: 50 };
    expect(await countsOf(database, policyId)).toEqual(fifty);
  });
});
