import { aCoupon, aServer, operator, type Sent, service, shopper, type TestServer } from '../http.fixtures.js';
import { anOrder, goOn, paid } from '../orders.fixtures.js';

interface Call {
  readonly path: string;
  readonly body?: object;
}

const orderAmount = { amount: 9_000, currency: 'KRW' };
const used = { orderNumber: 'o-1', orderAmount };

async function sure(server: TestServer, path: string, sent: Sent) {
  const got = await server.post(path, sent);
  if (got.status >= 300) throw new Error(got.text);
  return got.json;
}

async function aReservation(server: TestServer): Promise<string> {
  const body = { ...used, reservationId: 'r-1', couponId: await aCoupon(server) };
  await sure(server, '/api/v1/coupons/reserve', { token: shopper(), body });
  return '/api/v1/coupons/reservations/r-1';
}

/** Something of ann's that a service asks for, the answer, and that for who has no such thing. */
const calls: readonly [string, (server: TestServer) => Promise<Call>, number, string][] = [
  [
    'the use of a coupon',
    async server => ({ path: `/api/v3/coupons/${await aCoupon(server)}/use`, body: used }),
    200,
    'COUPON_NOT_FOUND',
  ],
  [
    'the cancelling of a use',
    async server => {
      const path = `/api/v3/coupons/${await aCoupon(server)}`;
      await sure(server, `${path}/use`, { token: service, body: used });
      return { path: `${path}/cancel`, body: { reason: 'returned' } };
    },
    200,
    'COUPON_NOT_FOUND',
  ],
  [
    'the revoking of a coupon',
    async server => ({ path: `/api/v3/coupons/${await aCoupon(server)}/revoke` }),
    200,
    'COUPON_NOT_FOUND',
  ],
  [
    'the confirming of a reservation',
    async server => ({ path: `${await aReservation(server)}/confirm` }),
    200,
    'RESERVATION_NOT_FOUND',
  ],
  [
    'the release of a reservation',
    async server => ({ path: `${await aReservation(server)}/release` }),
    200,
    'RESERVATION_NOT_FOUND',
  ],
  [
    'the cancelling of points',
    async server => {
      const body = { userId: 'ann', points: 100, key: 'k' };
      const { pointId } = await sure(server, '/api/v2/points/earn', { token: service, body });
      return { path: `/api/v2/points/${pointId}/cancel`, body: { reason: 'returned' } };
    },
    200,
    'POINT_NOT_FOUND',
  ],
  [
    'a refund',
    async server => {
      const orderNumber = await anOrder(server);
      await goOn(server);
      return { path: `/api/v3/orders/${orderNumber}/refunds`, body: { lines: [{ lineId: '1', quantity: 1 }] } };
    },
    201,
    'ORDER_NOT_FOUND',
  ],
  [
    'a payment event',
    async server => {
      const orderNumber = await anOrder(server, 'ann', { payment: 'EXTERNAL' });
      await goOn(server);
      return { path: '/api/v1/payments/events', body: paid(orderNumber, 20_000) };
    },
    202,
    'ORDER_NOT_FOUND',
  ],
];

describe.each(calls)('%s', (_, prepare, status, code) => {
  let server: TestServer;
  let call: Call;
  beforeEach(async () => {
    server = await aServer();
    call = await prepare(server);
  });
  afterEach(() => server.close());
  const send = (userId: unknown, token = service) => server.post(call.path, { token, body: { ...call.body, userId } });

  it('finds nothing when somebody else is named, and changes nothing', async () => {
    const before = server.adapters.events.all().length;
    for (const token of [service, operator])
      expect(await send('bob', token)).toMatchObject({ status: 404, json: { code } });
    expect(server.adapters.events.all()).toHaveLength(before);
    expect((await send('ann')).status).toBe(status);
  });

  it.each([['ann'], [null]])('is done when %s is named', async userId =>
    expect((await send(userId)).status).toBe(status),
  );

  it('refuses a userId that is none', async () => {
    for (const userId of ['a b', 5])
      expect(await send(userId)).toMatchObject({ status: 400, json: { errors: [{ field: 'userId', value: userId }] } });
  });
});

it('a shopper releases what is his own, and names nobody else', async () => {
  const server = await aServer();
  const path = `${await aReservation(server)}/release`;
  for (const [user, userId, status] of [
    ['ann', 'bob', 403],
    ['bob', 'ann', 403],
    ['bob', 'bob', 404],
    ['ann', 'ann', 200],
  ] as const)
    expect((await server.post(path, { token: shopper(user), body: { userId } })).status).toBe(status);
  await server.close();
});
