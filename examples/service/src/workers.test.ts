import type { EventConsumer, Subscription } from '@org/application';
import { busReport, startWorkers } from './workers.js';

const subscription = (group: string): Subscription => ({ group, types: ['a.v1'], handle: async () => [] });

/** Notes who runs; nobody can subscribe to `broken`. */
function aConsumer() {
  const running = new Set<string>();
  const consumer: EventConsumer = {
    async subscribe({ group }) {
      if (group === 'broken') throw new Error('the store is away');
      running.add(group);
      return {
        async stop() {
          running.delete(group);
        },
      };
    },
  };
  return { consumer, running };
}

describe('the workers', () => {
  it('run until they are stopped, each once', async () => {
    const { consumer, running } = aConsumer();
    const workers = await startWorkers(consumer, ['a', 'b'].map(subscription));
    expect([...running]).toEqual(['a', 'b']);
    await workers.stop();
    expect(running.size).toBe(0);
    await workers.stop();
  });

  it('all run or none', async () => {
    const { consumer, running } = aConsumer();
    await expect(startWorkers(consumer, ['a', 'broken'].map(subscription))).rejects.toThrow('the store is away');
    expect(running.size).toBe(0);
  });

  it.each([
    ['DEAD_LETTER', 'error', 'event is a dead letter'],
    ['FAILED_FOR_GOOD', 'error', 'event failed for good'],
    ['WAITING', 'warn', 'events wait for the database'],
  ] as const)('tell of %s in the log', (notice, level, message) => {
    const lines: unknown[] = [];
    const at = (name: string) => (data: object, text: string) => lines.push([name, data, text]);
    const error = new Error('no');
    busReport({ error: at('error'), warn: at('warn') })({ notice, group: 'g', eventId: 'e:1', error });
    expect(lines).toEqual([[level, { group: 'g', eventId: 'e:1', err: error }, message]]);
  });
});
