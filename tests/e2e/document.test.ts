import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../../examples/service/src/tokens.js';
import { AnswerChecker, type Document } from '../../packages/adapters-http/src/inbound/document/answers.fixtures.js';
import { SseClient, WebSocketClient } from '../support/push-clients.js';
import { Api, aService, aShopper, type Caller, type CallOptions, operator, tokenOf } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';
import { filled, type Operation, operationsOf, withFields } from './support/document.js';
import { eventually, Shop } from './support/orders.js';
import { killAll, type ServiceProcess, startService } from './support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;
let api: Api;
let operations: Operation[];
let checker: AnswerChecker;

beforeAll(async () => {
  database = await testDatabase();
  service = await startService({ DATABASE_URL: database.url });
  api = new Api(service.url);
  operations = await operationsOf(api);
  checker = new AnswerChecker((await api.call('GET', '/openapi.json')).body as unknown as Document);
});
afterAll(async () => {
  await service?.end('SIGTERM');
  await killAll();
  await database?.close();
});

const titleOf = ({ method, path }: Operation) => `${method} ${path}`;
const guarded = () => operations.filter(({ roles }) => roles.length > 0);

/** Things of one shopper that every operation can be tried on. */
async function things(owner: Caller, withOrders = true) {
  const policyId = await api.policy({ issuance: ['FIRST_COME', 'CODE', 'DOWNLOAD', 'EVENT'] });
  const couponId = await api.coupon(owner, policyId);
  const held = await api.coupon(owner, policyId);
  const usedCouponId = await api.coupon(owner, policyId);
  const reservationId = randomUUID();
  await api.reserve(owner, held, { reservationId });
  await api.call('POST', `/api/v3/coupons/${usedCouponId}/use`, {
    as: aService,
    body: { orderNumber: 'o-1', orderAmount: { amount: 20_000, currency: 'KRW' } },
  });
  const requestId = await aDecidedRequest(owner, policyId);
  const wanted = await anItemInTheCartOf(owner);
  const order = async (payment: string) =>
    withOrders ? new Shop(api).ordered(owner, wanted.productId, 1, { payment }) : 'o-1';
  const [orderNumber, paidOrderNumber] = await Promise.all([order('EXTERNAL'), order('NONE')]);
  const gift = { userId: owner.sub, points: 100_000, key: 'gift' };
  const { pointId } = (await api.call('POST', '/api/v2/points/earn', { as: aService, body: gift })).body;
  const codes = `/api/v3/coupon-policies/${policyId}/codes`;
  const { jobId } = (await api.call('POST', codes, { as: operator, body: { count: 3, length: 10 } })).body;
  let code: string | undefined;
  for (let i = 0; i < 400 && code === undefined; i++) {
    code = ((await api.call('GET', codes, { as: operator })).body.items as { code: string }[])[0]?.code;
    if (code === undefined) await sleep(30);
  }
  if (code === undefined) throw new Error('no code was made in time');
  const ids = { requestId, policyId, couponId, usedCouponId, reservationId, jobId, pointId, orderNumber, ...wanted };
  return { ...ids, code, paidOrderNumber, userId: owner.sub, job: 'coupon-expiry' };
}

async function aDecidedRequest(owner: Caller, policyId: string): Promise<string> {
  const asked = await api.call('POST', '/api/v3/coupons', { as: owner, body: { policyId } });
  const path = `/api/v3/coupons/requests/${asked.body.requestId}`;
  const status = async () => (await api.call('GET', path, { as: owner })).body.status;
  await eventually(status, 'ISSUED');
  return String(asked.body.requestId);
}

/** An account with a session, for the operations of the user area. */
async function anAccount() {
  const person = { email: `reader-${randomUUID()}@shop.example`, password: 'correct horse battery' };
  const made = await api.call('POST', '/api/v1/users/signup', { body: { ...person, name: 'Reader' } });
  const { accessToken, refreshToken } = (await api.call('POST', '/api/v1/users/login', { body: person })).body;
  const owner: Caller = { sub: String(made.body.userId), roles: ['shopper'] };
  return { ...person, owner, fields: { token: accessToken, refreshToken, currentPassword: person.password } };
}

/** A product of its own that somebody has put into the cart. */
async function anItemInTheCartOf(owner: Caller) {
  const [productId, optionId] = [`p-${randomUUID()}`, 'blue'];
  const options = [{ optionId, price: { amount: 12_000, currency: 'KRW' } }];
  const path = `/api/v1/products/${productId}`;
  await api.call('PUT', path, { as: operator, body: { name: 'A mug', options } });
  await api.call('PUT', `${path}/options/${optionId}/stock`, { as: operator, body: { quantity: 10 } });
  await api.call('POST', '/api/v1/carts', { as: owner, body: { productId, optionId, quantity: 1 } });
  return { productId, optionId, originalProductId: productId, originalOptionId: optionId };
}

/** An event that a worker has given up; it is about no order, so that a redrive does no harm. */
async function aDeadLetter(): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `insert into parked_events (group_name, position, recorded_at, first_failed_at, last_failed_at, slice, stream_version,
       attempts, status, stream_id, type, key, actor, data, error_name, error_message, error_stack)
     values ('payment-worker', 1, now(), now(), now(), 0, 1, 4, 'DEAD', $1, 'order.completed.v1', 'nobody', 'test', '{}',
       'Error', 'no', '') returning id`,
    [`order/${randomUUID()}`],
  );
  return String(row?.id);
}

/** What an operation is tried with: a cancel wants a used coupon, a refund a completed order, a reservation a new id. */
function attempt({ path, examples: [example] }: Operation, mine: Awaited<ReturnType<typeof things>>) {
  const { userId, code, paidOrderNumber, ...ids } = mine;
  const orderNumber = path.endsWith('/refunds') ? paidOrderNumber : mine.orderNumber;
  const couponId = path.endsWith('/cancel') ? mine.usedCouponId : mine.couponId;
  const codes = path.endsWith('/redeem') ? { code } : {};
  const named = example && 'userId' in example ? { userId } : {};
  // A shared code belongs to one policy at a time.
  const own = example && 'issuance' in example ? { code: `C-${randomUUID()}` } : {};
  const at = { reservationId: randomUUID(), couponIds: [couponId], codes: [] };
  return {
    path: filled(path, { ...mine, couponId, orderNumber }),
    ...(example && { body: withFields(example, { ...ids, couponId, ...at, ...codes, ...named, ...own }) }),
  };
}

/** Calls an operation; what is answered is what the document says, whatever it is. */
async function call({ method }: Operation, path: string, options?: CallOptions) {
  const answer = await api.call(method, path, options);
  expect(checker.mistakesIn({ method, path, ...answer })).toEqual([]);
  return answer;
}

/** Connects as the document says, and hangs up. */
async function connectTo(operation: Operation): Promise<readonly object[]> {
  const kind = operation.connects === 'SSE' ? SseClient : WebSocketClient;
  const client = await kind.connect(service.port, { token: tokenOf(aShopper('reader')) });
  client.hangUp();
  const expected = operation.connects === 'SSE' ? { 200: ['text/event-stream'] } : { 101: [] };
  const isDocumented = Object.entries(expected).every(
    ([status, types]) => JSON.stringify(operation.answers[status]) === JSON.stringify(types),
  );
  return isDocumented ? [] : [{ operation: titleOf(operation), answers: operation.answers }];
}

/** Sends what the document says to an operation, as whoever it is for; answers what is wrong with the answer. */
async function drive(operation: Operation): Promise<readonly object[]> {
  if (operation.connects) return connectTo(operation);
  const isUsers = operation.path.startsWith('/api/v1/users/');
  const account = isUsers ? await anAccount() : null;
  const owner = account?.owner ?? aShopper('reader');
  const id = operation.path.includes('/dead-letters/{id}') ? await aDeadLetter() : undefined;
  const mine = { ...(await things(owner, /orders|payments/.test(operation.path))), ...(id && { id }) };
  const { path, body: tried } = attempt(operation, mine);
  // Signing up takes a new address, logging in the one that is known.
  const email = path.endsWith('/signup') ? `new-${randomUUID()}@shop.example` : account?.email;
  const body = tried && account ? withFields(tried, { ...account.fields, email }) : tried;
  if (path.endsWith('/activate')) await api.call('POST', path.replace('activate', 'pause'), { as: operator });
  const as = operation.roles.includes('shopper') ? owner : ({ sub: 'op', roles: operation.roles as Role[] } as Caller);
  const { status, text } = await call(operation, path, {
    ...(operation.roles.length > 0 && { as }),
    ...(body && { body }),
  });
  // What wants another protocol says so to whoever speaks this one.
  const isGood = '101' in operation.answers ? status === 426 : status < 400;
  return isGood ? [] : [{ operation: titleOf(operation), status, text: text.slice(0, 300) }];
}

const AT_ONCE = 6;
/** Every operation has its things made first; a busy machine takes its time. */
const MOST_MS = 180_000;

describe('the OpenAPI document', () => {
  it('names the areas of the service', () => expect(operations.length).toBeGreaterThan(30));

  it(
    'every operation, driven from it, answers as it says',
    async () => {
      const failures: object[] = [];
      // Each with things of its own, so several go on while one waits.
      for (let at = 0; at < operations.length; at += AT_ONCE)
        failures.push(...(await Promise.all(operations.slice(at, at + AT_ONCE).map(drive))).flat());
      expect(failures).toEqual([]);
    },
    MOST_MS,
  );

  it('no token is 401 wherever it names roles, and the wrong role is 403', async () => {
    const mine = await things(aShopper());
    for (const operation of guarded()) {
      const { path, body } = attempt(operation, mine);
      const nobody = await call(operation, path, body && { body });
      expect([titleOf(operation), nobody.status, nobody.body.code]).toEqual([titleOf(operation), 401, 'TOKEN_MISSING']);
      if (operation.roles.includes('shopper')) continue;
      const shopper = await call(operation, path, { as: aShopper(), ...(body && { body }) });
      expect([titleOf(operation), shopper.status, shopper.body.code]).toEqual([titleOf(operation), 403, 'FORBIDDEN']);
    }
  });
});

describe('user A × user B', () => {
  const owned = /\{(?:couponId|reservationId|userId|orderNumber)\}/;
  // The order of a reservation or of points is the caller's own word for it; here it is a row.
  const namesOrder = (path: string) => path.startsWith('/api/v3/orders') || path.startsWith('/api/v1/payments');
  const isOwned = ({ path, examples }: Operation) =>
    owned.test(path) ||
    examples.some(example => 'couponId' in example || ('orderNumber' in example && namesOrder(path)));

  it('finds every route that touches what is somebody’s', () =>
    expect(guarded().filter(isOwned).length).toBeGreaterThan(14));

  it('what is A’s is as good as not there for B, on every route: 404, the same as for what nobody has', async () => {
    const [a, b] = [aShopper('a'), aShopper('b')];
    const mine = await things(a);
    const nobodys = {
      ...mine,
      couponId: randomUUID(),
      usedCouponId: randomUUID(),
      reservationId: randomUUID(),
      orderNumber: randomUUID(),
      paidOrderNumber: randomUUID(),
      userId: 'nobody',
    };
    const rowsOf = (table: string) =>
      database.query(`select id, version, status from ${table} where user_id = $1 order by id`, [a.sub]);
    const rows = async () => [await rowsOf('coupons'), await rowsOf('orders')];
    const before = await rows();
    const tried = async (operation: Operation, on: typeof mine) => {
      const { path, body } = attempt(operation, on);
      const { status, body: answer } = await call(operation, path, { as: b, ...(body && { body }) });
      return [titleOf(operation), status, answer.code, Object.keys(answer)];
    };
    for (const operation of guarded().filter(isOwned)) {
      const answer = await tried(operation, mine);
      expect(answer).toEqual(await tried(operation, nobodys));
      expect(answer[1]).toBe(operation.roles.includes('shopper') ? 404 : 403);
    }
    expect(await rows()).toEqual(before);
  });

  it('B can’t act in the name of A', async () => {
    const [a, b] = [aShopper('a'), aShopper('b')];
    const mine = await things(a);
    const actions = guarded().filter(
      ({ method, path, roles }) =>
        method === 'POST' && /\/(issue|download|redeem|orders|cart)$/.test(path) && roles.includes('shopper'),
    );
    for (const operation of actions) {
      const { path, body } = attempt(operation, mine);
      const answer = await call(operation, path, { as: b, body: { ...body, userId: a.sub } });
      expect([titleOf(operation), answer.status]).toEqual([titleOf(operation), 403]);
    }
    expect(actions).toHaveLength(5);
  });
});
