import { type Cart, definePolicy, type PolicyDraft, type QuotedCoupon, quote } from '@org/domain';
import type { Check, Figure } from '../figure.js';
import { medianOf, verdict } from '../measuring.js';
import type { Stage } from '../stage.js';

const discounts: readonly PolicyDraft['discount'][] = [
  { type: 'PERCENTAGE', percent: '10', maxAmount: 5_000 },
  { type: 'FIXED_AMOUNT', amount: 3_000 },
  {
    type: 'TIERED',
    tiers: [
      { from: 30_000, amount: 1_000 },
      { from: 50_000, percent: '5' },
    ],
  },
  { type: 'BUY_X_GET_Y', buyQuantity: 2, getQuantity: 1, percentOff: '50', products: [] },
  { type: 'FREE_SHIPPING', maxAmount: 3_000 },
];

function coupon(index: number): QuotedCoupon {
  const discount = discounts[index % discounts.length] as PolicyDraft['discount'];
  const stacking = { priority: 100 - index };
  const terms = definePolicy({ name: `p${index}`, currency: 'KRW', discount, issuance: ['DOWNLOAD'], stacking });
  if (!terms.ok) throw new Error(JSON.stringify(terms.violations));
  const policy = { policyId: `policy-${index}`, version: 1, terms: terms.value } as QuotedCoupon['policy'];
  return { couponId: `coupon-${index}`, code: null, policy };
}

const cartOf = (lines: number): Cart => ({
  currency: 'KRW',
  lines: Array.from({ length: lines }, (_, i) => ({
    lineId: `line-${i}`,
    productId: `product-${i}`,
    categoryIds: [i % 2 === 0 ? 'books' : 'music'],
    unitPrice: 7_000 + i * 137,
    quantity: 1 + (i % 3),
    onSale: i % 4 === 0,
    minimumUnitPrice: 0,
  })),
  shipping: 3_000,
  channel: 'WEB',
  segments: [],
  firstOrder: false,
  at: Date.UTC(2026, 0, 15, 3),
});

/** The least that any engine has to do: one share per line and coupon, in a loop without rules, units or a trace. */
function bareArithmetic({ lines }: Cart, coupons: number): number {
  const nets = lines.map(({ unitPrice, quantity }) => unitPrice * quantity);
  for (let c = 0; c < coupons; c++) {
    const base = nets.reduce((sum, net) => sum + net, 0);
    const amount = Math.floor(base / 20);
    for (const [i, net] of nets.entries()) nets[i] = net - Math.floor((amount * net) / base);
  }
  return nets.reduce((sum, net) => sum + net, 0);
}

/** Microseconds a call: the median of eleven stretches. */
function microseconds(calls: number, work: () => unknown): number {
  for (let i = 0; i < calls; i++) work();
  const stretches = Array.from({ length: 11 }, () => {
    const began = performance.now();
    for (let i = 0; i < calls; i++) work();
    return ((performance.now() - began) * 1_000) / calls;
  });
  return medianOf(stretches, each => each);
}

/** Every won must be somewhere: the lines, the discounts and the total add up. */
function checksOf(cart: Cart, coupons: readonly QuotedCoupon[], name: string): Check[] {
  const { lines, discounts: given, shipping, total } = quote(cart, coupons);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
  const gross = sum(cart.lines.map(({ unitPrice, quantity }) => unitPrice * quantity)) + cart.shipping;
  const units = sum(lines.flatMap(({ unitNets }) => [...unitNets]));
  return [
    { what: `${name}: gross less discounts`, expected: gross - sum(given.map(({ amount }) => amount)), actual: total },
    { what: `${name}: nets of the units and shipping`, expected: total, actual: units + shipping.net },
    {
      what: `${name}: coupons that were taken`,
      expected: Math.min(5, coupons.length),
      actual: Math.min(5, given.length),
    },
  ];
}

export const quoteFigure: Figure = {
  name: 'quote',
  async run(stage: Stage) {
    const sizes = stage.pick(
      [
        [1, 1],
        [10, 1],
        [10, 5],
        [10, 10],
        [50, 5],
        [100, 5],
        [500, 5],
      ],
      [
        [1, 1],
        [10, 5],
      ],
    );
    const rows: [string, string, number, number][] = [];
    const checks: Check[] = [];
    for (const [lines = 0, count = 0] of sizes) {
      const cart = cartOf(lines);
      const coupons = Array.from({ length: count }, (_, i) => coupon(i));
      const calls = Math.ceil(stage.pick(100_000, 200) / (lines * count));
      const ours = microseconds(calls, () => quote(cart, coupons));
      rows.push([String(lines), String(count), ours, microseconds(calls * 10, () => bareArithmetic(cart, count))]);
      checks.push(...checksOf(cart, coupons, `${lines} lines, ${count} coupons`));
    }
    const goal = rows.find(([lines, count]) => lines === '10' && count === '5')?.[2] ?? 0;
    return {
      tables: [
        {
          title: 'Quote: the price of a cart, in memory',
          columns: ['lines', 'coupons', 'quote µs', 'bare arithmetic µs'],
          rows,
          notes: [
            'Five kinds of discount in turn. The limit is a loop of multiplications without rules, floors, units, hints and trace.',
            verdict('10 lines and 5 coupons, goal below 50 µs', goal, ' µs', goal < 50),
          ],
        },
      ],
      checks,
    };
  },
};
