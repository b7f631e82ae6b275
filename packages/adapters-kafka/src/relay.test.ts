import type { DeliveredEvent } from '@org/application';
import { type NewRecord, RecordTooLargeError } from './client/broker.js';
import { relaySubscription } from './relay.js';

const event = (version: number, data: object = {}): DeliveredEvent => ({
  ...{ id: `order/1:${version}`, streamId: 'order/1', streamVersion: version, type: 'order.placed.v1', key: 'ann' },
  ...{ data: { ...data }, origin: { actor: 'ann', traceparent: null }, recordedAt: 0, attempt: 1 },
});

const idsOf = (records: readonly NewRecord[]) => records.map(({ headers }) => headers.ce_id);

describe('the relay', () => {
  it('sends what it gets in one go, to the topics of its prefix', async () => {
    const sent: (readonly NewRecord[])[] = [];
    const relay = relaySubscription({ send: async records => void sent.push(records) }, { prefix: 'shop-' });
    const results = await relay.handle([event(1), event(2)]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['DONE', 'DONE']);
    expect(sent.map(idsOf)).toEqual([['order/1:1', 'order/1:2']]);
    expect(sent[0]?.[0]?.topic).toBe('shop-order-events');
  });

  it('gives up what is too large for a broker, and nothing else', async () => {
    const sent: unknown[] = [];
    const relay = relaySubscription({
      async send(records) {
        if (records.some(({ value }) => String(value).includes('huge'))) throw new RecordTooLargeError('too much');
        sent.push(...idsOf(records));
      },
    });
    const events = [1, 2, 3, 4, 5].map(version => event(version, version === 4 ? { huge: true } : {}));
    const results = await relay.handle(events);
    expect(results.map(({ outcome }) => outcome)).toEqual(['DONE', 'DONE', 'DONE', 'FAILED', 'DONE']);
    expect(results[3]).toMatchObject({ retryable: false, error: { code: 'RECORD_TOO_LARGE' } });
    expect(sent).toEqual(['order/1:1', 'order/1:2', 'order/1:3', 'order/1:5']);
  });

  it('passes on that a broker is away', async () => {
    const relay = relaySubscription({ send: () => Promise.reject(new Error('away')) });
    await expect(relay.handle([event(1)])).rejects.toThrow('away');
  });
});
