import type { DeliveredEvent } from '../ports/event-bus.js';
import { oneByOne } from './one-by-one.js';

const event = (key: string, version: number): DeliveredEvent => ({
  ...{ id: `${key}:${version}`, streamId: key, streamVersion: version, type: 'a.b.v1', data: {}, key, attempt: 1 },
  ...{ origin: { actor: 'a', traceparent: null }, recordedAt: 1 },
});

it.each([
  ['KEY', ['ann:1', 'bob:1'], [false, false, true]],
  ['NONE', ['ann:1', 'ann:2', 'bob:1'], [false, true, true]],
] as const)('one by one, with order %s, tries what comes behind a failed event of its key or not', async (...row) => {
  const [order, tried, done] = row;
  const seen: string[] = [];
  const handle = oneByOne(
    async ({ id }) => {
      seen.push(id);
      if (id === 'ann:1') throw new Error('no');
    },
    { order },
  );
  const results = await handle([event('ann', 1), event('ann', 2), event('bob', 1)]);
  expect([seen, results.map(({ outcome }) => outcome === 'DONE')]).toEqual([tried, done]);
});
