import type { StoredEvent } from '@org/application';
import { findMissing } from './resend.js';

const event = (streamVersion: number): StoredEvent => ({
  ...{ streamId: 'ann', streamVersion, type: 'point.earned.v1', data: {}, key: 'ann', recordedAt: 0 },
  ...{ origin: { actor: 'ann', traceparent: null }, position: streamVersion },
});

describe('looking for what is missing on the topics', () => {
  it.each([
    ['nothing is there', () => false, [1_000, 1_000, 500], 2_500],
    ['every other one is there', (version: number) => version % 2 === 0, [1_000, 250], 1_250],
    ['everything is there', () => true, [], 0],
  ])('tells of it page by page, oldest first: %s', async (_, isThere, pages, missing) => {
    const all = Array.from({ length: 2_500 }, (_, i) => event(i + 1));
    const asked: (readonly string[])[] = [];
    const parts = {
      broker: { send: async () => undefined },
      log: {
        idsSince: async (topics: readonly string[]) => {
          asked.push(topics);
          return new Set(all.flatMap(each => (isThere(each.streamVersion) ? [`ann:${each.streamVersion}`] : [])));
        },
      },
      events: async function* () {
        yield* all;
      },
      prefix: 'shop-',
    };
    const told: StoredEvent[][] = [];
    const found = await findMissing(parts, 0, page => void told.push([...page]));
    expect(found).toEqual({ total: 2_500, missing });
    expect(told.map(page => page.length)).toEqual(pages);
    expect(told.flat()).toEqual(all.filter(({ streamVersion }) => !isThere(streamVersion)));
    expect(asked).toEqual([['shop-point-events']]);
  });
});
