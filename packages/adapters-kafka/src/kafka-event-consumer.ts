import {
  type BusOptions,
  busSettings,
  checkSubscription,
  type EventConsumer,
  type EventFeed,
  failed,
  type GroupLag,
  type GroupProgress,
  type Handled,
  handled,
  type IdGenerator,
  loggedEventTypes,
  type RunningSubscription,
  type Stopwatch,
  type Subscription,
  startRedriver,
  type Timer,
} from '@org/application';
import type { Instant } from '@org/domain';
import type { Broker } from './client/broker.js';
import type { ConsumingSettings, GenerationParts } from './consuming/generation.js';
import { Graveyard } from './consuming/graveyard.js';
import { KafkaMember } from './consuming/kafka-member.js';
import { readingOf } from './consuming/reading.js';
import { recordOf, UNREADABLE, UnreadableRecordError } from './consuming/unreadable.js';
import { topicOf } from './topics.js';

export interface KafkaConsumerParts {
  readonly broker: Broker;
  /** Where dead letters are kept. */
  readonly progress: GroupProgress;
  readonly feed: Pick<EventFeed, 'now'>;
  /** The time of the store, by which events are recorded. */
  readonly now: () => Promise<Instant>;
  readonly ids: IdGenerator;
  readonly stopwatch: Stopwatch;
  readonly timer: Timer;
}

export interface KafkaConsumerOptions extends BusOptions {
  /** What the names of topics and groups begin with. Default: nothing. */
  readonly prefix?: string;
  /** Types that may be on the topics; those of subscriptions always may. Default: all that the product logs. */
  readonly knownTypes?: readonly string[];
  /** How many batches of a subscription are handled at a time, of different keys. Default 2. */
  readonly concurrency?: number;
  /** With so many records in hand a subscription asks for no more. Default 2,000. */
  readonly mostInHand?: number;
}

/** Groups over Kafka: what is done is committed, what failed is tried again in its place, what is given up is kept. */
export class KafkaEventConsumer implements EventConsumer {
  private readonly settings: ConsumingSettings;
  private readonly prefix: string;
  private readonly known: readonly string[];
  private readonly graveyard: Graveyard;
  private readonly members = new Set<KafkaMember>();

  constructor(
    private readonly parts: KafkaConsumerParts,
    private readonly options: KafkaConsumerOptions = {},
  ) {
    const { prefix = '', knownTypes = loggedEventTypes, concurrency = 2, mostInHand = 2_000, ...bus } = options;
    this.settings = { ...busSettings(bus), concurrency, mostInHand };
    this.prefix = prefix;
    this.known = knownTypes;
    this.graveyard = new Graveyard(parts.broker, parts.progress);
  }

  async subscribe(subscription: Subscription): Promise<RunningSubscription> {
    checkSubscription(subscription);
    const { broker, timer } = this.parts;
    const { types, from = 'START' } = subscription;
    const group = this.prefix + subscription.group;
    const topics = [...new Set(types.map(type => this.prefix + topicOf(type).name))];
    const after = from === 'NOW' && !(await broker.isKnown(group, topics)) ? await this.parts.now() : null;
    const reading = { types: new Set(types), known: new Set([...this.known, ...types]), after };
    const { settings, graveyard } = this;
    const parts = { subscription, settings, timer, graveyard, read: readingOf(reading) };
    const redriver = await startRedriver(this.parts, redriven(parts), { ...this.options });
    const member = new KafkaMember(parts);
    try {
      await member.join(broker, { group, topics, from });
    } catch (error) {
      await redriver.stop();
      throw error;
    }
    this.members.add(member);
    return {
      stop: async () => {
        await Promise.all([member.stop(), redriver.stop()]);
        this.members.delete(member);
      },
    };
  }

  /** How far the subscriptions of this process are, by group. */
  figures(): readonly GroupLag[] {
    return [...this.members].map(member => member.figures());
  }
}

/** The same subscription for dead letters: a record that could not be read is read once more. */
function redriven({ subscription, read }: Pick<GenerationParts, 'subscription' | 'read'>): Subscription {
  const again = async (event: Parameters<Subscription['handle']>[0][number]): Promise<Handled> => {
    const found = read(recordOf(event.data));
    if (found.kind === 'FLAWED') return failed(new UnreadableRecordError(found.cause), false);
    if (found.kind === 'OTHER') return handled;
    const [result = handled] = await subscription.handle([{ ...found.event, attempt: event.attempt }]);
    return result;
  };
  return {
    ...subscription,
    async handle(events) {
      if (!events.some(({ type }) => type === UNREADABLE)) return subscription.handle(events);
      const results: Handled[] = [];
      for (const event of events)
        results.push(...(event.type === UNREADABLE ? [await again(event)] : await subscription.handle([event])));
      return results;
    },
  };
}
