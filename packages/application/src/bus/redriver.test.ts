import { inMemoryAdapters, RealTimer } from '../memory/index.js';
import type { Aside } from '../ports/group-progress.js';
import { causeOf, sliceOf } from './aside.js';
import { oneByOne } from './one-by-one.js';
import { startRedriver } from './redriver.js';

const dead = (id: string): Aside => ({
  event: {
    ...{ id, streamId: id, streamVersion: 0, type: 'payment.completed.v1', data: { n: 1 }, key: 'order-1' },
    ...{ origin: { actor: 'pay', traceparent: null }, recordedAt: 1_000, position: 0 },
  },
  ...{ slice: sliceOf('order-1'), status: 'DEAD', attempts: 4, dueInMs: null, cause: causeOf(new Error('no')) },
});

async function aGroup(handle: (id: string, attempt: number) => void) {
  const { eventFeed: feed, groupProgress: progress, ids, deadLetters } = inMemoryAdapters();
  const stopwatch = { elapsed: () => performance.now() };
  const parts = { feed, progress, ids, stopwatch, timer: new RealTimer() };
  const subscription = {
    ...{ group: 'payments', types: ['payment.completed.v1'] },
    handle: oneByOne(async ({ id, attempt }) => handle(id, attempt)),
  };
  const redriver = await startRedriver(parts, subscription, { minIdleMs: 1, maxIdleMs: 2, retryDelayMs: 1 });
  const list = async () => (await deadLetters.list({ group: null, status: null, limit: 9, cursor: null })).items;
  const eventually = async (condition: () => Promise<boolean>) => {
    for (let turn = 0; turn < 1_000 && !(await condition()); turn++) await new Promise(setImmediate);
    for (let turn = 0; turn < 1_000 && !(await condition()); turn++) await parts.timer.pause(2);
  };
  return { progress, deadLetters, redriver, list, eventually };
}

describe('a group that is fed by something else than the log', () => {
  it('has its dead letters kept once each, under their own names', async () => {
    const { progress, redriver, list } = await aGroup(() => undefined);
    await progress.bury('payments', [dead('evt-1'), dead('evt-2')]);
    await progress.bury('payments', [dead('evt-1')]);
    expect((await list()).map(({ eventId, attempts, error }) => [eventId, attempts, error.message]).sort()).toEqual([
      ['evt-1', 4, 'no'],
      ['evt-2', 4, 'no'],
    ]);
    await expect(progress.bury('nobody', [dead('evt-1')])).rejects.toThrow('nobody');
    await redriver.stop();
  });

  it('gets those back that are sent round again, and nothing else', async () => {
    const seen: [string, number][] = [];
    const { progress, deadLetters, redriver, list, eventually } = await aGroup((...call) => void seen.push(call));
    await progress.bury('payments', [dead('evt-1'), dead('evt-2')]);
    const letter = (await list()).find(({ eventId }) => eventId === 'evt-1');
    await deadLetters.redrive(letter?.id ?? '');
    await eventually(async () => (await list()).length === 1);
    expect(seen).toEqual([['evt-1', 5]]);
    expect((await deadLetters.figures()).map(({ group, lagMs, dead: count }) => [group, lagMs, count])).toEqual([
      ['payments', 0, 1],
    ]);
    await redriver.stop();
  });
});
