import type { Cart } from '../cart/cart.js';
import type { Discount, PolicyTerms, PolicyVersion } from '../coupon/policy.js';
import { cart, coupon, line } from '../coupon/pricing/pricing.fixtures.js';
import type { QuotedCoupon, QuotedDiscount } from '../coupon/pricing/quote.js';
import { quote } from '../coupon/pricing.js';
import type { HeldSteps, Order, OrderCommand, OrderFacts, OrderStep, PlacedOrder } from './order.js';
import { order } from './order-decider.js';
import type { Payment } from './payment.js';
import { planRefund, type Refund, type RefundLine, type RefundPlan } from './refund.js';

/** Placed at 100, to be paid until 1,000. */
export const DEADLINE = 1_000;

/** The facts of a cart that is ordered with these coupons and points, as the quote has them. */
export function factsOf(
  priced: Cart,
  coupons: readonly QuotedCoupon[] = [],
  points = 0,
  more: Partial<OrderFacts> = {},
): OrderFacts {
  const { lines, shipping, discounts, pointsUsed, total } = quote(priced, coupons, { points });
  const { currency, channel, segments, firstOrder, at: placedAt } = priced;
  return {
    ...{ userId: 'ann', currency, channel, segments, firstOrder, shipping, discounts, pointsUsed, total },
    lines: priced.lines.map((item, i) => {
      const { discount = 0, net = 0 } = lines[i] ?? {};
      return { ...item, optionId: 'only', discount, net };
    }),
    ...{ payment: 'EXTERNAL', fromCart: false, placedAt, paymentDeadline: DEADLINE, holdUntil: 2 * DEADLINE },
    ...more,
  };
}

const aDiscount: QuotedDiscount = {
  ...{ policyId: 'SAVE', policyVersion: 1, couponId: 'c-SAVE', code: null, amount: 1_000 },
  allocations: [{ lineId: 'a', amount: 1_000 }],
};

/** 10,000 less 1,000 by a coupon and 500 by points; every step is needed. */
export const facts = (more: Partial<OrderFacts> = {}): OrderFacts => ({
  ...factsOf(cart([line('a', 5_000, 2)])),
  lines: [{ ...line('a', 5_000, 2), optionId: 'only', discount: 1_000, net: 9_000 }],
  ...{ discounts: [aDiscount], pointsUsed: 500, total: 8_500 },
  ...more,
});
export const paidElsewhere = facts({ payment: 'NONE', paymentDeadline: null });
/** Nothing but stock is to be held. */
export const plain = facts({ discounts: [], pointsUsed: 0, total: 10_000 });

export const place = (of = facts(), refusal: Extract<OrderCommand, { type: 'Place' }>['refusal'] = null) =>
  ({ type: 'Place', facts: of, refusal, at: 100 }) as const;
export const refuseStep = (step: OrderStep, code = 'OUT_OF_STOCK', at = 200): OrderCommand => ({
  ...{ type: 'RefuseStep', step, code, data: { step }, at },
});
export const allHeld: HeldSteps = { STOCK: 'HELD', COUPON: 'HELD', POINTS: 'HELD' };
export const progress = (held: Partial<HeldSteps> = {}, at = 300): OrderCommand => ({
  ...{ type: 'Progress', held: { ...allHeld, ...held }, pointHold: 'hold-1', at },
});
export const payment = (type: Payment['type'], more: Partial<Payment> = {}): Payment => ({
  ...{ eventId: `${type}-1`, type, paymentId: 'pay-1', amount: { amount: 8_500, currency: 'KRW' }, occurredAt: null },
  ...more,
});
export const pay = (type: Payment['type'] = 'COMPLETED', more: Partial<Payment> = {}, at = 400): OrderCommand => ({
  ...{ type: 'Pay', payment: payment(type, more), isOfAnother: false, at },
});
export const cancel = (reason: string | null = null, at = 500): OrderCommand => ({ type: 'Cancel', reason, at });
export const timeOut = (at: number): OrderCommand => ({ type: 'TimeOut', at });
export const aRefund = (lines: readonly RefundLine[], more: Partial<Refund> = {}): Refund => ({
  ...{ refundId: 'r1', lines, amount: 0, pointsReturned: 0, pointsReversed: 0, couponsRestored: [] },
  ...{ reason: null, restock: true },
  ...more,
});
export const giveBack = (lines: readonly RefundLine[] = [{ lineId: 'a', quantity: 1 }]): OrderCommand => ({
  ...{ type: 'Refund', refund: aRefund(lines), at: 600 },
});

export function when(state: Order, command: OrderCommand) {
  const decision = order.decide(state, command);
  if (!decision.accepted) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
  return { state: decision.events.reduce(order.evolve, state), events: decision.events };
}

/** The order after commands that are all accepted. */
export function given(...commands: OrderCommand[]): PlacedOrder {
  const state = commands.reduce<Order>((before, command) => when(before, command).state, order.initial);
  if (state.status === 'NONE') throw new Error('nothing was placed');
  return state;
}

export const typesOf = (state: Order, command: OrderCommand) => when(state, command).events.map(({ type }) => type);

export const refusalOf = (state: Order, command: OrderCommand) => {
  const decision = order.decide(state, command);
  return decision.accepted ? null : decision.refusal;
};

/** A completed order, and the frozen versions of its policies. */
export interface Bought {
  readonly order: PlacedOrder;
  versionOf(discount: QuotedDiscount): PolicyVersion;
}

/** Ordered, held, and paid. */
export function bought(priced: Cart, coupons: readonly QuotedCoupon[] = [], points = 0): Bought {
  const settled = factsOf(priced, coupons, points, { payment: 'NONE', paymentDeadline: null });
  const versions = new Map(coupons.map(({ couponId, policy }) => [couponId, policy]));
  return {
    order: given(place(settled), progress()),
    versionOf(discount) {
      const version = versions.get(discount.couponId);
      if (!version) throw new Error(`no version for ${discount.couponId}`);
      return version;
    },
  };
}

export function planOf({ order: of, versionOf }: Bought, lines: readonly RefundLine[]): RefundPlan {
  const decision = planRefund(of, lines, versionOf);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.refusal));
  return decision.plan;
}

/** One unit of each line that is named; `aab` = two of `a` and one of `b`. */
export const units = (named: string): RefundLine[] =>
  [...new Set(named)].map(lineId => ({ lineId, quantity: [...named].filter(each => each === lineId).length }));

/** The plans of refunds one after the other, each written down before the next, and the order that they leave. */
export function refundedBy(of: Bought, refunds: readonly (readonly RefundLine[])[]) {
  let state = of.order;
  const plans = refunds.map((lines, i): RefundPlan => {
    const plan = planOf({ ...of, order: state }, lines);
    const { amount, pointsReturned } = plan;
    const refund = aRefund(lines, { refundId: `r${i}`, amount, pointsReturned });
    state = when(state, { type: 'Refund', refund, at: 600 }).state as PlacedOrder;
    return plan;
  });
  return { plans, order: state };
}

/** Conditions: eligible lines from this gross on; only these products. */
export const from = (amount: number) => ({ minimumOrder: { amount, comparison: 'GTE', base: 'INITIAL' } }) as const;
export const inclusive = (...products: string[]) => ({ products: { include: products, exclude: [] } });
/** A coupon whose policy says so of refunds. */
export const save = (discount: Discount, refund: PolicyTerms['refund'], conditions = {}, name = 'SAVE') =>
  coupon(name, discount, { conditions, terms: { refund } });
