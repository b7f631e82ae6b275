/** Bodies of the API of points as the document shows them; the tests send the requests among them. */
const pointId = '01990000-0000-7000-8000-000000000004';

export const pointExamples = {
  earn: [
    {
      userId: 'user-1',
      points: 1000,
      reason: 'order-1 was delivered',
      expiresAt: '2099-12-31T00:00:00+09:00',
      availableAt: '2026-11-28T00:00:00+09:00',
      orderNumber: 'order-1',
      key: 'order-1:reward',
    },
    { userId: 'user-1', points: 500, key: 'welcome' },
  ],
  use: [{ userId: 'user-1', points: 300, orderNumber: 'order-2', key: 'order-2:points' }],
  cancel: [{ reason: 'the order was cancelled' }, { userId: 'user-1', reason: 'the order was cancelled' }],
  moved: { pointId, points: 1000, balance: 1000 },
  cancelled: { pointId, status: 'CANCELLED', balance: 1000 },
  balance: { userId: 'user-1', available: 1200, held: 0, pending: 1000, debt: 0 },
  entry: {
    pointId,
    type: 'EARN',
    points: 1000,
    balance: 1000,
    orderNumber: 'order-1',
    at: '2026-11-21T03:00:00.000Z',
  },
  lot: {
    pointId,
    points: 1000,
    remaining: 700,
    availableAt: '2026-11-27T15:00:00.000Z',
    expiresAt: '2099-12-30T15:00:00.000Z',
  },
} as const;
