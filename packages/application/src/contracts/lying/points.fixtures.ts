import { noFigures, type PointAccount, points } from '@org/domain';
import type { PointPosting } from '../../ports/point-ledger.js';
import { counter, type Lie, liesAbout, lying } from './lie.fixtures.js';

/** Posts something else than it is told. */
const withPostings =
  (change: (posting: PointPosting) => PointPosting): Lie['tell'] =>
  ({ pointLedger }) => ({
    pointLedger: lying(pointLedger, { post: (tx, postings) => pointLedger.post(tx, postings.map(change)) }),
  });

/** Answers accounts that are changed on the way. */
const withAccounts =
  (change: (account: PointAccount) => PointAccount): Lie['tell'] =>
  ({ pointLedger }) => ({
    pointLedger: lying(pointLedger, {
      lock: async (tx, wanted) => {
        const locked = await pointLedger.lock(tx, wanted);
        return new Map(
          [...locked].map(([userId, { version, state }]) => [userId, { version, state: change(state) }] as const),
        );
      },
    }),
  });

const next = counter();

const liesAboutTheLedger = liesAbout('PointLedger', {
  'does not know who never had points': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        lock: async (tx, wanted) =>
          new Map([...(await pointLedger.lock(tx, wanted))].filter(([, { version }]) => version > 0)),
      }),
    }),
    caughtBy: ['answers an empty account at version 0 for a user who never had points'],
  },
  'reads accounts without a lock': {
    tell: ({ pointLedger, unitOfWork }) => ({
      pointLedger: lying(pointLedger, {
        lock: async (tx, wanted) => {
          const seen = wanted.map(({ userId }) => [userId, pointLedger.rows.get(tx, userId)] as const);
          await unitOfWork.run(async () => undefined);
          return new Map(seen.map(([userId, row]) => [userId, row ?? { version: 0, state: points.initial }]));
        },
      }),
    }),
    caughtBy: [
      'keeps a second lock waiting until the first transaction ends',
      'counts every one of twenty that use at the same time',
      'skips accounts that somebody else is at, without waiting',
    ],
  },
  'forgets lots that are empty': {
    tell: withAccounts(account => ({
      ...account,
      lots: account.lots.filter(({ available, pending, held, debt }) => available + pending + held + debt > 0),
    })),
    caughtBy: ['answers what is named with the lots that it has taken from, however long they are empty'],
  },
  'forgets debts': {
    tell: withAccounts(account => ({ ...account, lots: account.lots.map(lot => ({ ...lot, debt: 0 })) })),
    caughtBy: ['keeps debts and what has ended'],
  },
  'cuts instants to the second': {
    tell: withAccounts(account => ({
      ...account,
      lots: account.lots.map(lot => ({
        ...lot,
        expiresAt: lot.expiresAt && Math.floor(lot.expiresAt / 1000) * 1000 + 1,
      })),
    })),
    caughtBy: ['reads back earnings, uses and holds as they were posted'],
  },
  'keeps only plain letters': {
    tell: withAccounts(account => ({
      ...account,
      lots: account.lots.map(lot => ({ ...lot, content: lot.content.replace(/[^ -~]/g, '?') })),
    })),
    caughtBy: ['reads back earnings, uses and holds as they were posted'],
  },
  'tells every id to be of the same user': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        owners: async (tx, ids) => new Map([...(await pointLedger.owners(tx, ids))].map(([id]) => [id, 'ann'])),
      }),
    }),
    caughtBy: ['tells whose points these are'],
  },
  'accepts a stale version': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        post: async (tx, postings) => {
          await pointLedger.post(tx, postings);
          return new Set(postings.map(({ userId }) => userId));
        },
      }),
    }),
    caughtBy: ['writes a set of users, and nothing of those whose version is stale'],
  },
  'believes what it is told, whatever the transfers say': {
    tell: withPostings(posting => ({ ...posting, events: [], account: { ...posting.account, figures: noFigures } })),
    caughtBy: ['reads back earnings, uses and holds as they were posted'],
  },
  'pays what is not there': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        post: (tx, postings) =>
          postings.some(({ account }) => account.figures.AVAILABLE < 0)
            ? Promise.resolve(new Set(postings.map(({ userId }) => userId)))
            : pointLedger.post(tx, postings),
      }),
    }),
    caughtBy: ['throws when a lot would be overdrawn'],
  },
  'lets points go anywhere': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        post: (tx, postings) =>
          postings.some(({ events }) => events.some(({ type }) => type === 'EarningReversed'))
            ? Promise.resolve(new Set(postings.map(({ userId }) => userId)))
            : pointLedger.post(tx, postings),
      }),
    }),
    caughtBy: ['throws when points would go where none may go'],
  },
  'lets a key be used twice': {
    tell: withPostings(posting => ({
      ...posting,
      account: {
        ...posting.account,
        lots: posting.account.lots.map(lot => ({ ...lot, key: `${lot.key} ${next()}` })),
      },
    })),
    caughtBy: ['throws when a key of one kind is used twice, and lets other kinds and users have it'],
  },
  'writes at once, whatever becomes of the transaction': {
    tell: ({ pointLedger, unitOfWork }) => ({
      pointLedger: lying(pointLedger, {
        lock: (_, wanted) => unitOfWork.run(own => pointLedger.lock(own, wanted)),
        post: (_, postings) => unitOfWork.run(own => pointLedger.post(own, postings)),
      }),
    }),
    caughtBy: ['takes everything back when the work fails'],
  },
  'finds accounts that still have time': {
    tell: ({ pointLedger, clock }) => ({
      pointLedger: lying(pointLedger, {
        lockOverdue: async (tx, limit) => {
          const now = clock.time;
          clock.advance(10 * 86_400_000);
          const found = await pointLedger.lockOverdue(tx, limit);
          clock.set(now);
          return found;
        },
      }),
    }),
    caughtBy: ['finds accounts for which the time has something to write down, and no other'],
  },
  'knows no limit': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, { lockOverdue: tx => pointLedger.lockOverdue(tx, 1_000) }),
    }),
    caughtBy: ['finds accounts for which the time has something to write down, and no other'],
  },
  'waits for what somebody else is at': {
    tell: ({ pointLedger }) => ({
      pointLedger: lying(pointLedger, {
        lockOverdue: async (tx, limit) => {
          await pointLedger.lock(tx, [{ userId: 'ann', pointIds: [], keys: [] }]);
          return pointLedger.lockOverdue(tx, limit);
        },
      }),
    }),
    caughtBy: ['skips accounts that somebody else is at, without waiting'],
  },
});

const liesAboutPointQueries = liesAbout('PointQueries', {
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

export const liesAboutPoints = [...liesAboutTheLedger, ...liesAboutPointQueries];
