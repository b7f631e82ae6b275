import type { PolicyDraft } from '@org/domain';
import { aShopWithOrders } from '../../orders.fixtures.js';
import { origin, value } from '../../promotions.fixtures.js';

type Shop = Awaited<ReturnType<typeof aShopWithOrders>>;

async function codePolicy(shop: Shop, more: Partial<PolicyDraft>): Promise<string> {
  const discount = { type: 'FIXED_AMOUNT', amount: 100 } as const;
  const draft = { name: 'codes', currency: 'KRW', discount, issuance: ['CODE'] as const, ...more };
  const { policyId } = value(await shop.promotions.managePolicy({ input: { change: 'Create', draft, origin } }));
  value(await shop.promotions.managePolicy({ input: { change: 'Activate', policyId, origin } }));
  return policyId;
}

const sharedCode = (shop: Shop, code: string, limits = {}) => codePolicy(shop, { code, limits });

async function uniqueCodes(shop: Shop, limits: PolicyDraft['limits']) {
  const policyId = await codePolicy(shop, { limits });
  const input = { policyId, count: 2, spec: { pattern: 'S####' } };
  const { jobId } = value(await shop.promotions.startCodeJob({ input }));
  await shop.promotions.advanceCodeJob(jobId, 10);
  const { items } = await shop.queries.codes({ policyId, limit: 10, cursor: null });
  return { policyId, codes: items.map(({ code }) => code) };
}

/** Counts what the store is asked about codes and their policies. */
function lookUps(shop: Shop): () => number {
  const spies = [
    import.meta.jest.spyOn(shop.codes, 'find'),
    import.meta.jest.spyOn(shop.policies, 'load'),
    import.meta.jest.spyOn(shop.coupons, 'held'),
    import.meta.jest.spyOn(shop.campaigns, 'load'),
    import.meta.jest.spyOn(shop.queries, 'issued'),
    import.meta.jest.spyOn(shop.queries, 'statistics'),
  ];
  return () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
}

/** So many ways to type one code. */
const waysToType = (code: string, count: number) =>
  Array.from({ length: count }, (_, i) =>
    [...code].map((each, k) => ((i >> k) & 1 ? each.toLowerCase() : each)).join(''),
  );

describe('codes of orders that come together', () => {
  it('are looked up a few times, however many ways to type them and buyers there are', async () => {
    const shop = await aShopWithOrders();
    await sharedCode(shop, 'WELCOME', { total: 1_000, perUser: 1 });
    const asked = lookUps(shop);
    const buyers = Array.from({ length: 20 }, (_, i) => `buyer-${i}`);
    await Promise.all(buyers.map(userId => shop.place({ userId, codes: waysToType('WELCOME', 50) })));
    // At most two batches: the first to come and all the others.
    expect(asked()).toBeLessThanOrEqual(2 * 5);
  });

  it('pricing rule 15: count once, however they are typed, and are told as they were typed first', async () => {
    const shop = await aShopWithOrders();
    await sharedCode(shop, 'WELCOME');
    const cart = { ...anEmptyCart, lines: [aLine] };
    const codes = ['wel-come', 'WELCOME', 'nobody', 'NO BODY'];
    const quote = await shop.promotions.quote({ userId: 'ann', cart, couponIds: [], codes, points: 0 });
    expect(quote.discounts.map(({ code }) => code)).toEqual(['wel-come']);
    expect(quote.refused.map(({ code, reason }) => [code, reason])).toEqual([['nobody', 'CODE_NOT_FOUND']]);
  });

  it.each([
    ['one for each user', { perUser: 1 }, 'COUPON_ALREADY_ISSUED'],
    ['one in all', { total: 1 }, 'COUPON_SOLD_OUT'],
    ['one a day', { perDay: 1 }, 'DAILY_LIMIT_REACHED'],
  ])('pricing rule 15: are judged one after the other, as redeeming them would: %s', async (_, limits, reason) => {
    const shop = await aShopWithOrders();
    const { policyId, codes } = await uniqueCodes(shop, limits);
    const cart = { ...anEmptyCart, lines: [aLine] };
    const ask = () => shop.promotions.quote({ userId: 'ann', cart, couponIds: [], codes, points: 0 });
    const first = await ask();
    expect(first.discounts.map(({ code }) => code)).toEqual([codes[0]]);
    expect(first.refused.map(no => [no.code, no.reason])).toEqual([[codes[1], reason]]);
    await shop.order({ userId: 'ann', codes: codes.slice(0, 1) });
    expect((await ask()).refused.map(no => [no.code, no.reason])).toEqual([
      [codes[0], 'CODE_ALREADY_REDEEMED'],
      [codes[1], reason],
    ]);
    expect((await shop.queries.statistics(policyId))?.issued).toBe(1);
  });

  it('are judged for each buyer by himself', async () => {
    const shop = await aShopWithOrders();
    await sharedCode(shop, 'WELCOME', { perUser: 1 });
    await shop.order({ userId: 'ann', codes: ['WELCOME'] });
    const [ann, bob] = await Promise.all(['ann', 'bob'].map(userId => shop.order({ userId, codes: ['WELCOME'] })));
    expect(await shop.shown(ann as string)).toMatch('CANCELLED COUPON_ALREADY_ISSUED');
    expect(await shop.shown(bob as string)).toMatch('COMPLETED');
  });
});

const anEmptyCart = {
  ...{ currency: 'KRW', shipping: 0, channel: null, segments: [] },
  ...{ firstOrder: false, at: null },
};
const aLine = {
  ...{ lineId: '1', productId: 'mug', categoryIds: [], unitPrice: 10_000, quantity: 1 },
  ...{ onSale: false, minimumUnitPrice: 0 },
};
