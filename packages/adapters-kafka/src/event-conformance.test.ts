import { conformsToEvents, mistakesOf } from '../../../tests/support/event-conformance.js';
import { toRecord } from './cloud-events.js';

const uuid = '0193f2a0-11d2-7c44-8a0e-5b1d7e3f9a02';
const data = { couponId: uuid, policyId: uuid, userId: 'ann', reservationId: 'r-1', at: '2026-11-21T01:00:00.000Z' };
const event = {
  ...{ streamId: uuid, streamVersion: 3, type: 'coupon.reservation-released.v1', data, key: uuid, recordedAt: 0 },
  origin: { actor: 'ann', traceparent: null },
};
const record = toRecord(event);

/** What proves that the service writes what its documents say is proven itself. */
describe('the comparison of records with their descriptions', () => {
  it('finds nothing wrong with a record that is as it should be', () => {
    expect(mistakesOf(record)).toEqual([]);
    expect(mistakesOf({ ...record, topic: 'test-coupon-events' }, 'test-')).toEqual([]);
    expect([...conformsToEvents([record])]).toEqual(['coupon.reservation-released.v1']);
  });

  it.each<[string, object, string]>([
    ['a field that nobody told of', { ...data, orderNumber: 'o-1' }, 'additional properties'],
    ['a field that is missing', { ...data, at: undefined }, "required property 'at'"],
    ['an instant as a number', { ...data, at: 1_795_000_000_000 }, '/at must be string'],
    ['an id that is no UUID', { ...data, couponId: 'c-1' }, '/couponId must match format "uuid"'],
    ['an id of a caller with a space', { ...data, userId: 'ann b' }, '/userId must match pattern'],
    ['another key', { ...data, policyId: '0193f2a0-0000-7000-8000-000000000000' }, 'key is'],
  ])('finds %s', (_, wrong, mistake) => {
    const found = mistakesOf(toRecord({ ...event, data: wrong as typeof data }));
    expect(found).toEqual([expect.stringContaining(mistake)]);
    expect(found[0]).toMatch(/^coupon\.reservation-released\.v1: /);
  });

  it.each<[string, object, string]>([
    ['a header that is missing', { headers: { ...record.headers, ce_source: undefined } }, "property 'ce_source'"],
    ['a header that nobody told of', { headers: { ...record.headers, extra: '1' } }, 'additional properties'],
    ['a trace that is none', { headers: { ...record.headers, traceparent: 'x' } }, '/traceparent must match'],
    ['a type that is not described', { headers: { ...record.headers, ce_type: 'coupon.lost.v1' } }, 'not described'],
    ['the topic of somebody else', { topic: 'order-events' }, 'topic is order-events, not coupon-events'],
  ])('finds %s', (_, wrong, mistake) => {
    const plain = JSON.parse(JSON.stringify({ ...record, ...wrong })) as typeof record;
    expect(mistakesOf(plain)).toEqual([expect.stringContaining(mistake)]);
  });
});
