/** Orders and payments as the document shows them; the tests send the requests among them. */

const orderNumber = '01990000-0000-7000-8000-000000000005';
const couponId = '01990000-0000-7000-8000-000000000002';
const policyId = '01990000-0000-7000-8000-000000000001';
const line = { lineId: '1', productId: 'mug', optionId: 'blue', quantity: 2 };
const how = { couponIds: [couponId], codes: ['FRIDAY'], points: 500, payment: 'EXTERNAL', channel: 'WEB' };
const steps = [
  { step: 'STOCK', status: 'HELD' },
  { step: 'COUPON', status: 'HELD' },
  { step: 'POINTS', status: 'HELD' },
];
const shipping = { gross: 3000, discount: 0, net: 3000 };
const discount = { policyId, policyVersion: 1, couponId, code: null, amount: 2400 };

const item = {
  ...{ orderNumber, userId: 'user-1', status: 'AWAITING_PAYMENT', reason: null, refundStatus: 'NONE' },
  currency: 'KRW',
  lines: [{ ...line, unitPrice: 12000, discount: 2400, net: 21600, refunded: 0 }],
  shipping,
  discounts: [{ ...discount, allocations: [{ lineId: '1', amount: 2400 }] }],
  ...{ pointsUsed: 500, total: 24100, refunded: 0, refundDue: 0, payment: 'EXTERNAL', channel: 'WEB' },
  ...{ paymentDeadline: '2026-11-21T03:30:00.000Z', createdAt: '2026-11-21T03:00:00.000Z', endedAt: null },
};

export const orderExamples = {
  order: [
    { lines: [line], ...how },
    { lines: [line], payment: 'NONE' },
  ],
  cartOrder: [how, { payment: 'NONE' }],
  accepted: {
    ...{ orderNumber, status: 'PENDING', trackingUrl: `/api/v3/orders/${orderNumber}/status`, estimatedSeconds: 1 },
  },
  cancel: [{ orderNumber, reason: 'found it cheaper' }],
  cancelled: { orderNumber, status: 'CANCELLED' },
  status: { orderNumber, status: 'AWAITING_PAYMENT', reason: null, steps },
  item,
  whole: {
    ...item,
    lines: item.lines.map(each => ({ ...each, unitNets: [10800, 10800] })),
    steps,
    refunds: [],
  },
  event: {
    ...{ at: '2026-11-21T03:00:01.000Z', type: 'order.payment-recorded.v1', actor: 'payments' },
    data: {
      ...{ eventId: 'evt-1', type: 'COMPLETED', paymentId: 'pay-1', amount: { amount: 24000, currency: 'KRW' } },
      ...{ occurredAt: '2026-11-21T03:00:00.000Z', outcome: 'PAYMENT_AMOUNT_MISMATCH' },
    },
  },
  refund: [
    { lines: [{ lineId: '1', quantity: 1 }], reason: 'broken', restock: false },
    { userId: 'user-1', lines: [{ lineId: '1', quantity: 1 }] },
  ],
  refunded: {
    ...{ refundId: '01990000-0000-7000-8000-000000000006', amount: 10580, lines: [{ lineId: '1', quantity: 1 }] },
    ...{ pointsReturned: 220, pointsReversed: 0, couponRestored: false, couponsRestored: [] },
  },
  payment: [
    {
      ...{ eventId: 'evt-1', type: 'COMPLETED', orderNumber, paymentId: 'pay-1' },
      ...{ amount: { amount: 24100, currency: 'KRW' }, occurredAt: '2026-11-21T12:00:00+09:00' },
    },
  ],
  recorded: { orderNumber, eventId: 'evt-1', outcome: 'PAID' },
} as const;
