import assert from 'node:assert/strict';
import type { Adapters } from '../adapters.js';
import type { CacheEntry } from '../ports/cache.js';
import { aMoment, twenty } from './concurrency.js';
import { contract } from './contract.js';
import { sameData } from './same-data.js';

export interface CacheFixture extends Pick<Adapters, 'cache'> {
  /** Lets at least so much time pass: waits, or moves the clock. */
  elapse(ms: number): Promise<void> | void;
}
type Fixture = CacheFixture;

const LONG = 60_000;
const entry = (key: string, more: Partial<CacheEntry> = {}): CacheEntry => ({ key, ttlMs: LONG, ...more });

/** Loads 1, 2, 3 …: what it answers tells how often it was asked. */
function counting() {
  let loads = 0;
  return async (): Promise<number | null> => ++loads;
}

/** A load that answers when it is told what. */
function slowly<Value>() {
  let answer: (value: Value) => void = () => undefined;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>(resolve => {
    begin = resolve;
  });
  const result = new Promise<Value>(resolve => {
    answer = resolve;
  });
  const load = () => {
    begin();
    return result;
  };
  return { load, begun, answer };
}

export const cacheContract = contract<Fixture>('Cache', {
  async 'gets a cache of its own for every case'({ cache }, another) {
    await cache.get(entry('a'), async () => 'old');
    assert.equal(await (await another()).cache.get(entry('a'), async () => 'new'), 'new');
  },
  async 'loads once, and gives everybody the same plain data'({ cache }) {
    const value = { name: 'ann', list: [1, 2, { deep: null }], flag: true, text: '한 ☂ "quoted"' };
    const load = async () => value;
    sameData(await cache.get(entry('a'), load), value);
    sameData(await cache.get(entry('a'), async () => assert.fail('loaded again')), value);
  },
  async 'keeps keys apart'({ cache }) {
    const keys = ['a', 'A', 'a/b', 'a/c', 'ab', '한', 'a b'];
    for (const key of keys) await cache.get(entry(key), async () => key);
    const found = [];
    for (const key of keys) found.push(await cache.get(entry(key), async () => 'another'));
    sameData(found, keys);
  },
  async 'is not changed by whoever changes what he was given'({ cache }) {
    const load = async () => ({ list: [1] });
    (await cache.get(entry('a'), load))?.list.push(2);
    (await cache.get(entry('a'), load))?.list.push(3);
    sameData(await cache.get(entry('a'), load), { list: [1] });
  },
  async 'asks once for twenty who come at the same time'({ cache }) {
    const slow = slowly<number>();
    let loads = 0;
    const answers = twenty(() =>
      cache.get(entry('a'), () => {
        loads++;
        return slow.load();
      }),
    );
    await slow.begun;
    await aMoment();
    slow.answer(7);
    sameData(new Set(await answers).size, 1);
    assert.equal(loads, 1);
  },
  async 'remembers that there is nothing, for as long as it was told'({ cache, elapse }) {
    let loads = 0;
    const load = async () => {
      loads++;
      return null;
    };
    const absent = entry('a', { absentTtlMs: 1_000 });
    sameData([await cache.get(absent, load), await cache.get(absent, load)], [null, null]);
    assert.equal(loads, 1);
    await elapse(1_010);
    await cache.get(absent, load);
    assert.equal(loads, 2);
  },
  async 'gives no answer that is older than it may be'({ cache, elapse }) {
    const load = counting();
    const short = entry('a', { ttlMs: 1_000 });
    sameData([await cache.get(short, load), await cache.get(short, load)], [1, 1]);
    await elapse(1_010);
    assert.equal(await cache.get(short, load), 2);
  },
  async 'tells a failed load to those who asked, and asks again'({ cache }) {
    const failing = () => Promise.reject(new Error('the store failed'));
    await assert.rejects(cache.get(entry('a'), failing), /the store failed/);
    assert.equal(await cache.get(entry('a'), async () => 'new'), 'new');
  },
  async 'forgets single keys, and no others'({ cache }) {
    const [a, b] = [counting(), counting()];
    await cache.get(entry('x/a'), a);
    await cache.get(entry('x/b'), b);
    await cache.forget({ keys: ['x/a', 'unknown'] });
    sameData([await cache.get(entry('x/a'), a), await cache.get(entry('x/b'), b)], [2, 1]);
  },
  async 'forgets all that lies below a path, and no others'({ cache }) {
    const keys = ['x/a', 'x/b/c', 'xy/a', 'y/x/a', 'x'];
    const loads = keys.map(counting);
    const all = () => Promise.all(keys.map((key, i) => cache.get(entry(key), loads[i] as () => Promise<number>)));
    await all();
    await cache.forget({ prefixes: ['x/'] });
    sameData(await all(), [2, 2, 1, 1, 1]);
  },
  async 'forgets all that has a tag, and no others'({ cache }) {
    const tags = [['red'], ['red', 'blue'], ['blue'], []];
    const loads = tags.map(counting);
    const all = () =>
      Promise.all(tags.map((own, i) => cache.get(entry(`k${i}`, { tags: own }), loads[i] as () => Promise<number>)));
    await all();
    await cache.forget({ tags: ['red'] });
    sameData(await all(), [2, 2, 1, 1]);
  },
  async 'never keeps what was being loaded when it was forgotten'({ cache }) {
    for (const forgotten of [{ keys: ['x/a'] }, { prefixes: ['x/'] }, { tags: ['red'] }]) {
      const slow = slowly<string>();
      const one = entry('x/a', { tags: ['red'] });
      const early = cache.get(one, slow.load);
      await slow.begun;
      await cache.forget(forgotten);
      slow.answer('old');
      assert.equal(await early, 'old');
      assert.equal(await cache.get(one, async () => 'new'), 'new', JSON.stringify(forgotten));
      await cache.forget({ keys: ['x/a'] });
    }
  },
  async 'gives no load that began before to those who come after it was forgotten'({ cache }) {
    const slow = slowly<string>();
    const early = cache.get(entry('a'), slow.load);
    await slow.begun;
    await cache.forget({ keys: ['a'] });
    assert.equal(await cache.get(entry('a'), async () => 'new'), 'new');
    slow.answer('old');
    assert.equal(await early, 'old');
    assert.equal(await cache.get(entry('a'), async () => 'newer'), 'new');
  },
});
