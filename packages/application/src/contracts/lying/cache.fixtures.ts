import { type InMemoryAdapters, InMemoryCache } from '../../memory/index.js';
import type { Cache } from '../../ports/cache.js';
import { liesAbout, lying } from './lie.fixtures.js';

const cache = (methods: (honest: Cache) => Partial<Cache>) => (store: InMemoryAdapters) => ({
  cache: lying<Cache>(store.cache, methods(store.cache)),
});

const shared = new InMemoryCache({ elapsed: () => 0 });

/** Keeps whatever was loaded last, without asking what was forgotten meanwhile. */
const careless = (): Partial<Cache> => {
  const kept = new Map<string, unknown>();
  return {
    async get<Value>({ key }: { readonly key: string }, load: () => Promise<Value | null>) {
      if (!kept.has(key)) kept.set(key, await load());
      return kept.get(key) as Value | null;
    },
    async forget({ keys = [], prefixes = [], tags = [] }) {
      for (const key of keys) kept.delete(key);
      if (prefixes.length + tags.length > 0) kept.clear();
    },
  };
};

export const liesAboutTheCache = liesAbout('Cache', {
  'shares what it has with other caches': {
    tell: () => ({ cache: shared }),
    caughtBy: ['gets a cache of its own for every case'],
  },
  'remembers nothing': {
    tell: cache(() => ({ get: (_entry, load) => load() })),
    caughtBy: ['loads once, and gives everybody the same plain data', 'asks once for twenty who come at the same time'],
  },
  'does not tell upper from lower case': {
    tell: cache(honest => ({ get: (entry, load) => honest.get({ ...entry, key: entry.key.toLowerCase() }, load) })),
    caughtBy: ['keeps keys apart'],
  },
  'keeps what is being loaded when it is forgotten, and its very objects': {
    tell: cache(careless),
    caughtBy: [
      'is not changed by whoever changes what he was given',
      'never keeps what was being loaded when it was forgotten',
      'forgets all that lies below a path, and no others',
      'gives no answer that is older than it may be',
    ],
  },
  'never gets old': {
    tell: cache(honest => ({
      get: ({ absentTtlMs: _, ...entry }, load) => honest.get({ ...entry, ttlMs: 1e9 }, load),
    })),
    caughtBy: [
      'gives no answer that is older than it may be',
      'remembers that there is nothing, for as long as it was told',
    ],
  },
  'asks again for what is not there': {
    tell: cache(honest => ({ get: (entry, load) => honest.get({ ...entry, absentTtlMs: 0 }, load) })),
    caughtBy: ['remembers that there is nothing, for as long as it was told'],
  },
  'remembers failures': {
    tell: cache(honest => {
      const failed = new Map<string, unknown>();
      return {
        async get(entry, load) {
          if (failed.has(entry.key)) throw failed.get(entry.key);
          try {
            return await honest.get(entry, load);
          } catch (error) {
            failed.set(entry.key, error);
            throw error;
          }
        },
      };
    }),
    caughtBy: ['tells a failed load to those who asked, and asks again'],
  },
  'forgets no key': {
    tell: cache(honest => ({ forget: ({ keys: _, ...rest }) => honest.forget(rest) })),
    caughtBy: [
      'forgets single keys, and no others',
      'gives no load that began before to those who come after it was forgotten',
    ],
  },
  'forgets no tag': {
    tell: cache(honest => ({ forget: ({ tags: _, ...rest }) => honest.forget(rest) })),
    caughtBy: ['forgets all that has a tag, and no others'],
  },
  'takes a path for its beginning': {
    tell: cache(honest => ({
      get: (entry, load) => honest.get({ ...entry, tags: [...(entry.tags ?? []), entry.key.slice(0, 1)] }, load),
      forget: what =>
        honest.forget({ ...what, tags: [...(what.tags ?? []), ...(what.prefixes ?? []).map(p => p.slice(0, 1))] }),
    })),
    caughtBy: ['forgets all that lies below a path, and no others'],
  },
  'hands on a load that began before it was forgotten': {
    tell: cache(honest => {
      const flights = new Map<string, Promise<unknown>>();
      return {
        get<Value>(entry: Parameters<Cache['get']>[0], load: () => Promise<Value | null>) {
          const flight = flights.get(entry.key);
          if (flight) return flight as Promise<Value | null>;
          const begun = honest.get(entry, load).finally(() => flights.delete(entry.key));
          flights.set(entry.key, begun);
          return begun;
        },
      };
    }),
    caughtBy: ['gives no load that began before to those who come after it was forgotten'],
  },
});
