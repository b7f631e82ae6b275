import { inMemoryAdapters } from '../memory/index.js';
import { handled } from '../ports/event-bus.js';
import type { NewEvent } from '../ports/event-log.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { inProcessBus } from './in-process-bus.js';
import { waking } from './waking.js';

const event = (type: string, streamId: string): NewEvent => ({
  ...{ streamId, streamVersion: 1, type, data: {}, key: streamId },
  origin: { actor: 'test', traceparent: null },
});

/** Short pauses pass at once; longer ones end by their signal alone. */
const sleeper = {
  pause: (ms: number, signal?: AbortSignal) =>
    new Promise<void>(resolve => {
      if (ms <= 5 || signal?.aborted) setImmediate(resolve);
      else signal?.addEventListener('abort', () => resolve());
    }),
};

describe('commits', () => {
  it('wake with the types that were appended in the transaction, and only when it is committed', async () => {
    const { unitOfWork, events } = inMemoryAdapters();
    const woken: string[][] = [];
    const bus = waking(unitOfWork, events, types => void woken.push([...types].sort()));
    const write = (work: (tx: Transaction) => Promise<unknown>) =>
      bus.unitOfWork.run(async tx => void (await work(tx)));
    await write(async () => undefined);
    await write(tx => bus.events.append(tx, []));
    const failing = write(async tx => {
      await bus.events.append(tx, [event('a.v1', '1')]);
      throw new Error('planned');
    });
    await expect(failing).rejects.toThrow('planned');
    expect(woken).toEqual([]);
    await write(async tx => {
      await bus.events.append(tx, [event('a.v1', '1'), event('a.v1', '2')]);
      await bus.events.append(tx, [event('b.v1', '3')]);
    });
    expect(woken).toEqual([['a.v1', 'b.v1']]);
  });

  it('let members sleep that subscribe to other types', async () => {
    const { unitOfWork, events, eventFeed, groupProgress, ids, stopwatch } = inMemoryAdapters();
    let looks = 0;
    const feed = Object.assign(Object.create(eventFeed) as typeof eventFeed, {
      now: () => {
        looks++;
        return eventFeed.now();
      },
    });
    const seen: string[] = [];
    const parts = { unitOfWork, events, ids, feed, progress: groupProgress, stopwatch, timer: sleeper };
    const bus = inProcessBus(parts, { minIdleMs: 5, maxIdleMs: 60_000 });
    const running = await bus.consumer.subscribe({
      ...{ group: 'billing', types: ['b.v1'] },
      handle: async batch => {
        seen.push(...batch.map(({ streamId }) => streamId));
        return batch.map(() => handled);
      },
    });
    const turns = async () => {
      for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    };
    await turns();
    const before = looks;
    await bus.publisher.publish([event('a.v1', '1')]);
    await turns();
    expect([seen, looks]).toEqual([[], before]);
    await bus.publisher.publish([event('b.v1', '2')]);
    await turns();
    expect(seen).toEqual(['2']);
    await running.stop();
  });
});
