import { liesAboutCredentials } from './credentials.fixtures.js';
import { liesAbout, lying } from './lie.fixtures.js';

const liesAboutAccounts = liesAbout('AccountRepository', {
  'seals again what is sealed well': {
    tell: ({ accounts }) => ({
      accounts: lying(accounts, { reseal: async () => ({ resealed: 1, olderKeys: 0 }) }),
    }),
    caughtBy: ['seals nothing again that the newest key has sealed'],
  },
  'tells addresses apart by case': {
    tell: ({ accounts }) => ({
      accounts: lying(accounts, {
        idsByEmail: async (tx, emails) => {
          const found = new Map<string, string>();
          const all = await accounts.idsByEmail(tx, emails);
          for (const [email, id] of all) if (email === email.toLowerCase()) found.set(email, id);
          return found;
        },
      }),
    }),
    caughtBy: ['finds accounts by their addresses, in whatever case, under the words of the question'],
  },
  'gives an address to everybody who wants it': {
    tell: ({ accounts }) => ({
      accounts: lying(accounts, {
        save: (tx, changes) =>
          accounts.save(
            tx,
            changes.map(change => {
              const { id, state } = change;
              if (state.status === 'NONE') return change;
              const profile = { ...state.profile, email: `${id}.${state.profile.email}` };
              return { ...change, state: { ...state, profile } };
            }),
          ),
      }),
    }),
    caughtBy: [
      'refuses an address that another account has, and writes nothing of that transaction',
      'gives an address to one of twenty that want it at the same time',
    ],
  },
  'says something else about a taken address': {
    tell: ({ accounts }) => ({
      accounts: lying(accounts, {
        save: (tx, changes) =>
          accounts.save(tx, changes).catch(() => {
            throw new Error('duplicate key value violates unique constraint');
          }),
      }),
    }),
    caughtBy: ['refuses an address that another account has, and writes nothing of that transaction'],
  },
  'finds nobody': {
    tell: ({ accounts }) => ({ accounts: lying(accounts, { idsByEmail: async () => new Map() }) }),
    caughtBy: ['lets an account keep its address through its life'],
  },
});

const liesAboutSessions = liesAbout('SessionRepository', {
  'tells the sessions of everybody': {
    tell: ({ sessions }) => ({
      sessions: lying(sessions, {
        openOf: async tx => (await Promise.all(['ann', 'bob'].map(user => sessions.openOf(tx, user)))).flat(),
      }),
    }),
    caughtBy: ['tells the open sessions of one user, and of no other'],
  },
  'tells what is committed only': {
    tell: ({ sessions, unitOfWork }) => ({
      sessions: lying(sessions, { openOf: (_, user) => unitOfWork.run(own => sessions.openOf(own, user)) }),
    }),
    caughtBy: ['sees the sessions that its own transaction has written'],
  },
  'forgets sessions that are still in use': {
    tell: ({ sessions }) => ({
      sessions: lying(sessions, { forget: (tx, _, limit) => sessions.forget(tx, -90 * 86_400, limit) }),
    }),
    caughtBy: ['forgets sessions that ended or ran out before the retention, with their tokens, and no others'],
  },
  'forgets without a limit': {
    tell: ({ sessions }) => ({
      sessions: lying(sessions, { forget: (tx, seconds) => sessions.forget(tx, seconds, 1_000) }),
    }),
    caughtBy: ['forgets no more than the limit at a time'],
  },
});

const liesAboutThrottles = liesAbout('ThrottleRepository', {
  'forgets what is still counted': {
    tell: ({ throttles }) => ({
      throttles: lying(throttles, { forget: (tx, _, limit) => throttles.forget(tx, 0, limit) }),
    }),
    caughtBy: ['forgets what nobody has touched for the retention, no more than the limit at a time'],
  },
  'never forgets': {
    tell: ({ throttles }) => ({ throttles: lying(throttles, { forget: async () => 0 }) }),
    caughtBy: ['keeps what was touched again meanwhile'],
  },
});

const liesAboutHistory = liesAbout('LoginHistory', {
  'forgets what the client said': {
    tell: ({ loginHistory }) => ({
      loginHistory: lying(loginHistory, {
        append: (tx, attempts) =>
          loginHistory.append(
            tx,
            attempts.map(each => ({ ...each, userAgent: null })),
          ),
      }),
    }),
    caughtBy: ['keeps every part of an attempt, and the time of the store'],
  },
  'keeps what was rolled back': {
    tell: ({ loginHistory, unitOfWork }) => ({
      loginHistory: lying(loginHistory, {
        append: (_, attempts) => unitOfWork.run(own => loginHistory.append(own, attempts)),
      }),
    }),
    caughtBy: ['takes back attempts when the work fails'],
  },
  'forgets everything at once': {
    tell: ({ loginHistory }) => ({
      loginHistory: lying(loginHistory, { forget: (tx, seconds) => loginHistory.forget(tx, seconds, 1_000) }),
    }),
    caughtBy: ['forgets attempts older than the retention, no more than the limit at a time'],
  },
});

const liesAboutQueries = liesAbout('AccountQueries', {
  'shows the first revision for ever': {
    tell: ({ accountQueries }) => ({
      accountQueries: lying(accountQueries, {
        account: async id => {
          const view = await accountQueries.account(id);
          return view && { ...view, revision: 1 };
        },
      }),
    }),
    caughtBy: ['tells an account with the number of its state, and without the hash of its password'],
  },
  'opens a session to everybody': {
    tell: ({ accountQueries }) => ({
      accountQueries: lying(accountQueries, {
        isOpen: async (_, sessionId) => accountQueries.isOpen('ann', sessionId),
      }),
    }),
    caughtBy: ['tells whether a session of this user is open now'],
  },
  'lists the oldest first': {
    tell: ({ accountQueries }) => ({
      accountQueries: lying(accountQueries, {
        logins: async filter => {
          const { items, nextCursor } = await accountQueries.logins(filter);
          return { items: [...items].reverse(), nextCursor };
        },
      }),
    }),
    caughtBy: ['lists logins newest first, those of one user, in pages of any size'],
  },
  'pages by count': {
    tell: ({ accountQueries }) => ({
      accountQueries: lying(accountQueries, {
        logins: async ({ userId, limit, cursor }) => {
          const { items } = await accountQueries.logins({ userId, limit: 1_000, cursor: null });
          const from = Number(cursor ?? 0);
          const nextCursor = items.length > from + limit ? String(from + limit) : null;
          return { items: items.slice(from, from + limit), nextCursor };
        },
      }),
    }),
    caughtBy: ['pages on from where it was while newer logins come in'],
  },
});

export const liesAboutUsers = [
  ...liesAboutAccounts,
  ...liesAboutSessions,
  ...liesAboutThrottles,
  ...liesAboutHistory,
  ...liesAboutQueries,
  ...liesAboutCredentials,
];
