import type { InMemoryAdapters } from '../../memory/index.js';
import type { Lock } from '../../ports/lock.js';
import type { LockFences } from '../../ports/lock-fences.js';
import { counter, liesAbout, lying } from './lie.fixtures.js';

const lock = (methods: (honest: Lock, store: InMemoryAdapters) => Partial<Lock>) => (store: InMemoryAdapters) => ({
  lock: lying<Lock>(store.lock, methods(store.lock, store)),
});
const fences = (methods: (honest: LockFences) => Partial<LockFences>) => (store: InMemoryAdapters) => ({
  fences: lying<LockFences>(store.fences, methods(store.fences)),
});
const never = () => new AbortController().signal;

export const liesAboutLocks = [
  ...liesAbout('Lock', {
    'lets everybody in': {
      tell: lock((_, { unitOfWork, fences: drawn }) => ({
        withLock: async (keys, _ttlMs, work) =>
          work({ fence: await unitOfWork.run(tx => drawn.draw(tx, keys)), signal: never() }),
      })),
      caughtBy: [
        'lets twenty in one after the other',
        'ends with its time: the holder is told, and the next one gets in',
      ],
    },
    'has one lock for everything': {
      tell: lock(honest => ({
        withLock: (keys, ttlMs, work, options) => honest.withLock(['all', ...keys], ttlMs, work, options),
      })),
      caughtBy: ['keeps nobody waiting who wants other keys', 'keeps no key of those who wait for another one'],
    },
    'locks the first key alone': {
      tell: lock(honest => ({
        withLock: (keys, ttlMs, work, options) => honest.withLock(keys.slice(0, 1), ttlMs, work, options),
      })),
      caughtBy: ['turns away who wants one of the keys and has waited enough, and does not begin his work'],
    },
    'takes key after key and keeps what it has': {
      tell: lock(honest => ({
        withLock(keys, ttlMs, work, options) {
          const [first = '', ...rest] = keys;
          if (rest.length === 0) return honest.withLock(keys, ttlMs, work, options);
          return honest.withLock([first], ttlMs, () => this.withLock?.(rest, ttlMs, work, options) as never, options);
        },
      })),
      caughtBy: ['keeps no key of those who wait for another one'],
    },
    'does not give back what a failed work held': {
      tell: lock(honest => ({
        async withLock(keys, ttlMs, work, options) {
          const outcome = await honest.withLock(
            keys,
            ttlMs,
            held =>
              work(held).then(
                result => ({ result }),
                async error => ({ error }),
              ),
            options,
          );
          if ('result' in outcome) return outcome.result;
          void honest.withLock(keys, ttlMs, () => new Promise(() => undefined)).catch(() => undefined);
          throw outcome.error;
        },
      })),
      caughtBy: ['throws what the work throws, and gives the keys back'],
    },
    'never ends by itself': {
      tell: lock(honest => ({
        withLock: (keys, _ttlMs, work, options) => honest.withLock(keys, 1e6, work, options),
      })),
      caughtBy: ['ends with its time: the holder is told, and the next one gets in'],
    },
    'tells no holder that his time is over': {
      tell: lock(honest => ({
        withLock: (keys, ttlMs, work, options) =>
          honest.withLock(keys, ttlMs, held => work({ ...held, signal: never() }), options),
      })),
      caughtBy: ['ends with its time: the holder is told, and the next one gets in'],
    },
    'makes its numbers up': {
      tell: lock(honest => {
        const next = counter();
        return {
          withLock: (keys, ttlMs, work, options) =>
            honest.withLock(keys, ttlMs, held => work({ ...held, fence: next() }), options),
        };
      }),
      caughtBy: ['refuses the write of a holder who goes on after his time'],
    },
    'gives all holders the same number': {
      tell: lock(honest => ({
        withLock: (keys, ttlMs, work, options) =>
          honest.withLock(keys, ttlMs, held => work({ ...held, fence: 1 }), options),
      })),
      caughtBy: ['gives every holder a higher number, whichever of the keys he holds'],
    },
  }),
  ...liesAbout('LockFences', {
    'believes everybody': {
      tell: fences(() => ({ holds: async () => true })),
      caughtBy: ['knows the last number of all keys, and no other'],
    },
    'looks at one key of several': {
      tell: fences(honest => ({ holds: (tx, keys, fence) => honest.holds(tx, keys.slice(0, 1), fence) })),
      caughtBy: ['knows the last number of all keys, and no other'],
    },
    'believes whoever has a higher number': {
      tell: store => {
        const drawn = new Map<string, number>();
        return fences(honest => ({
          async draw(tx, keys) {
            const fence = await honest.draw(tx, keys);
            for (const key of keys) drawn.set(key, fence);
            return fence;
          },
          holds: async (_tx, keys, fence) => keys.every(key => fence >= (drawn.get(key) ?? Number.POSITIVE_INFINITY)),
        }))(store);
      },
      caughtBy: [
        'knows the last number of all keys, and no other',
        'keeps the next holder waiting for the end of a transaction that was told that it holds',
      ],
    },
    'draws the same number for all who come': {
      tell: fences(honest => ({
        async draw(tx, keys) {
          await honest.draw(tx, keys);
          return 1;
        },
      })),
      caughtBy: [
        'draws no number twice for twenty who come at once',
        'draws numbers that rise for each key, one for all of them',
      ],
    },
    'shares its numbers with other stores': {
      tell: fences(() => ({ draw: async () => 1, holds: async () => true })),
      caughtBy: ['gets fences of its own for every case'],
    },
  }),
];
