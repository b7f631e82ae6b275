import type { BusNotice, EventConsumer, RunningSubscription, Subscription } from '@org/application';

interface Log {
  error(data: object, message: string): void;
  warn(data: object, message: string): void;
}

const messages: Readonly<Record<BusNotice['notice'], { readonly level: keyof Log; readonly message: string }>> = {
  DEAD_LETTER: { level: 'error', message: 'event is a dead letter' },
  FAILED_FOR_GOOD: { level: 'error', message: 'event failed for good' },
  WAITING: { level: 'warn', message: 'events wait for the database' },
};

/** What the bus has to tell operators, as log lines. */
export const busReport =
  (log: Log) =>
  ({ notice, group, eventId, error }: BusNotice): void => {
    const { level, message } = messages[notice];
    log[level]({ group, eventId, err: error }, message);
  };

export interface Workers {
  /** Finishes the batches that are being handled. */
  stop(): Promise<void>;
}

/** Lets this process take its share of the events. What was begun is ended again when a later one can't begin. */
export async function startWorkers(consumer: EventConsumer, subscriptions: readonly Subscription[]): Promise<Workers> {
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
