import type { Paged } from '../../ports/coupon-queries.js';
import { liesAbout, lying } from './lie.fixtures.js';

/** Pages by a count of what was seen, which moves when something new comes in. */
const byCount = <Item>(items: readonly Item[], limit: number, cursor: string | null): Paged<Item> => {
  const next = Number(cursor ?? 0) + limit;
  return { items: items.slice(next - limit, next), nextCursor: next < items.length ? String(next) : null };
};

const liesAboutOrderQueries = liesAbout('OrderQueries', {
  'tells everybody of every order': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, { order: number => orderQueries.order(number, null) }),
    }),
    caughtBy: ['tells an order to its owner and to who asks for whomever, and to nobody else'],
  },
  'knows no case': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        order: (number, owner) => orderQueries.order(number, owner?.toLowerCase() ?? null),
      }),
    }),
    caughtBy: ['tells an order to its owner and to who asks for whomever, and to nobody else'],
  },
  'answers an order as often as it is asked for': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        async named(numbers) {
          const views = await Promise.all(numbers.map(number => orderQueries.order(number, null)));
          return views.filter(view => view !== null);
        },
      }),
    }),
    caughtBy: ['tells orders by their numbers, whole, and leaves out those that are not there'],
  },
  'lists the orders of somebody else': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, { orders: filter => orderQueries.orders({ ...filter, userId: 'bob' }) }),
    }),
    caughtBy: ['lists the orders of a user, newest first, whole, and those of nobody else'],
  },
  'lists the oldest first': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        async orders(filter) {
          const { items, nextCursor } = await orderQueries.orders(filter);
          return { items: [...items].reverse(), nextCursor };
        },
      }),
    }),
    caughtBy: ['lists the orders of a user, newest first, whole, and those of nobody else'],
  },
  'ignores the status of a list': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, { orders: filter => orderQueries.orders({ ...filter, status: null }) }),
    }),
    caughtBy: ['lists by status'],
  },
  'loses the last of every page': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        async orders(filter) {
          const { items, nextCursor } = await orderQueries.orders(filter);
          return { items: nextCursor === null ? items : items.slice(0, -1), nextCursor };
        },
      }),
    }),
    caughtBy: ['pages through a list without loss or double, also where many are of one millisecond'],
  },
  'pages by the instant alone': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        async orders({ limit, cursor, ...filter }) {
          const all = (await orderQueries.orders({ ...filter, limit: 1_000, cursor: null })).items;
          const before = cursor === null ? Number.POSITIVE_INFINITY : Number(cursor) || Number.POSITIVE_INFINITY;
          const rest = all.filter(({ order }) => order.facts.placedAt < before);
          const last = rest[limit - 1];
          const more = last && rest.length > limit;
          return { items: rest.slice(0, limit), nextCursor: more ? String(last.order.facts.placedAt) : null };
        },
      }),
    }),
    caughtBy: ['pages through a list without loss or double, also where many are of one millisecond'],
  },
  'pages by count': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        async orders({ limit, cursor, ...filter }) {
          const { items } = await orderQueries.orders({ ...filter, limit: 1_000, cursor: null });
          return byCount(items, limit, cursor);
        },
      }),
    }),
    caughtBy: ['pages on from where it was while newer orders come in'],
  },
  'chokes on a cursor of somebody else': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        async orders(filter) {
          if (filter.cursor === 'x') throw new Error('invalid input syntax');
          return orderQueries.orders(filter);
        },
      }),
    }),
    caughtBy: ['takes a cursor that nobody has given out for the start'],
  },
  'tells the timeline in the order of writing': {
    tell: ({ orderQueries, events }) => ({
      orderQueries: lying(orderQueries, {
        async timeline(number, owner) {
          if (!(await orderQueries.order(number, owner))) return null;
          const own = events.all().filter(({ streamId }) => streamId === `order/${number}`);
          return own.map(({ recordedAt: at, type, origin: { actor }, data }) => ({ at, type, actor, data }));
        },
      }),
    }),
    caughtBy: ['tells what happened to an order, oldest first, and nothing of others'],
  },
  'tells a quiet order for one that is not there': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, {
        async timeline(number, owner) {
          const found = await orderQueries.timeline(number, owner);
          return found && found.length > 0 ? found : null;
        },
      }),
    }),
    caughtBy: ['tells what happened to an order, oldest first, and nothing of others'],
  },
  'tells the timeline to everybody': {
    tell: ({ orderQueries }) => ({
      orderQueries: lying(orderQueries, { timeline: number => orderQueries.timeline(number, null) }),
    }),
    caughtBy: ['tells the timeline to the owner and to who asks for whomever, and to nobody else'],
  },
});

const liesAboutPointsOfOrders = liesAbout('PointLedger: points of orders', {
  'takes any spending under the key for the hold': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        holds: async (tx, refs) =>
          refs.map(({ userId, key }) => {
            const { spendings = [] } = pointLedger.rows.get(tx, userId)?.state ?? {};
            const found = spendings.find(each => each.key === key);
            return found ? { pointId: found.pointId, status: found.status, until: found.until ?? 0 } : null;
          }),
      }),
    }),
    caughtBy: ['finds holds by user and key, one answer for each in the same order, and no other kind'],
  },
  'leaves out what it does not find': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        holds: async (tx, refs) => (await pointLedger.holds(tx, refs)).filter(hold => hold !== null),
      }),
    }),
    caughtBy: ['finds holds by user and key, one answer for each in the same order, and no other kind'],
  },
  'takes every hold for live': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        holds: async (tx, refs) =>
          (await pointLedger.holds(tx, refs)).map(hold => hold && { ...hold, status: 'HELD' as const }),
      }),
    }),
    caughtBy: ['tells what became of a hold, and until when it lasts'],
  },
  'answers earnings with whatever order': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        earnedWith: async (tx, userId) =>
          (pointLedger.rows.get(tx, userId)?.state.lots ?? []).map(({ pointId, points, reversed, status }) => ({
            ...{ pointId, points, reversed, status },
          })),
      }),
    }),
    caughtBy: ['tells what a user has earned with an order, in the order of earning, cancelled or not'],
  },
  'forgets what was taken back of an earning': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        earnedWith: async (tx, userId, orderNumber) =>
          (await pointLedger.earnedWith(tx, userId, orderNumber)).map(earning => ({ ...earning, reversed: 0 })),
      }),
    }),
    caughtBy: ['tells what a user has earned with an order, in the order of earning, cancelled or not'],
  },
  'forgets cancelled earnings': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        earnedWith: async (tx, userId, orderNumber) =>
          (await pointLedger.earnedWith(tx, userId, orderNumber)).filter(({ status }) => status === 'EARNED'),
      }),
    }),
    caughtBy: ['tells what a user has earned with an order, in the order of earning, cancelled or not'],
  },
});

export const liesAboutReadingOrders = [...liesAboutOrderQueries, ...liesAboutPointsOfOrders];
