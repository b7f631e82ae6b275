import {
  type Broker,
  type KafkaConsumerOptions,
  KafkaEventConsumer,
  KafkajsBroker,
  RecordTooLargeError,
  relaySubscription,
} from '@org/adapters-kafka';
import { ProcessTimer } from '@org/adapters-persistence';
import {
  type Adapters,
  type CircuitBreaker,
  type EventConsumer,
  type GroupLag,
  guarded,
  loggedEventTypes,
  paymentEventTypes,
  type RunningSubscription,
  StoreUnavailableError,
  type Subscription,
} from '@org/application';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { kafkaOf } from './config/parts.js';
import { startConsumers } from './consumers.js';

/** How events get to those who subscribe to them. */
export interface Messaging {
  readonly consumer: EventConsumer;
  /** How far the subscriptions of this process are on the brokers. Absent where there are none. */
  readonly figures?: () => readonly GroupLag[];
  /** Begins these subscriptions, and what brings events to those of every process, if that is what this one is there for. */
  start(subscriptions: readonly Subscription[]): Promise<RunningSubscription>;
}

type Stores = Pick<
  Adapters,
  'unitOfWork' | 'clock' | 'groupProgress' | 'eventFeed' | 'eventConsumer' | 'ids' | 'stopwatch'
>;

/** Whoever subscribes reads the log of events itself. */
export const messagingByLog = ({ eventConsumer: consumer }: Pick<Stores, 'eventConsumer'>): Messaging => ({
  consumer,
  start: subscriptions => startConsumers(consumer, subscriptions),
});

/** What is not sent stays in the log, or uncommitted, and is sent when the brokers are asked again. */
const sendingThrough = (circuit: CircuitBreaker, broker: KafkajsBroker): Broker => ({
  send: records =>
    guarded(
      circuit,
      () => broker.send(records),
      why => {
        throw why instanceof StoreUnavailableError
          ? why
          : new StoreUnavailableError((why as Error).message, { cause: why });
      },
      { isFault: error => !(error instanceof RecordTooLargeError) },
    ),
  join: (joining, listener) => broker.join(joining, listener),
  isKnown: (group, topics) => broker.isKnown(group, topics),
  close: () => broker.close(),
});

/** One subscription reads the log and carries it over to Kafka; all others get it from there. */
export function messagingByKafka(
  stores: Stores,
  config: Config,
  logger: Pick<Logger, 'warn' | 'debug'>,
  options: KafkaConsumerOptions,
  circuit: CircuitBreaker,
): Messaging {
  const { unitOfWork, clock, groupProgress: progress, eventFeed: feed, ids, stopwatch } = stores;
  const log = (level: 'warn' | 'debug', message: string, data: object) => logger[level](data, message);
  const broker = sendingThrough(circuit, new KafkajsBroker({ ...kafkaOf(config), log }));
  const { kafkaTopicPrefix: prefix, kafkaConcurrency: concurrency } = config;
  const knownTypes = [...loggedEventTypes, ...Object.values(paymentEventTypes)];
  const now = () => unitOfWork.run(tx => clock.now(tx));
  const parts = { broker, progress, feed, now, ids, stopwatch, timer: new ProcessTimer() };
  const consumer = new KafkaEventConsumer(parts, { ...options, prefix, concurrency, knownTypes });
  return {
    consumer,
    figures: () => consumer.figures(),
    async start(subscriptions) {
      const relays = config.roles.has('relay') ? [relaySubscription(broker, { prefix })] : [];
      const relay = await startConsumers(stores.eventConsumer, relays);
      const undo = [relay.stop, () => broker.close()];
      try {
        const consumers = await startConsumers(consumer, subscriptions);
        undo.unshift(consumers.stop);
      } catch (error) {
        for (const step of undo) await step();
        throw error;
      }
      return {
        async stop() {
          for (const step of undo) await step();
        },
      };
    },
  };
}
