import { points } from '@org/domain';
import { liesAbout, lying } from './lie.fixtures.js';

export const liesAboutPointQueries = liesAbout('PointQueries', {
  'tells the balance as it was written last': {
    tell: ({ pointQueries, pointLedger }) => ({
      pointQueries: lying(pointQueries, {
        balance: async userId => {
          const { figures } = pointLedger.rows.outside.get(userId)?.state ?? points.initial;
          return { available: figures.AVAILABLE, held: figures.HELD, pending: figures.PENDING, debt: figures.DEBT };
        },
      }),
    }),
    caughtBy: ['tells balance and lots by the time of the store, written down or not'],
  },
  'tells the balance of somebody else': {
    tell: ({ pointQueries }) => ({
      pointQueries: lying(pointQueries, { balance: () => pointQueries.balance('ann') }),
    }),
    caughtBy: ['tells the balance, and that of nobody else'],
  },
  'lists the history of everybody': {
    tell: ({ pointQueries }) => ({
      pointQueries: lying(pointQueries, {
        history: async filter => {
          const [own, bobs] = [
            await pointQueries.history(filter),
            await pointQueries.history({ ...filter, userId: 'bob' }),
          ];
          return { ...own, items: [...own.items, ...bobs.items] };
        },
      }),
    }),
    caughtBy: ['lists the history newest first, with the balance after each line'],
  },
  'lists the oldest first': {
    tell: ({ pointQueries }) => ({
      pointQueries: lying(pointQueries, {
        history: async filter => {
          const { items, nextCursor } = await pointQueries.history(filter);
          return { items: [...items].reverse(), nextCursor };
        },
      }),
    }),
    caughtBy: ['lists the history newest first, with the balance after each line'],
  },
  'pages by count': {
    tell: ({ pointQueries }) => ({
      pointQueries: lying(pointQueries, {
        history: async ({ userId, limit, cursor }) => {
          const { items } = await pointQueries.history({ userId, limit: 1_000, cursor: null });
          const from = Number(cursor ?? 0);
          const end = from + limit;
          return { items: items.slice(from, end), nextCursor: end < items.length ? String(end) : null };
        },
      }),
    }),
    caughtBy: ['pages on from where it was while new lines come in'],
  },
  'lists lots in the order of earning': {
    tell: ({ pointQueries }) => ({
      pointQueries: lying(pointQueries, {
        lots: async filter => {
          const { items, nextCursor } = await pointQueries.lots(filter);
          return { items: [...items].sort((a, b) => a.position - b.position), nextCursor };
        },
      }),
    }),
    caughtBy: ['pages through history and lots without loss or double, whatever the size of the page'],
  },
  'loses the last of every page of lots': {
    tell: ({ pointQueries }) => ({
      pointQueries: lying(pointQueries, {
        lots: async filter => {
          const { items, nextCursor } = await pointQueries.lots(filter);
          return { items: nextCursor === null ? items : items.slice(0, -1), nextCursor };
        },
      }),
    }),
    caughtBy: ['pages through history and lots without loss or double, whatever the size of the page'],
  },
});
