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

  it.each<[string, InMemoryCacheOptions, number]>([
    ['a tenth at a time', { capacity: 100 }, 90],
    ['a tenth of its characters at a time', { capacity: Number.POSITIVE_INFINITY, characters: 1_000 }, 90],
    ['nothing where there is no bound', { capacity: 1_000, characters: Number.POSITIVE_INFINITY }, 101],
  ])('drops %s', async (_, options, left) => {
    const cache = new InMemoryCache({ elapsed: () => 0 }, options);
    let loads = 0;
    const ask = (i: number) =>
      cache.get({ key: `all/${i}`, ttlMs: 1_000 }, async () => {
        loads++;
        return 'eight...';
      });
    for (let i = 0; i <= 100; i++) await ask(i);
    loads = 0;
    // From the newest on: asking for one that is there drops none.
    for (let i = 100; i > 100 - left; i--) await ask(i);
    expect(loads).toBe(0);
    await cache.forget({ prefixes: ['all/'] });
    await ask(100);
    expect(loads).toBe(1);
  });

  it('keeps one that fits alone', async () => {
    const cache = new InMemoryCache({ elapsed: () => 0 }, { characters: 10 });
    let loads = 0;
    const ask = (text: string) =>
      cache.get({ key: text, ttlMs: 1_000 }, async () => {
        loads++;
        return text;
      });
    for (const text of ['fitting.', 'fitting.', 'too long...', 'too long...']) await ask(text);
    expect(loads).toBe(3);
  });
});
