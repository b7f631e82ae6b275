import { createRequire } from 'node:module';
import { calmRequestQueues } from './calm-queues.js';

interface Queue {
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;
const logger = { debug: () => undefined };
const aQueue = () => new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1, clientId: '', broker: '', logger });

describe('the queue of a connection', () => {
  it('looks every millisecond when nothing waits, unless it is calmed', () => {
    const before = aQueue();
    before.checkPendingRequests();
    expect(before.throttleCheckTimeoutId).not.toBeNull();
    clearTimeout(before.throttleCheckTimeoutId ?? undefined);
    calmRequestQueues();
    calmRequestQueues();
    const after = aQueue();
    after.checkPendingRequests();
    expect(after.throttleCheckTimeoutId).toBeNull();
  });

  it('looks when something waits', () => {
    calmRequestQueues();
    const queue = aQueue();
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    clearTimeout(queue.throttleCheckTimeoutId ?? undefined);
  });
});
