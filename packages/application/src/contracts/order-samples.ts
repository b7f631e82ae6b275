import type { Instant, Order, OrderFacts, PaymentRecord, PlacedOrder } from '@org/domain';
import type { Adapters } from '../adapters.js';
import type { AggregateRepositoryFixture } from './aggregate-fixture.js';
import { idsByIndex } from './aggregate-samples.js';
import { AN_INSTANT, DAY, SECOND } from './samples.js';

/** Two mugs of ann's, paid elsewhere. */
export const orderFacts = (changed: Partial<OrderFacts> = {}): OrderFacts => ({
  userId: 'ann',
  currency: 'KRW',
  lines: [
    {
      ...{ lineId: '1', productId: 'mug', optionId: 'blue', categoryIds: [], unitPrice: 10_000, quantity: 2 },
      ...{ onSale: false, minimumUnitPrice: 0, discount: 0, net: 20_000 },
    },
  ],
  channel: null,
  segments: [],
  firstOrder: false,
  shipping: { gross: 0, discount: 0, net: 0 },
  discounts: [],
  pointsUsed: 0,
  total: 20_000,
  payment: 'NONE',
  fromCart: false,
  placedAt: AN_INSTANT,
  paymentDeadline: null,
  holdUntil: AN_INSTANT + DAY,
  ...changed,
});

type Changed = Partial<Omit<PlacedOrder, 'facts'>> & { readonly facts?: Partial<OrderFacts> };

export const anOrder = ({ facts, ...changed }: Changed = {}): PlacedOrder => ({
  status: 'PENDING',
  facts: orderFacts(facts),
  reason: null,
  refusals: [],
  steps: { STOCK: 'PENDING', COUPON: 'SKIPPED', POINTS: 'SKIPPED' },
  pointHold: null,
  payments: [],
  paymentId: null,
  refundDue: 0,
  refunds: [],
  endedAt: null,
  ...changed,
});

/** An order that waits for its payment until the deadline. */
export const unpaid = (paymentDeadline: Instant, facts: Partial<OrderFacts> = {}): PlacedOrder =>
  anOrder({
    status: 'AWAITING_PAYMENT',
    steps: { STOCK: 'HELD', COUPON: 'SKIPPED', POINTS: 'SKIPPED' },
    facts: { payment: 'EXTERNAL', placedAt: paymentDeadline - 30 * 60 * SECOND, ...facts, paymentDeadline },
  });

export const ended = (status: 'COMPLETED' | 'CANCELLED', endedAt: Instant, facts: Partial<OrderFacts> = {}) =>
  anOrder({ status, endedAt, facts: { placedAt: endedAt - SECOND, ...facts } });

const longest = (start: string) => start.padEnd(64, 'x');

export const aPayment = (eventId: string, changed: Partial<PaymentRecord> = {}): PaymentRecord => ({
  eventId,
  type: 'COMPLETED',
  paymentId: 'payment-1',
  amount: { amount: 20_000, currency: 'KRW' },
  occurredAt: AN_INSTANT + 1,
  outcome: 'KEPT',
  ...changed,
});

/** Facts with everything that an order can have. */
const fullFacts = (index: number): OrderFacts =>
  orderFacts({
    userId: longest(`User:${index}.`),
    lines: ['1', longest('line')].map((lineId, i) => ({
      ...{ lineId, productId: longest('Product'), optionId: longest('o'), categoryIds: ['books', longest('c')] },
      ...{ unitPrice: 10_000, quantity: i + 1, onSale: i === 1, minimumUnitPrice: i, discount: i * 1_000 },
      net: 10_000 + i * 9_000,
    })),
    channel: 'APP "웹" \\ {a,NULL}',
    segments: ['vip', '단골 🎉'],
    firstOrder: true,
    shipping: { gross: 3_000, discount: 1_000, net: 2_000 },
    discounts: [
      {
        ...{ policyId: '0199a000-0000-7000-8000-000000000001', policyVersion: 3, couponId: null, code: 'FRI-"1"' },
        ...{ amount: 1_000, allocations: [{ lineId: longest('line'), amount: 1_000 }] },
      },
    ],
    pointsUsed: 500 + index,
    total: 30_500,
    payment: 'EXTERNAL',
    fromCart: true,
    placedAt: AN_INSTANT + index,
    paymentDeadline: AN_INSTANT + 1_800 * SECOND + 1,
    holdUntil: AN_INSTANT + 2 * DAY + 7,
  });

/** Fixture of `aggregateRepositoryContract` over orders. */
export const ordersAsAggregates = ({
  unitOfWork,
  orders,
  ids,
}: Pick<Adapters, 'unitOfWork' | 'orders' | 'ids'>): AggregateRepositoryFixture<Order> => ({
  unitOfWork,
  repository: orders,
  samples: {
    initial: { status: 'NONE' },
    id: idsByIndex(() => ids.next()),
    life: index => {
      const facts = fullFacts(index);
      const placed = anOrder({ facts, steps: { STOCK: 'PENDING', COUPON: 'PENDING', POINTS: 'PENDING' } });
      const kept = [aPayment('e-1'), aPayment('이벤트 "2" \n', { occurredAt: null, outcome: 'REFUND_DUE' })];
      const held = { steps: { STOCK: 'HELD', COUPON: 'HELD', POINTS: 'HELD' }, pointHold: ids.next() } as const;
      const posted = { steps: { STOCK: 'POSTED', COUPON: 'POSTED', POINTS: 'POSTED' } } as const;
      const awaiting = { ...placed, ...held, status: 'AWAITING_PAYMENT', payments: kept } as const;
      const completed = { ...awaiting, ...posted, status: 'COMPLETED', paymentId: 'payment-1' } as const;
      const refund = {
        ...{ refundId: ids.next(), lines: [{ lineId: '1', quantity: 1 }], amount: 9_900, pointsReturned: 100 },
        ...{ pointsReversed: 3, couponsRestored: [ids.next()], reason: '고객 변심 – "중복" 🙂', restock: false },
      };
      return [
        placed,
        { ...placed, payments: kept, reason: 'stop' },
        awaiting,
        { ...completed, endedAt: AN_INSTANT + 5 },
        { ...completed, endedAt: AN_INSTANT + 5, refundDue: Number.MAX_SAFE_INTEGER, refunds: [refund, refund] },
      ];
    },
  },
});
