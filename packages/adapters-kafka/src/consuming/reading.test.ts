import fc from 'fast-check';
import type { StoredRecord } from '../client/broker.js';
import { toRecord } from '../cloud-events.js';
import { readingOf } from './reading.js';
import { recordOf, unreadableEvent } from './unreadable.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const stored = (changed: Partial<StoredRecord> = {}): StoredRecord => ({
  ...{ topic: 'payment-events', partition: 1, offset: 7, timestamp: 1_000, key: bytes('order-1') },
  ...{ value: bytes('{"a":1}'), headers: {} },
  ...changed,
});
const headers = { ce_specversion: '1.0', ce_id: 'evt-1', ce_type: 'payment.completed.v1', ce_source: '/pay' };
const read = readingOf({
  types: new Set(['payment.completed.v1', 'order.placed.v1']),
  known: new Set(['order.cancelled.v1']),
  after: 5_000,
});

describe('a record', () => {
  it('of outside is an event under its own name, at the time of the record', () =>
    expect(read(stored({ headers }))).toEqual({
      kind: 'EVENT',
      event: {
        ...{ id: 'evt-1', streamId: 'evt-1', streamVersion: 0, type: 'payment.completed.v1', data: { a: 1 } },
        ...{ key: 'order-1', origin: { actor: '/pay', traceparent: null }, recordedAt: 1_000 },
      },
    }));

  it('of ours is the event that was appended', () => {
    const origin = { actor: 'ann', traceparent: null };
    const event = { streamId: 'order/1', streamVersion: 3, type: 'order.placed.v1', data: {}, key: 'ann', origin };
    const { headers: own, value, key } = toRecord({ ...event, recordedAt: 6_000 });
    const record = stored({ headers: own, value: bytes(value), key: bytes(key) });
    expect(read(record)).toEqual({ kind: 'EVENT', event: { ...event, id: 'order/1:3', recordedAt: 6_000 } });
    const older = toRecord({ ...event, recordedAt: 5_000 }).headers;
    expect(read({ ...record, headers: older })).toEqual({ kind: 'OTHER' });
  });

  it.each<[string, Partial<StoredRecord>, object]>([
    ['known, but of another group', { headers: { ...headers, ce_type: 'order.cancelled.v1' } }, { kind: 'OTHER' }],
    [
      'known to nobody',
      { headers: { ...headers, ce_type: 'a.b.v1' } },
      { cause: 'no consumer knows events of type "a.b.v1"' },
    ],
    ['without headers', {}, { cause: 'header ce_specversion is missing', key: 'order-1' }],
    ['of bad JSON', { headers, value: bytes('{') }, { cause: 'the value is not a JSON object' }],
    ['without a key', { key: null }, { kind: 'FLAWED', key: '' }],
  ])('%s', (_, changed, expected) => expect(read(stored(changed))).toMatchObject(expected));

  it.each([
    ['a long key', { key: bytes('\0😀'.repeat(50_000)) }],
    ['a key of broken bytes', { key: new Uint8Array(100_000).fill(0xff) }],
    ['a time before all dates', { timestamp: -(2 ** 63) }],
    ['a time after all dates', { timestamp: 2 ** 63 }],
  ])('with %s is kept under what any store holds, with all its bytes', (_, changed) => {
    const record = stored(changed);
    const { key, recordedAt, data } = unreadableEvent(record);
    expect([key.includes('\0'), Buffer.byteLength(key) <= 1_500]).toEqual([false, true]);
    expect(Buffer.from(key).toString()).toBe(key);
    expect(new Date(recordedAt).getTime()).toBe(recordedAt);
    expect(recordOf(data)).toMatchObject({ timestamp: record.timestamp, key: Buffer.from(record.key ?? []) });
  });

  it('that is unreadable is kept with all its bytes, whatever they are', () =>
    fc.assert(
      fc.property(
        fc.option(fc.uint8Array()),
        fc.option(fc.uint8Array()),
        fc.dictionary(
          fc.string({ minLength: 1 }).filter(name => name !== '__proto__'),
          fc.uint8Array(),
        ),
        (key, value, found) => {
          const record = stored({ key, value, headers: found });
          const kept = recordOf(JSON.parse(JSON.stringify(unreadableEvent(record).data)));
          const plain = (part: unknown) => (part instanceof Uint8Array ? [...part] : part);
          expect([plain(kept.key), plain(kept.value)]).toEqual([plain(key), plain(value)]);
          expect(Object.entries(kept.headers).map(([name, each]) => [name, plain(each?.[0])])).toEqual(
            Object.entries(found).map(([name, each]) => [name, plain(each)]),
          );
          expect([kept.topic, kept.partition, kept.offset, kept.timestamp]).toEqual(['payment-events', 1, 7, 1_000]);
        },
      ),
    ));
});
