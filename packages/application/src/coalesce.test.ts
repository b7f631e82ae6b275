import { coalesce } from './coalesce.js';

const doubled = (items: readonly number[]) => items.map(item => item * 2);

describe('coalescing calls', () => {
  it('puts what arrives during a batch into the next one, each answered with its own result', async () => {
    const sizes: number[] = [];
    const call = coalesce(async (items: readonly number[]) => {
      sizes.push(items.length);
      await new Promise(setImmediate);
      return doubled(items);
    });
    const first = call(1);
    await new Promise(setImmediate);
    const rest = Array.from({ length: 9 }, (_, i) => call(i + 2));
    expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(sizes).toEqual([1, 9]);
  });

  it('takes no more than the largest batch at once', async () => {
    const sizes: number[] = [];
    const call = coalesce(
      async (items: readonly number[]) => {
        sizes.push(items.length);
        return doubled(items);
      },
      { maxBatch: 4 },
    );
    await Promise.all(Array.from({ length: 10 }, (_, i) => call(i)));
    expect(sizes).toEqual([4, 4, 2]);
  });

  it('takes half of what is there, so that there is somebody to answer while the other half is handled', async () => {
    const sizes: number[] = [];
    const call = coalesce(async (items: readonly number[], handOver) => {
      sizes.push(items.length);
      handOver();
      await new Promise(resolve => setTimeout(resolve, 20));
      return doubled(items);
    });
    await Promise.all(Array.from({ length: 100 }, (_, i) => call(i)));
    expect(sizes).toEqual([50, 50]);
  });

  it('takes along whoever comes in the same turn of the event loop', async () => {
    const sizes: number[] = [];
    const call = coalesce(async (items: readonly number[]) => {
      sizes.push(items.length);
      return doubled(items);
    });
    const first = call(1);
    await Promise.resolve();
    expect(await Promise.all([first, call(2)])).toEqual([2, 4]);
    expect(sizes).toEqual([2]);
  });

  it('begins the next batch when the one before hands over, and answers each when it is over', async () => {
    const events: string[] = [];
    const ends: (() => void)[] = [];
    const call = coalesce(
      async (items: readonly string[], handOver) => {
        events.push(`begins ${items}`);
        handOver();
        handOver();
        await new Promise<void>(end => ends.push(end));
        return items;
      },
      { maxBatch: 1 },
    );
    const calls = ['a', 'b', 'c'].map(item => call(item).then(result => events.push(`answers ${result}`)));
    const turns = async () => {
      for (let i = 0; i < 5; i++) await new Promise(setImmediate);
    };
    await turns();
    // The third would be one more than may wait for their end.
    expect(events.splice(0)).toEqual(['begins a', 'begins b']);
    ends[1]?.();
    await turns();
    expect(events.splice(0)).toEqual(['begins c', 'answers b']);
    ends[2]?.();
    ends[0]?.();
    await Promise.all(calls);
    expect(events.sort()).toEqual(['answers a', 'answers c']);
  });

  it('goes on when a batch fails after it has handed over', async () => {
    const call = coalesce(
      async (items: readonly number[], handOver) => {
        handOver();
        await new Promise(setImmediate);
        if (items.includes(1)) throw new Error('planned');
        return doubled(items);
      },
      { maxBatch: 1 },
    );
    expect(await Promise.allSettled([call(1), call(2), call(3)])).toEqual([
      { status: 'rejected', reason: new Error('planned') },
      { status: 'fulfilled', value: 4 },
      { status: 'fulfilled', value: 6 },
    ]);
  });

  it('lets lanes go side by side, each one batch at a time', async () => {
    let running = 0;
    let most = 0;
    const call = coalesce(
      async (items: readonly string[]) => {
        most = Math.max(most, ++running);
        expect(new Set(items.map(item => item[0])).size).toBe(1);
        await new Promise(setImmediate);
        running--;
        return items;
      },
      { lane: item => item[0] ?? '' },
    );
    await Promise.all(['a1', 'b1', 'a2', 'b2', 'c1'].map(call));
    expect(most).toBe(3);
  });

  it('fails each call of a batch that failed, and goes on with the next', async () => {
    let fail = true;
    const call = coalesce(async (items: readonly number[]) => {
      if (fail) throw new Error('planned');
      return doubled(items);
    });
    expect(await Promise.allSettled([call(1), call(2)])).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    fail = false;
    expect(await call(3)).toBe(6);
  });

  it('handles a batch one by one when one of its items may be to blame, and not when nobody is', async () => {
    const poison = new Error('it makes no sense');
    const away = new Error('the store is away');
    let cause = poison;
    const batches: (readonly number[])[] = [];
    const call = coalesce(
      async (items: readonly number[]) => {
        batches.push(items);
        if (items.includes(2)) throw cause;
        return doubled(items);
      },
      { isOfOne: error => error === poison },
    );
    const all = () => Promise.allSettled([1, 2, 3].map(call));
    expect(await all()).toEqual([
      ...[
        { status: 'fulfilled', value: 2 },
        { status: 'rejected', reason: poison },
      ],
      { status: 'fulfilled', value: 6 },
    ]);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
    cause = away;
    expect((await all()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(batches).toHaveLength(5);
  });

  it('tells whoever is left when it is nobody’s fault any more, and tries them no longer', async () => {
    const poison = new Error('it makes no sense');
    const away = new Error('the store is away');
    const batches: (readonly number[])[] = [];
    const call = coalesce(
      async (items: readonly number[]) => {
        batches.push(items);
        if (items.length > 1) throw poison;
        if (items[0] === 2) throw away;
        return doubled(items);
      },
      { isOfOne: error => error === poison },
    );
    expect(await Promise.allSettled([1, 2, 3, 4].map(call))).toEqual([
      { status: 'fulfilled', value: 2 },
      ...Array(3).fill({ status: 'rejected', reason: away }),
    ]);
    expect(batches).toEqual([[1, 2, 3, 4], [1], [2]]);
  });

  it('does not take a wrong number of results for an answer', async () => {
    const call = coalesce(async () => [] as number[]);
    await expect(call(1)).rejects.toThrow('0 results for 1 items');
  });
});
