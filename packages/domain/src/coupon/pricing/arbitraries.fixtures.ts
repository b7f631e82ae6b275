import fc from 'fast-check';
import type { Cart } from '../../cart/cart.js';
import type { PolicyId } from '../../ids.js';
import type { Conditions, Discount, Selection } from '../policy.js';
import { amountOff, buyXGetY, cart, freeShipping, line, percentOff, termsWith, tiers } from './pricing.fixtures.js';
import type { QuotedCoupon } from './quote.js';

const product = fc.constantFrom('p1', 'p2', 'p3', 'p4');
const category = fc.constantFrom('books', 'gifts', 'toys');
const few = <T>(of: fc.Arbitrary<T>) => fc.uniqueArray(of, { maxLength: 2 });
const rarely = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 });
const mostlyNull = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });

/** Small carts with everything in them: free things, floors, sale items, equal prices, many units. */
export const aCart: fc.Arbitrary<Cart> = fc
  .record({
    lines: fc.array(
      fc.record({
        productId: product,
        categoryIds: few(category),
        unitPrice: fc.oneof(fc.constantFrom(0, 100, 1_000), fc.integer({ min: 1, max: 50_000 })),
        quantity: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 })),
        onSale: fc.boolean(),
        floor: fc.constantFrom(0, 0, 0.5, 0.9, 1),
      }),
      { maxLength: 5 },
    ),
    shipping: fc.constantFrom(0, 2_500, 3_000),
    firstOrder: fc.boolean(),
  })
  .map(({ lines, ...more }) =>
    cart(
      lines.map(({ unitPrice, quantity, floor, ...item }, i) =>
        line(`l${(i * 7) % 5}`, unitPrice, quantity, { ...item, minimumUnitPrice: Math.floor(unitPrice * floor) }),
      ),
      more,
    ),
  );

const percent = fc.constantFrom('0.5', '3', '10', '12.5', '33.3333', '50', '100');
const money = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 60_000 }));
const rounding = fc.record({
  mode: fc.constantFrom('HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN'),
  unit: fc.constantFrom(1, 10, 100),
});
const maxAmount = rarely(money);
const units = fc.record({
  everyNthUnit: mostlyNull(fc.integer({ min: 1, max: 4 })),
  groupSize: mostlyNull(fc.integer({ min: 1, max: 4 })),
  maxUnits: mostlyNull(fc.integer({ min: 1, max: 5 })),
  maxUnitsPer: fc.constantFrom('ORDER', 'LINE'),
});

const aDiscount: fc.Arbitrary<Discount> = fc.oneof(
  fc
    .tuple(percent, maxAmount, rounding, units)
    .map(([p, max, r, u]) => percentOff(p, { maxAmount: max, rounding: r, ...u })),
  fc
    .tuple(money, fc.constantFrom('ACROSS' as const, 'EACH' as const), units)
    .map(([a, allocation, u]) => amountOff(a, { allocation, ...u })),
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 3 }),
      percent,
      money,
      maxAmount,
      rounding,
    )
    .map(([froms, p, amount, max, r]) =>
      tiers(
        froms.map((from, i) => (i % 2 === 0 ? { from, amount } : { from, percent: p })),
        { maxAmount: max, rounding: r },
      ),
    ),
  fc
    .record({
      ...{ buy: fc.integer({ min: 1, max: 3 }), get: fc.integer({ min: 1, max: 3 }), percentOff: percent },
      ...{ products: few(product), getProducts: few(product), getCategories: few(category), maxAmount, rounding },
      getOrder: fc.constantFrom('CHEAPEST' as const, 'DEAREST' as const),
    })
    .map(({ buy, get, ...more }) => buyXGetY(buy, get, more)),
  rarely(money).map(freeShipping),
);

const aSelection = (of: fc.Arbitrary<string>): fc.Arbitrary<Selection> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({ include: [], exclude: [] }) },
    { weight: 1, arbitrary: fc.record({ include: few(of), exclude: few(of) }) },
  );

const someConditions: fc.Arbitrary<Partial<Conditions>> = fc.record(
  {
    minimumOrder: mostlyNull(
      fc.record({
        amount: fc.integer({ min: 1, max: 90_000 }),
        comparison: fc.constantFrom('GT', 'GTE'),
        base: fc.constantFrom('INITIAL', 'REMAINING'),
      }),
    ),
    minimumQuantity: mostlyNull(fc.integer({ min: 1, max: 9 })),
    requires: fc.oneof(
      { weight: 4, arbitrary: fc.constant({ products: [], categories: [] }) },
      { weight: 1, arbitrary: fc.record({ products: few(product), categories: few(category) }) },
    ),
    products: aSelection(product),
    categories: aSelection(category),
    excludeSaleItems: fc.boolean(),
    firstOrderOnly: fc.constantFrom(false, false, false, true),
  },
  { requiredKeys: [] },
);

const aStacking = fc.record({
  mode: fc.constantFrom('STACKABLE', 'STACKABLE', 'STACKABLE', 'STACKABLE', 'EXCLUSIVE'),
  group: fc.constantFrom(null, null, 'g', 'h'),
  priority: fc.integer({ min: -1, max: 1 }),
  percentBase: fc.constantFrom('INITIAL', 'REMAINING'),
});

export const someCoupons: fc.Arbitrary<QuotedCoupon[]> = fc
  .array(fc.record({ discount: aDiscount, conditions: someConditions, stacking: aStacking }), { maxLength: 5 })
  .map(list =>
    list.map(({ discount, ...variations }, i) => ({
      couponId: `c${i}`,
      code: i % 2 === 0 ? `CODE${i}` : null,
      policy: { policyId: `policy-${i}` as PolicyId, version: i + 1, terms: termsWith(discount, variations) },
    })),
  );

export const somePoints = fc.constantFrom(0, 0, 100, 5_000, 1_000_000);
