import { checkQuote, type Quote } from '@org/domain';
import { aCoupon, anActivePolicy, aServer, operator, service, shopper, type TestServer } from '../http.fixtures.js';

const path = '/api/v1/coupons/quote';
const line = { lineId: '1', productId: 'p1', categoryIds: ['books'], unitPrice: 12_000, quantity: 2 };
const cart = { currency: 'KRW', lines: [line], shipping: 3_000 };

describe('a quote over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await aServer();
  });
  afterEach(() => server.close());
  const quote = (body: object, token = shopper()) => server.post(path, { token, body });

  it('needs no more than a cart, and an empty one is worth nothing', async () => {
    expect(await quote({ cart: { currency: 'KRW', lines: [] } })).toMatchObject({
      status: 200,
      json: { currency: 'KRW', lines: [], discounts: [], refused: [], pointsUsed: 0, total: 0 },
    });
    expect((await quote({ cart })).json).toMatchObject({
      lines: [{ lineId: '1', gross: 24_000, discount: 0, net: 24_000, unitNets: [12_000, 12_000] }],
      shipping: { gross: 3_000, discount: 0, net: 3_000 },
      total: 27_000,
    });
  });

  it('is refused for more units than an answer can tell of', async () => {
    const lines = Array.from({ length: 101 }, (_, i) => ({
      lineId: `${i}`,
      productId: 'p1',
      unitPrice: 1,
      quantity: i < 100 ? 10_000 : 1,
    }));
    const { status, json } = await server.post('/api/v1/coupons/quote', {
      token: shopper(),
      body: { cart: { currency: 'KRW', lines } },
    });
    expect({ status, fields: json.errors.map(({ field }) => field) }).toEqual({ status: 422, fields: ['cart.lines'] });
  });

  it('takes coupons, codes and points into account, and says what it could not use', async () => {
    const couponId = await aCoupon(server, 'ann', { discount: { type: 'PERCENTAGE', percent: '10' } });
    const policyId = await anActivePolicy(server, { code: 'SHIP', discount: { type: 'FREE_SHIPPING' } });
    const { json } = await quote({ cart, couponIds: [couponId], codes: ['ship', 'NOBODY'], points: 600 });
    expect(json).toMatchObject({
      discounts: expect.arrayContaining([
        expect.objectContaining({
          couponId,
          policyVersion: 1,
          amount: 2_400,
          allocations: [{ lineId: '1', amount: 2_400 }],
        }),
        expect.objectContaining({ policyId, couponId: null, amount: 3_000, allocations: [] }),
      ]),
      pointsUsed: 600,
      total: 21_000,
      refused: [{ couponId: null, code: 'NOBODY', reason: 'CODE_NOT_FOUND', data: { code: 'NOBODY' } }],
    });
  });

  it('writes the times of its refusals as times', async () => {
    const couponId = await aCoupon(server, 'ann', { validity: { until: '2026-01-02T00:00:00Z' } });
    const { json } = await quote({ cart: { ...cart, at: '2026-01-03T09:00:00+09:00' }, couponIds: [couponId] });
    expect(json.refused).toMatchObject([
      { couponId, reason: 'COUPON_EXPIRED', data: { expiresAt: '2026-01-02T00:00:00.000Z' } },
    ]);
    expect(checkQuote(json as unknown as Quote)).toEqual([]);
  });

  it('knows nobody else’s coupons, unless a service asks for their owner', async () => {
    const couponId = await aCoupon(server, 'ann');
    const body = { cart, couponIds: [couponId] };
    expect((await quote(body, shopper('eve'))).json.refused).toMatchObject([{ couponId, reason: 'COUPON_NOT_FOUND' }]);
    expect((await quote({ ...body, userId: 'ann' }, shopper('eve'))).status).toBe(403);
    for (const token of [service, operator])
      expect((await quote({ ...body, userId: 'ann' }, token)).json.discounts).toMatchObject([{ couponId }]);
  });

  it('pricing rule 15: is not refused for coupons and codes that can be none', async () => {
    const { status, json } = await quote({ cart, couponIds: ['x', ''], codes: [''] });
    expect(status).toBe(200);
    expect(json.refused).toEqual([
      { couponId: 'x', code: null, reason: 'COUPON_NOT_FOUND', data: { couponId: 'x' } },
      { couponId: '', code: null, reason: 'COUPON_NOT_FOUND', data: { couponId: '' } },
      { couponId: null, code: '', reason: 'CODE_NOT_FOUND', data: { code: '' } },
    ]);
  });

  it.each<[string, object, number, string]>([
    ['no cart', { cart: undefined }, 400, 'cart'],
    ['a list for a cart', { cart: [] }, 400, 'cart'],
    ['a word for the lines', { cart: { ...cart, lines: 'none' } }, 400, 'cart.lines'],
    ['a number among the lines', { cart: { ...cart, lines: [line, 7] } }, 400, 'cart.lines'],
    ['no currency', { cart: { lines: [] } }, 400, 'cart.currency'],
    ['a small currency', { cart: { ...cart, currency: 'krw' } }, 400, 'cart.currency'],
    ['no units', { cart: { ...cart, lines: [{ ...line, quantity: 0 }] } }, 422, 'cart.lines[0].quantity'],
    ['fewer than no units', { cart: { ...cart, lines: [{ ...line, quantity: -1 }] } }, 422, 'cart.lines[0].quantity'],
    ['half a unit', { cart: { ...cart, lines: [{ ...line, quantity: 1.5 }] } }, 400, 'cart.lines[0].quantity'],
    [
      'far too many units',
      { cart: { ...cart, lines: [{ ...line, quantity: 10_001 }] } },
      422,
      'cart.lines[0].quantity',
    ],
    ['a negative price', { cart: { ...cart, lines: [{ ...line, unitPrice: -1 }] } }, 422, 'cart.lines[0].unitPrice'],
    [
      'a floor below nothing',
      { cart: { ...cart, lines: [{ ...line, minimumUnitPrice: -1 }] } },
      422,
      'cart.lines[0].minimumUnitPrice',
    ],
    ['the same line twice', { cart: { ...cart, lines: [line, line] } }, 422, 'cart.lines[1].lineId'],
    ['an unknown field of a line', { cart: { ...cart, lines: [{ ...line, price: 1 }] } }, 400, 'cart.lines[0].price'],
    [
      'more than all money',
      { cart: { ...cart, lines: [{ ...line, unitPrice: Number.MAX_SAFE_INTEGER }] } },
      422,
      'cart.lines',
    ],
    ['a day that does not exist', { cart: { ...cart, at: '2026-02-30T00:00:00Z' } }, 400, 'cart.at'],
    ['a number among the coupons', { couponIds: ['x', 5] }, 400, 'couponIds[1]'],
    ['a number among the codes', { codes: ['A', 5] }, 400, 'codes[1]'],
    ['an endless code', { codes: ['A'.repeat(201)] }, 422, 'codes[0]'],
    ['negative points', { points: -1 }, 422, 'points'],
    [
      'over a thousand lines',
      { cart: { ...cart, lines: Array.from({ length: 1001 }, (_, i) => ({ ...line, lineId: `${i}` })) } },
      422,
      'cart.lines',
    ],
  ])('refuses %s', async (_, fields, status, field) => {
    const got = await quote({ cart, ...fields });
    expect({ status: got.status, field: got.json.errors?.[0]?.field }).toEqual({ status, field });
  });
});
