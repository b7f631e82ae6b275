import { InMemoryCache, type InMemoryCacheOptions } from './cache.js';

describe('the cache of one process', () => {
  it.each<[string, InMemoryCacheOptions]>([
    ['entries', { capacity: 2 }],
    // With their quotes ten each.
    ['characters', { characters: 29 }],
  ])('has so many %s at most, and drops what nobody has asked for the longest', async (_, options) => {
    const cache = new InMemoryCache({ elapsed: () => 0 }, options);
    const loaded: string[] = [];
    const ask = (key: string) =>
      cache.get({ key, ttlMs: 1_000 }, async () => {
        loaded.push(key);
        return key.repeat(8);
      });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await ask(key)).toBe(key.repeat(8));
    expect(loaded).toEqual(['a', 'b', 'c', 'b']);
    await cache.forget({ keys: ['a', 'b', 'c'] });
    loaded.length = 0;
    for (const key of ['x', 'y', 'x', 'y']) await ask(key);
    expect(loaded).toEqual(['x', 'y']);
  });
});
