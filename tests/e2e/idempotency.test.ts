import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api, aService, aShopper, type Caller, operator, tokenOf } from './support/api.js';
import { countsOf, type TestDatabase, testDatabase } from './support/database.js';
import { Shop } from './support/orders.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;
let api: Api;
const start = async () => {
  service = await startService({ DATABASE_URL: database.url });
  api = new Api(service.url);
};

beforeAll(async () => {
  database = await testDatabase();
  await start();
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.close();
});

const key = () => ({ 'idempotency-key': randomUUID() });

/** Sends a request of a client that never reads: for it, the answer is lost. */
function sendAndNeverRead(as: Caller, path: string, body: string, idempotencyKey: string): Socket {
  const socket = connect(service.port, '127.0.0.1');
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf(as)}\r\n` +
      `Idempotency-Key: ${idempotencyKey}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

describe('an Idempotency-Key', () => {
  it('rule 23: the same key and body is answered byte for byte, and takes effect once', async () => {
    const policyId = await api.policy();
    const shopper = aShopper();
    const headers = key();
    const first = await api.issue(shopper, policyId, headers);
    const again = await api.issue(shopper, policyId, headers);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await countsOf(database, policyId)).issued).toBe(1);
  });

  it('keeps a 409 as well, whatever has become possible since', async () => {
    const policyId = await api.policy({ limits: { total: 1 } });
    await api.coupon(aShopper(), policyId);
    const [shopper, headers] = [aShopper(), key()];
    const refused = await api.issue(shopper, policyId, headers);
    const terms = {
      name: 'A sale',
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 3000 },
      issuance: ['FIRST_COME'],
    };
    const body = { ...terms, limits: { total: 5 } };
    expect((await api.call('PUT', `/api/v3/coupon-policies/${policyId}`, { as: operator, body })).status).toBe(200);
    const again = await api.issue(shopper, policyId, headers);
    expect([refused.status, again.status, again.text]).toEqual([409, 409, refused.text]);
    expect((await api.issue(shopper, policyId, key())).status).toBe(201);
  });

  it('is refused with 422 for another body, and belongs to one user', async () => {
    const [one, two] = [await api.policy(), await api.policy()];
    const [shopper, headers] = [aShopper(), key()];
    await api.issue(shopper, one, headers);
    const other = await api.issue(shopper, two, headers);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await api.issue(aShopper(), one, headers)).status).toBe(201);
  });

  it('lets one of many that come at once through', async () => {
    const policyId = await api.policy();
    const [shopper, headers] = [aShopper(), key()];
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.issue(shopper, policyId, headers)));
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code)).toEqual(
      answers.filter(({ status }) => status !== 201).map(() => 'IDEMPOTENCY_KEY_IN_FLIGHT'),
    );
    expect((await countsOf(database, policyId)).issued).toBe(1);
  });

  it('answers after kill -9 between commit and answer what was decided before it', async () => {
    const policyId = await api.policy();
    const [shopper, headers] = [aShopper(), key()];
    const body = JSON.stringify({ policyId });
    const socket = sendAndNeverRead(shopper, '/api/v1/coupons/issue', body, headers['idempotency-key']);
    while ((await countsOf(database, policyId)).issued === 0) await sleep(1);
    await service.end('SIGKILL');
    socket.destroy();
    await start();
    const [kept] = await database.query<{ response: string }>(
      'select response from idempotency_keys where owner = $1',
      [shopper.sub],
    );
    const retried = await api.issue(shopper, policyId, headers);
    expect(retried.status).toBe(201);
    expect(JSON.parse(kept?.response ?? '{}').body).toBe(retried.text);
    expect((await countsOf(database, policyId)).issued).toBe(1);
    expect((await api.issue(shopper, policyId, headers)).text).toBe(retried.text);
  });

  it('repeats the answer to an order after kill -9 between commit and answer, and the order is placed once', async () => {
    const shop = new Shop(api);
    const [buyer, headers] = [aShopper(), key()];
    const lines = [{ lineId: '1', productId: await shop.product(), optionId: 'blue', quantity: 1 }];
    const body = JSON.stringify({ lines, couponIds: [], codes: [], points: 0, payment: 'NONE', channel: null });
    const socket = sendAndNeverRead(buyer, '/api/v3/orders', body, headers['idempotency-key']);
    const placed = () => database.query<{ id: string }>('select id from orders where user_id = $1', [buyer.sub]);
    while ((await placed()).length === 0) await sleep(1);
    await service.end('SIGKILL');
    socket.destroy();
    await start();
    const [kept] = await database.query<{ response: string }>(
      'select response from idempotency_keys where owner = $1',
      [buyer.sub],
    );
    const again = () => api.call('POST', '/api/v3/orders', { as: buyer, headers, body });
    const retried = await again();
    expect(retried.status).toBe(202);
    expect(JSON.parse(kept?.response ?? '{}').body).toBe(retried.text);
    expect((await again()).text).toBe(retried.text);
    expect(await placed()).toEqual([{ id: retried.body.orderNumber }]);
    expect(await new Shop(api).settled(buyer, String(retried.body.orderNumber))).toMatch(/^COMPLETED/);
  });

  it('works for every change of a coupon', async () => {
    const policyId = await api.policy();
    const couponId = await api.coupon(aShopper(), policyId);
    const headers = key();
    const use = () =>
      api.call('POST', `/api/v3/coupons/${couponId}/use`, {
        as: aService,
        headers,
        body: { orderNumber: 'o-1', orderAmount: { amount: 20_000, currency: 'KRW' } },
      });
    const first = await use();
    expect([first.status, (await use()).text]).toEqual([200, first.text]);
  });
});
