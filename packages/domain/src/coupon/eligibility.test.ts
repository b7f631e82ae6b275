import type { Cart } from '../cart/cart.js';
import type { Conditions } from './policy.js';
import { amountOff, cart, coupon, line, percentOff, termsWith, tiers } from './pricing/pricing.fixtures.js';
import { priceOfCoupon, quote } from './pricing.js';

const book = line('book', 10_000, 1, { categoryIds: ['books'] });
const pen = line('pen', 2_000, 3, { categoryIds: ['office', 'gifts'] });
const lamp = line('lamp', 30_000, 1, { categoryIds: ['gifts'], onSale: true });

const discounted = (conditions: Partial<Conditions>) => {
  const price = priceOfCoupon(cart([book, pen, lamp]), termsWith(percentOff('10'), { conditions }));
  return price.accepted ? price.allocations.map(({ lineId }) => lineId) : price.refusal.code;
};
const refusalWith = (conditions: Partial<Conditions>, more: Partial<Cart> = {}, lines = [book, pen]) => {
  const price = priceOfCoupon(cart(lines, more), termsWith(percentOff('10'), { conditions }));
  return price.accepted ? null : price.refusal;
};
const only = (...include: string[]) => ({ include, exclude: [] });
const not = (...exclude: string[]) => ({ include: [], exclude });

describe('rule 1: products, categories and excludeSaleItems choose the eligible lines', () => {
  it.each<[string, Partial<Conditions>, string[]]>([
    ['include empty = all', {}, ['book', 'lamp', 'pen']],
    ['only chosen products are discounted', { products: only('p-book', 'p-pen') }, ['book', 'pen']],
    ['only chosen categories are discounted', { categories: only('gifts') }, ['lamp', 'pen']],
    ['excluded products are not', { products: not('p-book') }, ['lamp', 'pen']],
    ['one excluded category of several is enough', { categories: not('office') }, ['book', 'lamp']],
    [
      'exclude wins over include of products',
      { products: { include: ['p-book', 'p-pen'], exclude: ['p-book'] } },
      ['pen'],
    ],
    ['exclude wins over include of categories', { categories: { include: ['gifts'], exclude: ['office'] } }, ['lamp']],
    [
      'exclude wins across products and categories',
      { products: only('p-pen', 'p-book'), categories: not('office') },
      ['book'],
    ],
    [
      'products and categories restrict both',
      { products: only('p-book', 'p-pen'), categories: only('gifts') },
      ['pen'],
    ],
    ['a sale item is left out, it does not refuse the coupon', { excludeSaleItems: true }, ['book', 'pen']],
  ])('%s', (_, conditions, lineIds) => expect(discounted(conditions)).toEqual(lineIds));

  it.each<[string, Partial<Conditions>]>([
    ['a product that is not there', { products: only('p-ghost') }],
    ['nothing of what is there', { categories: not('books', 'gifts') }],
  ])('no eligible line: NO_ELIGIBLE_LINES, for %s', (_, conditions) =>
    expect(discounted(conditions)).toBe('NO_ELIGIBLE_LINES'),
  );

  it('no eligible line: NO_ELIGIBLE_LINES, where all are sale items', () =>
    expect(refusalWith({ excludeSaleItems: true }, {}, [lamp])).toEqual({
      code: 'NO_ELIGIBLE_LINES',
      data: { products: not(), categories: not(), excludeSaleItems: true },
    }));

  it('an empty cart is worth nothing and is no error', () => {
    const empty = quote(cart([], { shipping: 3_000 }), [coupon('SAVE', amountOff(100))], { points: 50 });
    expect(empty).toMatchObject({ lines: [], total: 0, pointsUsed: 0, discounts: [] });
    expect(empty.refused).toMatchObject([{ couponId: 'c-SAVE', reason: 'NO_ELIGIBLE_LINES' }]);
  });
});

describe('rule 2: what the cart must have', () => {
  const requires = (products: string[], categories: string[] = []) => ({ requires: { products, categories } });

  it('required items need not be discounted', () =>
    expect(discounted({ ...requires(['p-lamp'], ['office']), products: only('p-book') })).toEqual(['book']));
  it('rule 1: no eligible line is NO_ELIGIBLE_LINES, even where a required item is missing too', () =>
    expect(refusalWith({ ...requires(['p-ghost']), products: only('p-nothing') })?.code).toBe('NO_ELIGIBLE_LINES'));
  it.each([
    [['p-book', 'p-ghost'], [], ['p-ghost'], []],
    [['p-ghost'], ['books', 'toys'], ['p-ghost'], ['toys']],
  ])('%p and %p must be in the cart, all of them', (products, categories, missing, missingKinds) =>
    expect(refusalWith(requires(products, categories))).toEqual({
      code: 'REQUIRED_ITEM_MISSING',
      data: { products: missing, categories: missingKinds },
    }),
  );

  it.each([1, 2, 3])('minimumQuantity %s: 3 eligible units are enough', minimumQuantity =>
    expect(refusalWith({ minimumQuantity, products: only('p-pen') })).toBeNull(),
  );
  it('minimumQuantity counts eligible units alone', () =>
    expect(refusalWith({ minimumQuantity: 4, products: only('p-pen') })).toEqual({
      code: 'MINIMUM_QUANTITY_NOT_MET',
      data: { minimum: 4, actual: 3, missing: 1 },
    }));

  it.each<['GT' | 'GTE', number, number | null]>([
    ['GTE', 15_999, null],
    ['GTE', 16_000, null],
    ['GTE', 16_001, 1],
    ['GT', 15_999, null],
    ['GT', 16_000, 1],
    ['GT', 16_001, 2],
  ])(
    'minimumOrder %s %s compares the gross of the eligible lines, 16000: %p missing',
    (comparison, amount, missing) => {
      const minimumOrder = { amount, comparison, base: 'INITIAL' } as const;
      const data = { minimum: amount, actual: 16_000, missing, comparison, base: 'INITIAL' };
      expect(refusalWith({ minimumOrder })).toEqual(missing === null ? null : { code: 'MINIMUM_ORDER_NOT_MET', data });
    },
  );

  it('minimumOrder does not count what is not eligible', () => {
    const minimumOrder = { amount: 6_001, comparison: 'GTE', base: 'INITIAL' } as const;
    expect(refusalWith({ minimumOrder, products: only('p-pen') })?.data).toMatchObject({ actual: 6_000, missing: 1 });
  });

  it.each<['INITIAL' | 'REMAINING', string[]]>([
    ['INITIAL', ['FIRST', 'SECOND']],
    ['REMAINING', ['FIRST']],
  ])('minimumOrder compares the gross or the nets when the turn comes: %s', (base, applied) => {
    const minimumOrder = { amount: 16_000, comparison: 'GTE', base } as const;
    const first = coupon('FIRST', amountOff(1_000), { stacking: { priority: 1 } });
    const second = coupon('SECOND', amountOff(500), { conditions: { minimumOrder } });
    const { discounts, refused } = quote(cart([book, pen]), [second, first]);
    expect(discounts.map(({ policyId }) => policyId)).toEqual(applied);
    expect(refused.map(({ data }) => data)).toEqual(
      applied.length === 2 ? [] : [{ minimum: 16_000, actual: 15_000, missing: 1_000, comparison: 'GTE', base }],
    );
  });

  it('a tier that is not reached is a minimum that is not met', () => {
    const price = priceOfCoupon(
      cart([book]),
      termsWith(
        tiers([
          { from: 30_000, amount: 10 },
          { from: 12_000, amount: 5 },
        ]),
      ),
    );
    const data = { cause: 'NO_TIER_REACHED', minimum: 12_000, actual: 10_000, missing: 2_000 };
    expect(price).toEqual({ accepted: false, refusal: { code: 'NO_EFFECT', data } });
  });
});

describe('who may use a policy, and where', () => {
  it.each<[string | null, Conditions['channels'], boolean]>([
    ['WEB', only(), true],
    [null, only(), true],
    ['WEB', only('WEB', 'APP'), true],
    ['POS', only('WEB', 'APP'), false],
    [null, only('WEB'), false],
    [null, not('WEB'), true],
    ['WEB', not('WEB'), false],
    ['WEB', { include: ['WEB'], exclude: ['WEB'] }, false],
  ])('channel %p with %p: allowed %p', (channel, channels, allowed) =>
    expect(refusalWith({ channels }, { channel })).toEqual(
      allowed ? null : { code: 'CHANNEL_NOT_ALLOWED', data: { channel, ...channels } },
    ),
  );

  it.each<[string[], Conditions['segments'], boolean]>([
    [[], only(), true],
    [['VIP'], only('VIP'), true],
    [['NEW', 'VIP'], only('VIP'), true],
    [['NEW'], only('VIP'), false],
    [[], only('VIP'), false],
    [['NEW', 'STAFF'], not('STAFF'), false],
    [['VIP', 'STAFF'], { include: ['VIP'], exclude: ['STAFF'] }, false],
  ])('segments %p with %p: allowed %p', (segments, allowedSegments, allowed) =>
    expect(refusalWith({ segments: allowedSegments }, { segments })).toEqual(
      allowed ? null : { code: 'SEGMENT_NOT_ALLOWED', data: { segments, ...allowedSegments } },
    ),
  );

  it.each([
    [false, false, null],
    [false, true, null],
    [true, true, null],
    [true, false, { code: 'FIRST_ORDER_ONLY', data: { firstOrder: false } }],
  ])('firstOrderOnly %p on a first order %p', (firstOrderOnly, firstOrder, refusal) =>
    expect(refusalWith({ firstOrderOnly }, { firstOrder })).toEqual(refusal),
  );

  it('the currency must be that of the policy', () =>
    expect(refusalWith({}, { currency: 'USD' })).toEqual({
      code: 'CURRENCY_MISMATCH',
      data: { expected: 'KRW', actual: 'USD' },
    }));
});

describe('rule 18: weekdays and hours are local to timeZone', () => {
  it.each<[string, Conditions['weekdays'], boolean]>([
    ['2026-11-21T00:00:00+09:00', ['SAT'], true],
    ['2026-11-20T23:59:59+09:00', ['SAT'], false],
    ['2026-11-20T15:00:00Z', ['SAT'], true],
    ['2026-11-21T15:00:00Z', ['SAT'], false],
    ['2026-11-21T15:00:00Z', ['SAT', 'SUN'], true],
    ['2026-11-21T15:00:00Z', [], true],
  ])('%s on %p: %p', (at, weekdays, allowed) =>
    expect(refusalWith({ weekdays }, { at: Date.parse(at) })?.code ?? null).toBe(
      allowed ? null : 'WEEKDAY_NOT_ALLOWED',
    ),
  );

  it.each<[string, string, string, boolean]>([
    ['08:59:59', '09:00', '18:00', false],
    ['09:00:00', '09:00', '18:00', true],
    ['17:59:59', '09:00', '18:00', true],
    ['18:00:00', '09:00', '18:00', false],
    ['21:59:59', '22:00', '02:00', false],
    ['22:00:00', '22:00', '02:00', true],
    ['00:00:00', '22:00', '02:00', true],
    ['01:59:59', '22:00', '02:00', true],
    ['02:00:00', '22:00', '02:00', false],
    ['23:59:59', '22:00', '24:00', true],
  ])('at %s, from %s until %s (exclusive, may be over midnight): %p', (time, from, until, allowed) => {
    const refusal = refusalWith({ hours: { from, until } }, { at: Date.parse(`2026-11-21T${time}+09:00`) });
    const data = { time: time.slice(0, 5), from, until, timeZone: 'Asia/Seoul' };
    expect(refusal).toEqual(allowed ? null : { code: 'HOUR_NOT_ALLOWED', data });
  });
});
