import type { Coupon } from '@org/domain';
import type { AggregateRepository, Change, Versioned } from '../../ports/aggregate-repository.js';
import { liesAbout, lying } from './lie.fixtures.js';

type Coupons = AggregateRepository<Coupon>;
type Stored = ReadonlyMap<string, Versioned<Coupon>>;

const mapped = (
  loaded: Stored,
  change: (id: string, row: Versioned<Coupon>) => Versioned<Coupon> | undefined,
): Stored =>
  new Map(
    [...loaded].flatMap(([id, row]) => {
      const next = change(id, row);
      return next ? [[id, next] as const] : [];
    }),
  );

/** An aggregate repository with one method that lies, over the coupons of a store. */
const coupons =
  (lie: (honest: Coupons) => Partial<Coupons>) =>
  <Port extends Coupons>({ coupons: honest }: { readonly coupons: Port }) => ({
    coupons: lying(honest, lie(honest) as Partial<Port>),
  });

export const liesAboutAggregates = liesAbout('CouponRepository as AggregateRepository', {
  'loses an update: accepts a stale version': {
    tell: coupons(({ load, save }) => ({
      async save(tx, changes) {
        const ids = changes.map(({ id }) => id);
        const now = await load.call(this, tx, ids, { lock: true });
        const fresh = changes.map(change => ({ ...change, expectedVersion: now.get(change.id)?.version ?? 0 }));
        return save.call(this, tx, fresh);
      },
    })),
    caughtBy: [
      'writes nothing of a stale change, and all of its neighbours',
      'refuses a version that is behind, one that is ahead, and one of what does not exist',
      'lets exactly one of twenty concurrent births win',
      'lets exactly one of twenty concurrent changes win',
      'loses no update of two that read the same version',
    ],
  },
  'says that it wrote what it refused': {
    tell: coupons(({ save }) => ({
      async save(tx, changes) {
        await save.call(this, tx, changes);
        return new Set(changes.map(({ id }) => id));
      },
    })),
    caughtBy: [
      'writes nothing of a stale change, and all of its neighbours',
      'lets exactly one of twenty concurrent births win',
      'loses no update of two that read the same version',
    ],
  },
  'fails the whole batch because of one refusal': {
    tell: coupons(({ save }) => ({
      async save(tx, changes) {
        const written = await save.call(this, tx, changes);
        if (written.size < changes.length) throw new Error('optimistic lock failed');
        return written;
      },
    })),
    caughtBy: ['writes nothing of a stale change, and all of its neighbours'],
  },
  'writes nothing of a batch with one refusal': {
    tell: coupons(({ load, save }) => ({
      async save(tx, changes) {
        const now = await load.call(
          this,
          tx,
          changes.map(({ id }) => id),
        );
        const stale = changes.some(({ id, expectedVersion }) => now.get(id)?.version !== expectedVersion);
        return stale ? new Set() : save.call(this, tx, changes);
      },
    })),
    caughtBy: ['writes nothing of a stale change, and all of its neighbours'],
  },
  'forgets to lock': {
    tell: coupons(({ load }) => ({
      load(tx, ids) {
        return load.call(this, tx, ids);
      },
    })),
    caughtBy: [
      'counts every one of twenty that read under a lock',
      'keeps a second lock waiting until the first transaction ends',
      'keeps a writer waiting while somebody else has the lock',
    ],
  },
  'reads before it locks': {
    tell: coupons(({ load }) => ({
      async load(tx, ids, options) {
        const early = await load.call(this, tx, ids);
        await load.call(this, tx, ids, options);
        return early;
      },
    })),
    caughtBy: [
      'counts every one of twenty that read under a lock',
      'keeps a second lock waiting until the first transaction ends',
    ],
  },
  'leaves out what was never written': {
    tell: coupons(({ load }) => ({
      async load(tx, ids, options) {
        return mapped(await load.call(this, tx, ids, options), (_, row) => (row.version === 0 ? undefined : row));
      },
    })),
    caughtBy: ['answers the initial state at version 0 for an id that was never written'],
  },
  'mixes up the order of a set': {
    tell: coupons(({ load }) => ({
      async load(tx, ids, options) {
        const rows = [...(await load.call(this, tx, [...ids].sort(), options)).values()];
        return new Map([...new Set(ids)].flatMap((id, i) => (rows[i] ? [[id, rows[i]] as const] : [])));
      },
    })),
    caughtBy: ['answers every id with its own state, whatever their order, asked for once or twice'],
  },
  'cuts a set at a hundred': {
    tell: coupons(({ load, save }) => ({
      load(tx, ids, options) {
        return load.call(this, tx, ids.slice(0, 100), options);
      },
      save(tx, changes) {
        return save.call(this, tx, changes.slice(0, 100));
      },
    })),
    caughtBy: ['writes and reads a thousand in one call'],
  },
  'counts changes instead of events': {
    tell: coupons(({ save }) => ({
      save(tx, changes) {
        const counted = changes.map((change): Change<Coupon> => ({ ...change, version: change.expectedVersion + 1 }));
        return save.call(this, tx, counted);
      },
    })),
    caughtBy: ['stores the version that it is told, when several events were folded into one change'],
  },
  'reads dirty after rollback': {
    tell: coupons(({ load, save }) => {
      const cache = new Map<string, Versioned<Coupon>>();
      return {
        async load(tx, ids, options) {
          return mapped(await load.call(this, tx, ids, options), (id, row) => cache.get(id) ?? row);
        },
        async save(tx, changes) {
          const written = await save.call(this, tx, changes);
          for (const { id, version, state } of changes) if (written.has(id)) cache.set(id, { version, state });
          return written;
        },
      };
    }),
    caughtBy: ['takes back births and changes when the work fails', 'shows nobody what may still be taken back'],
  },
  'remembers for ever what it read once': {
    tell: coupons(({ load }) => {
      const cache = new Map<string, Versioned<Coupon>>();
      return {
        async load(tx, ids, options) {
          return mapped(await load.call(this, tx, ids, options), (id, row) => {
            const first = cache.get(id) ?? row;
            cache.set(id, first);
            return first;
          });
        },
      };
    }),
    caughtBy: [
      'reads back every state of a life as it was written',
      'counts every one of twenty that read under a lock',
    ],
  },
  'does not see its own writes': {
    tell: store => ({
      coupons: lying(store.coupons, {
        load: (tx, ids, options) =>
          options?.lock
            ? store.coupons.load(tx, ids, options)
            : store.unitOfWork.run(other => store.coupons.load(other, ids)),
      }),
    }),
    caughtBy: ['reads in a transaction what it wrote there'],
  },
  'keeps locks of failed work for ever': {
    tell: store => ({
      coupons: lying(store.coupons, {
        async load(tx, ids, options) {
          if (!options?.lock) return store.coupons.load(tx, ids);
          return new Promise(resolve => {
            void store.unitOfWork.run(async own => {
              resolve(await store.coupons.load(own, ids, options));
              await new Promise(() => undefined);
            });
          });
        },
      }),
    }),
    caughtBy: ['lets go of its locks when the work fails'],
  },
  'chokes on an empty set': {
    tell: coupons(({ save }) => ({
      async save(tx, changes) {
        if (changes.length === 0) throw new Error('syntax error at or near ")"');
        return save.call(this, tx, changes);
      },
    })),
    caughtBy: ['does nothing for no ids and no changes'],
  },
});
