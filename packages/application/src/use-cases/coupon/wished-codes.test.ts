import { aShopWithOrders } from '../../orders.fixtures.js';
import { origin, value } from '../../promotions.fixtures.js';

type Shop = Awaited<ReturnType<typeof aShopWithOrders>>;

async function sharedCode(shop: Shop, code: string, limits = {}): Promise<void> {
  const draft = {
    ...{
      name: code,
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 100 } as const,
      issuance: ['CODE'] as const,
    },
    ...{ code, limits },
  };
  const { policyId } = value(await shop.promotions.managePolicy({ input: { change: 'Create', draft, origin } }));
  value(await shop.promotions.managePolicy({ input: { change: 'Activate', policyId, origin } }));
}

/** Counts what the store is asked about codes and their policies. */
function lookUps(shop: Shop): () => number {
  const spies = [
    import.meta.jest.spyOn(shop.codes, 'find'),
    import.meta.jest.spyOn(shop.policies, 'load'),
    import.meta.jest.spyOn(shop.coupons, 'held'),
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
    const cart = {
      currency: 'KRW',
      lines: [aLine],
      shipping: 0,
      channel: null,
      segments: [],
      firstOrder: false,
      at: null,
    };
    const codes = ['wel-come', 'WELCOME', 'nobody', 'NO BODY'];
    const quote = await shop.promotions.quote({ userId: 'ann', cart, couponIds: [], codes, points: 0 });
    expect(quote.discounts.map(({ code }) => code)).toEqual(['wel-come']);
    expect(quote.refused.map(({ code, reason }) => [code, reason])).toEqual([['nobody', 'CODE_NOT_FOUND']]);
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

const aLine = {
  ...{ lineId: '1', productId: 'mug', categoryIds: [], unitPrice: 10_000, quantity: 1 },
  ...{ onSale: false, minimumUnitPrice: 0 },
};
