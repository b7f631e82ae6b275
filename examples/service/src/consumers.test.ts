import { oneByOne, type Subscription } from '@org/application';
import { inMemoryAdapters } from '@org/application/memory';
import { startConsumers, tellOf } from './consumers.js';

const subscription = (group: string, changed: Partial<Subscription> = {}): Subscription => ({
  ...{ group, types: ['order.paid.v1'], handle: oneByOne(async () => undefined) },
  ...changed,
});

describe('the consumers of the service', () => {
  it('begin together, and none is left when one of them makes no sense', async () => {
    const stopped: string[] = [];
    const consumer = {
      async subscribe({ group, types }: Subscription) {
        if (types.length === 0) throw new RangeError(`types of group ${group} are empty`);
        return { stop: async () => void stopped.push(group) };
      },
    };
    const wrong = [subscription('a'), subscription('b'), subscription('c', { types: [] })];
    await expect(startConsumers(consumer, wrong)).rejects.toThrow('types of group c are empty');
    expect(stopped.sort()).toEqual(['a', 'b']);
    await (await startConsumers(consumer, [subscription('d')])).stop();
    expect(stopped).toContain('d');
  });

  it('hand over what is committed, and nothing after their stop', async () => {
    const { eventConsumer, eventPublisher } = inMemoryAdapters();
    const seen: string[] = [];
    let found = () => {};
    const first = new Promise<void>(resolve => {
      found = resolve;
    });
    const handle = oneByOne(async ({ id }) => {
      seen.push(id);
      found();
    });
    const running = await startConsumers(eventConsumer, [subscription('a', { handle })]);
    const event = {
      streamVersion: 1,
      type: 'order.paid.v1',
      data: {},
      key: 'ann',
      origin: { actor: '', traceparent: null },
    };
    await eventPublisher.publish([{ ...event, streamId: 'one' }]);
    await first;
    await running.stop();
    await eventPublisher.publish([{ ...event, streamId: 'two' }]);
    expect(seen).toEqual(['one:1']);
  });

  it('tell operators what they have given up', () => {
    const told: unknown[] = [];
    const log = {
      error: (data: object, message: string) => void told.push(['error', message, data]),
      warn: (data: object, message: string) => void told.push(['warn', message, data]),
    };
    const error = new Error('no');
    tellOf(log)({ notice: 'DEAD_LETTER', group: 'a', eventId: 'e:1', error });
    tellOf(log)({ notice: 'WAITING', group: 'a', eventId: null, error });
    expect(told).toEqual([
      ['error', 'dead letter', { group: 'a', eventId: 'e:1', err: error }],
      ['warn', 'consumer waits', { group: 'a', err: error }],
    ]);
  });
});
