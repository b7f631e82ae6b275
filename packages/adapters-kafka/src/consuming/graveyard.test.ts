import { type Aside, StoreUnavailableError } from '@org/application';
import { type NewRecord, RecordTooLargeError, type StoredRecord } from '../client/broker.js';
import { type DeadRecord, Graveyard } from './graveyard.js';
import { recordOf, UNREADABLE } from './unreadable.js';

const of = (length: number) => Buffer.alloc(length, 'x');
const sizeOf = ({ key, value, headers }: NewRecord) =>
  [key, value, ...Object.values(headers)].reduce((sum, each) => sum + (each?.length ?? 0), 0);

const flawed: DeadRecord['read'] = { kind: 'FLAWED', key: '', cause: 'no' };
const readable: DeadRecord['read'] = {
  kind: 'EVENT',
  event: {
    ...{ id: 'evt-1', streamId: 'evt-1', streamVersion: 0, type: 'payment.failed.v1', data: {}, key: 'order-1' },
    ...{ origin: { actor: '/pay', traceparent: null }, recordedAt: 1_000 },
  },
};

/** A graveyard between a broker that takes letters up to a size and a store that keeps everything. */
function aGraveyard(most: number, bury: (event: Aside['event']) => void = () => undefined) {
  const sent: NewRecord[] = [];
  const kept: Aside[] = [];
  const send = async ([letter]: readonly NewRecord[]) => {
    if (!letter || sizeOf(letter) > most) throw new RecordTooLargeError('too large');
    sent.push(letter);
  };
  const progress = {
    async bury(_: string, [aside]: readonly Aside[]) {
      if (!aside) return;
      bury(aside.event);
      kept.push(aside);
    },
  };
  const graveyard = new Graveyard({ send }, progress);
  const buried = (changed: Partial<StoredRecord>, read: DeadRecord['read'] = flawed) =>
    graveyard.bury({
      group: 'payment-worker',
      record: {
        ...{ topic: 'payment-events', partition: 1, offset: 7, timestamp: 1_000, key: of(3), value: of(5) },
        ...{ headers: { ce_id: of(5) }, ...changed },
      },
      read,
      attempts: 1,
      error: new Error('no'),
    });
  return { sent, kept, buried };
}

const MOST = 10_000;
const large = of(MOST);
const leftOut = ['dlt-value', 'dlt-key', 'dlt-headers'];

describe('the letter of a dead record', () => {
  it.each<[string, Partial<StoredRecord>, object]>([
    ['all of it', {}, { key: of(3), value: of(5), original: true, without: [] }],
    ['all but its value', { value: large }, { key: of(3), value: null, original: true, without: ['dlt-value'] }],
    [
      'the cause alone, when its headers are too large',
      { headers: { ce_id: large } },
      { key: null, value: null, original: false, without: leftOut },
    ],
    [
      'the cause alone, when its key is too large',
      { key: large },
      { key: null, value: null, original: false, without: leftOut },
    ],
  ])('has %s, and tells what is left out', async (_, changed, expected) => {
    const { sent, kept, buried } = aGraveyard(MOST);
    await buried(changed);
    const [{ key, value, headers, topic }] = sent as [NewRecord];
    const without = leftOut.filter(name => headers[name] === 'too large');
    expect({ key, value, original: Object.hasOwn(headers, 'ce_id'), without }).toEqual(expected);
    expect([topic, headers]).toMatchObject([
      'payment-events-dlt',
      { 'dlt-error-message': 'no', 'dlt-offset': '7', 'dlt-group': 'payment-worker' },
    ]);
    expect([sent.length, kept.length]).toEqual([1, 1]);
  });

  it('is an error if the broker takes not even the cause', async () =>
    expect(aGraveyard(10).buried({})).rejects.toThrow(RecordTooLargeError));

  it('is not sent before the store has it', async () => {
    const { sent, buried } = aGraveyard(MOST, event => {
      if (event.type === UNREADABLE) throw new StoreUnavailableError('away');
    });
    await expect(buried({})).rejects.toThrow('away');
    expect(sent).toEqual([]);
  });
});

describe('what is kept of a dead record', () => {
  it.each<[string, Partial<StoredRecord>, string]>([
    ['the event, if it is one', {}, 'payment.failed.v1'],
    ['the event, however large its value is', { value: of(900_000) }, 'payment.failed.v1'],
    ['all its bytes, if its headers are large', { headers: { other: of(60_000) } }, UNREADABLE],
    ['all its bytes, if its key is large', { key: of(60_000) }, UNREADABLE],
  ])('is %s', async (_, changed, type) => {
    const { kept, buried } = aGraveyard(MOST);
    await buried(changed, readable);
    expect(kept.map(({ event }) => event.type)).toEqual([type]);
  });

  it('is all its bytes, if the store refuses the event', async () => {
    const { kept, buried } = aGraveyard(MOST, ({ type }) => {
      if (type !== UNREADABLE) throw new Error('no such text');
    });
    await buried({}, readable);
    expect(kept.map(({ event }) => recordOf(event.data))).toMatchObject([{ key: of(3), value: of(5), offset: 7 }]);
  });
});
