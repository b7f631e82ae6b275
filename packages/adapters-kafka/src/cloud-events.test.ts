import { catalogueEventTypes, eventTypes, type StoredEvent } from '@org/application';
import fc from 'fast-check';
import { fromRecord, toRecord } from './cloud-events.js';
import { topicOf, topics } from './topics.js';

const issued: StoredEvent = {
  streamId: '0193-c',
  streamVersion: 1,
  type: 'coupon.issued.v1',
  data: { couponId: '0193-c', policyId: '0193-p', userId: 'ann', name: '금요일' },
  key: '0193-p',
  origin: { actor: 'ann', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  recordedAt: Date.UTC(2026, 10, 21, 1),
};

describe('an event on the wire', () => {
  it('is a CloudEvents record in binary mode, keyed by what keeps its order', () =>
    expect(toRecord(issued)).toEqual({
      topic: 'coupon-events',
      key: '0193-p',
      value: JSON.stringify(issued.data),
      headers: {
        ce_specversion: '1.0',
        ce_id: '0193-c:1',
        ce_type: 'coupon.issued.v1',
        ce_source: '/promotions',
        ce_time: '2026-11-21T01:00:00.000Z',
        ce_subject: '0193-c',
        ce_sequence: '1',
        ce_actor: 'ann',
        'content-type': 'application/json',
        traceparent: issued.origin.traceparent,
      },
    }));

  it('is read back as it was written, from text and from bytes', () => {
    const { headers, value } = toRecord(issued);
    const bytes = (text: string) => new TextEncoder().encode(text);
    const asBytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, [bytes(text)]]));
    for (const record of [
      { headers, value },
      { headers: asBytes, value: bytes(value) },
    ])
      expect(fromRecord(record)).toMatchObject({
        ok: true,
        event: { id: '0193-c:1', type: 'coupon.issued.v1', sequence: 1, time: issued.recordedAt, data: issued.data },
      });
  });

  it.each<[string, Parameters<typeof fromRecord>[0], string]>([
    ['no headers', { value: '{}' }, 'header ce_specversion is missing'],
    [
      'another specversion',
      { value: '{}', headers: { ...toRecord(issued).headers, ce_specversion: '0.3' } },
      'ce_specversion "0.3" is not 1.0',
    ],
    ['no type', { value: '{}', headers: { ...toRecord(issued).headers, ce_type: '' } }, 'header ce_type is missing'],
    [
      'a bad time',
      { value: '{}', headers: { ...toRecord(issued).headers, ce_time: 'noon' } },
      'ce_time "noon" is not a time',
    ],
    ['an array', { value: '[]', headers: toRecord(issued).headers }, 'the value is not a JSON object'],
    ['no value', { value: null, headers: toRecord(issued).headers }, 'the value is not a JSON object'],
  ])('of %s is told with its cause', (_, record, cause) => expect(fromRecord(record)).toEqual({ ok: false, cause }));

  it('never throws, whatever arrives', () =>
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (value, headers) => {
        expect(typeof fromRecord({ value, headers }).ok).toBe('boolean');
      }),
    ));
});

describe('the topics', () => {
  it('have a place for every event of ours, and refuse others', () => {
    for (const type of Object.values(eventTypes)) expect(topicOf(type)).toBe(topics.coupon);
    for (const type of Object.values(catalogueEventTypes))
      expect(topicOf(type)).toBe(type.startsWith('cart.') ? topics.order : topics.stock);
    expect(() => topicOf('coupom.issued.v1')).toThrow('coupom.issued.v1');
    expect(() => topicOf('constructor.x.v1')).toThrow();
  });
});
