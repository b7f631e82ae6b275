import type { BusNotice, EventConsumer, RunningSubscription, Subscription } from '@org/application';

interface Log {
  error(data: object, message: string): void;
  warn(data: object, message: string): void;
}

const lines = {
  DEAD_LETTER: ['error', 'dead letter'],
  FAILED_FOR_GOOD: ['error', 'dead letter failed for good'],
  WAITING: ['warn', 'consumer waits'],
} as const satisfies Readonly<Record<BusNotice['notice'], readonly [keyof Log, string]>>;

/** What operators should see of the bus, as log lines. */
export const tellOf =
  (log: Log) =>
  ({ notice, group, eventId, error: err }: BusNotice): void => {
    const [level, message] = lines[notice];
    log[level]({ group, ...(eventId !== null && { eventId }), err }, message);
  };

/** Begins all of them, or none: what has begun is stopped again when a later one can't. */
export async function startConsumers(
  consumer: EventConsumer,
  subscriptions: readonly Subscription[],
): Promise<RunningSubscription> {
  const running: RunningSubscription[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map(each => each.stop()));
  };
  try {
    for (const subscription of subscriptions) running.push(await consumer.subscribe(subscription));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
