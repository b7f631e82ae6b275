import { handled, type Subscription } from '@org/application';
import { type Delivery, resultsOf } from './delivery.js';
import { PlaceProgress } from './place-progress.js';

const place = { topic: 'payment-events', partition: 0 };
const progress = new PlaceProgress({ ...place, offset: 0, note: '' });

/** The third record is no event. */
const delivery = (offset: number, lane: string): Delivery => ({
  ...{ lane, progress, failures: 0 },
  record: { ...place, offset, timestamp: 1, key: null, value: null, headers: {} },
  read:
    offset === 2
      ? { kind: 'FLAWED', key: 'ann', cause: 'no' }
      : {
          kind: 'EVENT',
          event: {
            ...{ id: `evt-${offset}`, streamId: 's', streamVersion: 0, type: 'a.b.v1', data: {}, key: 'ann' },
            ...{ origin: { actor: 'a', traceparent: null }, recordedAt: 1 },
          },
        },
});

describe('the results of records of one key', () => {
  it.each([
    ['KEY', ['FAILED', 'FAILED', 'FAILED', 'none']],
    ['NONE', ['FAILED', 'DONE', 'FAILED', 'DONE']],
  ] as const)('with order %s, when the first fails with its batch', async (order, expected) => {
    const handle: Subscription['handle'] = async events => {
      if (events.some(({ id }) => id === 'evt-0')) throw new Error('somewhere in it');
      return events.map(() => handled);
    };
    const batch = [0, 1, 2, 3].map(offset => delivery(offset, order === 'KEY' ? 'ann' : String(offset)));
    const results = await resultsOf(batch, { group: 'g', types: ['a.b.v1'], handle, order }, async () => undefined);
    expect(batch.map(each => results.get(each)?.outcome ?? 'none')).toEqual(expected);
  });
});
