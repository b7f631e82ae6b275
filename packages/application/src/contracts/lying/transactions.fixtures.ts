import { inMemoryAdapters } from '../../memory/index.js';
import type { UnitOfWork } from '../../ports/unit-of-work.js';
import { liesAbout, lying } from './lie.fixtures.js';

const unitOfWork = (run: UnitOfWork['run']) => ({ unitOfWork: { run } });
const sharedByAll = inMemoryAdapters();

export const liesAboutTransactions = [
  ...liesAbout('UnitOfWork', {
    'gives all cases the same store': {
      tell: () => sharedByAll,
      caughtBy: ['gets a store of its own for every case'],
    },
    'keeps what was rolled back': {
      tell: store =>
        unitOfWork(async work => {
          const failures: unknown[] = [];
          const result = await store.unitOfWork.run(tx =>
            work(tx).catch((error: unknown) => void failures.push(error)),
          );
          if (failures.length > 0) throw failures[0];
          return result as Awaited<ReturnType<typeof work>>;
        }),
      caughtBy: [
        'takes back everything when the work fails',
        'writes all of twenty that run at the same time, and nothing of those that fail',
      ],
    },
    'swallows the error of the work': {
      tell: store => unitOfWork(work => store.unitOfWork.run(work).catch(() => undefined as never)),
      caughtBy: ['throws the very error of the work', 'takes back everything when the work fails'],
    },
    'wraps the error of the work': {
      tell: store =>
        unitOfWork(work =>
          store.unitOfWork.run(work).catch((cause: unknown) => {
            throw new Error('transaction failed', { cause });
          }),
        ),
      caughtBy: ['throws the very error of the work'],
    },
    'loses the answer of the work': {
      tell: store => unitOfWork(work => store.unitOfWork.run(async tx => void (await work(tx)) as never)),
      caughtBy: ['answers what the work answers'],
    },
    'writes nothing at all': {
      tell: ({ events }) => ({ events: lying(events, { append: async () => undefined }) }),
      caughtBy: ['keeps what the work has written', 'goes on after a failure'],
    },
    'writes outside of the transaction': {
      tell: ({ events, ...store }) => ({
        events: lying(events, { append: (_, added) => store.unitOfWork.run(own => events.append(own, added)) }),
      }),
      caughtBy: ['takes back everything when the work fails', 'shows nobody what may still be taken back'],
    },
    'lets a work go on after its end': {
      tell: ({ events, ...store }) => ({
        events: lying(events, {
          append: (tx, added) =>
            events.append(tx, added).catch(() => store.unitOfWork.run(own => events.append(own, added))),
        }),
      }),
      caughtBy: ['takes nothing more for a work that has ended, however it ended'],
    },
    'stays broken after a failure': {
      tell: store => {
        let broken = false;
        return unitOfWork(async work => {
          if (broken) throw new Error('current transaction is aborted');
          return store.unitOfWork.run(work).catch((error: unknown) => {
            broken = true;
            throw error;
          });
        });
      },
      caughtBy: ['goes on after a failure', 'rejects when the work throws before it awaits anything'],
    },
  }),
  ...liesAbout('Clock', {
    'tells the time at which the transaction began': {
      tell: ({ clock }) => {
        const began = new WeakMap<object, number>();
        return {
          clock: lying(clock, {
            now: async tx => {
              const at = began.get(tx) ?? clock.time;
              began.set(tx, at);
              return at;
            },
          }),
        };
      },
      caughtBy: ['tells the time of now, not that at which the transaction began'],
    },
    'tells seconds': {
      tell: ({ clock }) => ({ clock: lying(clock, { now: async () => Math.floor(clock.time / 1000) }) }),
      caughtBy: ['tells epoch milliseconds, whole ones'],
    },
    'tells fractions of milliseconds': {
      tell: ({ clock }) => ({ clock: lying(clock, { now: async () => clock.time + 0.5 }) }),
      caughtBy: ['tells epoch milliseconds, whole ones'],
    },
    'goes back now and then': {
      tell: ({ clock }) => {
        let looks = 0;
        return { clock: lying(clock, { now: async () => clock.time - 60_000 * (looks++ % 2) }) };
      },
      caughtBy: ['does not go back between two looks', 'tells all transactions the same time'],
    },
  }),
];
