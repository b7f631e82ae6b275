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

export const liesAboutPoints = liesAbout('PointLedger', {
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
