/** Bodies of the public contract as the document shows them; the tests send the requests among them. */

export const policyId = '01990000-0000-7000-8000-000000000001';
export const couponId = '01990000-0000-7000-8000-000000000002';
export const requestId = '01990000-0000-7000-8000-000000000004';
export const jobId = '01990000-0000-7000-8000-000000000003';

export const aPolicy = {
  name: 'Friday rush',
  description: '',
  code: 'FRIDAY',
  currency: 'KRW',
  timeZone: 'Asia/Seoul',
  discount: {
    type: 'PERCENTAGE',
    percent: '10',
    maxAmount: 5000,
    rounding: { mode: 'HALF_UP', unit: 1 },
    everyNthUnit: null,
    groupSize: null,
    maxUnits: null,
    maxUnitsPer: 'ORDER',
  },
  conditions: {
    minimumOrder: { amount: 10000, comparison: 'GTE', base: 'INITIAL' },
    minimumQuantity: 1,
    requires: { products: [], categories: [] },
    products: { include: [], exclude: [] },
    categories: { include: [], exclude: [] },
    channels: { include: [], exclude: [] },
    segments: { include: [], exclude: [] },
    excludeSaleItems: false,
    weekdays: ['MON'],
    hours: { from: '09:00', until: '18:00' },
    firstOrderOnly: false,
  },
  limits: { total: 1000, perUser: 1, perDay: 300, budget: 5000000 },
  issuance: ['FIRST_COME'],
  issuePeriod: { from: '2026-11-21T10:00:00+09:00', until: '2026-11-30T00:00:00+09:00' },
  validity: {
    from: '2026-11-21T00:00:00+09:00',
    until: '2026-12-01T00:00:00+09:00',
    untilInclusive: false,
    daysAfterIssue: 7,
  },
  stacking: { mode: 'STACKABLE', group: 'order', priority: 100, percentBase: 'INITIAL' },
  restoreOnCancel: true,
  refund: 'NONE',
};

const withDiscount = (name: string, discount: object) => ({
  name,
  currency: 'KRW',
  discount,
  issuance: ['DOWNLOAD', 'CODE'],
});

export const discountExamples = [
  withDiscount('3,000 off', { type: 'FIXED_AMOUNT', amount: 3000, allocation: 'ACROSS' }),
  withDiscount('The more the better', {
    type: 'TIERED',
    tiers: [
      { from: 30000, amount: 3000 },
      { from: 50000, percent: '10' },
    ],
  }),
  withDiscount('Two and one', {
    type: 'BUY_X_GET_Y',
    buyQuantity: 2,
    getQuantity: 1,
    percentOff: '100',
    products: ['p1'],
    getProducts: [],
    getCategories: [],
    getOrder: 'CHEAPEST',
  }),
  withDiscount('Free shipping', { type: 'FREE_SHIPPING', maxAmount: 3000 }),
];

export const aPolicyAnswer = {
  id: policyId,
  version: 1,
  status: 'DRAFT',
  ...aPolicy,
  createdAt: '2026-11-20T09:00:00+09:00',
};

export const statisticsExample = {
  policyId,
  issued: 40,
  available: 25,
  reserved: 5,
  used: 10,
  expired: 0,
  revoked: 0,
  remaining: 960,
  budgetTaken: 48000,
};

export const codesExamples = [
  { count: 1000, length: 8, prefix: 'SPRING-' },
  { count: 500, pattern: '####-####', charset: '23456789ABCDEFGH', suffix: '', checkDigit: false },
];

export const aCoupon = {
  couponId,
  policyId,
  policyVersion: 1,
  userId: 'user-1',
  sequence: 1,
  status: 'ISSUED',
  issuedAt: '2026-11-21T01:00:00.000Z',
  validFrom: '2026-11-21T01:00:00.000Z',
  expiresAt: '2026-11-28T15:00:00.000Z',
};

export const aRequestAnswer = { requestId, status: 'ISSUED', coupon: aCoupon };

const aCart = {
  currency: 'KRW',
  lines: [
    {
      lineId: '1',
      productId: 'p1',
      categoryIds: ['books'],
      unitPrice: 12000,
      quantity: 2,
      onSale: false,
      minimumUnitPrice: 0,
    },
  ],
  shipping: 3000,
  channel: 'WEB',
  segments: [],
  firstOrder: false,
};

export const aQuote = {
  cart: { ...aCart, at: '2026-11-21T12:00:00+09:00' },
  couponIds: [couponId],
  codes: ['FRIDAY'],
  points: 500,
};

export const aQuoteAnswer = {
  currency: 'KRW',
  lines: [{ lineId: '1', gross: 24000, discount: 2400, net: 21600, unitNets: [10800, 10800] }],
  shipping: { gross: 3000, discount: 0, net: 3000 },
  discounts: [
    { policyId, policyVersion: 1, couponId, code: null, amount: 2400, allocations: [{ lineId: '1', amount: 2400 }] },
  ],
  pointsUsed: 500,
  total: 24100,
  refused: [{ couponId: null, code: 'FRIDAY', reason: 'CODE_NOT_FOUND', data: { code: 'FRIDAY' } }],
  hints: [],
  trace: [],
};

const orderAmount = { amount: 24000, currency: 'KRW' };

export const reservationExamples = {
  reserve: [
    { reservationId: 'order-1:coupon', couponId, orderNumber: 'order-1', orderAmount, ttlSeconds: 600 },
    { reservationId: 'order-2:coupon', couponId, orderNumber: 'order-2', cart: aCart },
  ],
  quote: { cart: { currency: 'KRW', lines: [] } },
};

export const useExamples = [
  { orderNumber: 'order-1', orderAmount },
  { orderNumber: 'order-2', cart: aCart },
];

export const aReservation = {
  reservationId: 'order-1:coupon',
  couponId,
  orderNumber: 'order-1',
  status: 'RESERVED',
  discount: 2400,
  expiresAt: '2026-11-21T03:10:00.000Z',
};
