import { deadLetterTopicOf } from './consuming/graveyard.js';
import { topics } from './topics.js';

/** A topic as it should be. */
export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

export interface TopicOptions {
  /** What the names begin with. Default: nothing. */
  readonly prefix?: string;
  /** Other numbers of partitions, by name without the prefix, `order-events`. */
  readonly partitions?: Readonly<Record<string, number>>;
  /** Other retentions, milliseconds, by name without the prefix. */
  readonly retentionMs?: Readonly<Record<string, number>>;
}

/** Long enough for somebody to look. */
export const DEAD_LETTER_RETENTION_MS = 14 * 86_400_000;

/** Every topic of the product, each with that of its dead letters. */
export const topicPlans = ({
  prefix = '',
  partitions = {},
  retentionMs = {},
}: TopicOptions = {}): readonly TopicPlan[] =>
  Object.values(topics).flatMap(topic => {
    const plan = {
      name: prefix + topic.name,
      partitions: partitions[topic.name] ?? topic.partitions,
      retentionMs: retentionMs[topic.name] ?? topic.retentionMs,
    };
    return [plan, { ...plan, name: deadLetterTopicOf(plan.name), retentionMs: DEAD_LETTER_RETENTION_MS }];
  });

/** What is not as it should be; `found` null = the topic, or the setting, is not there. */
export interface TopicDifference {
  readonly topic: string;
  readonly what: 'topic' | 'partitions' | 'replication' | (typeof ownSettings)[number];
  readonly expected: string;
  readonly found: string | null;
}

/** The settings of a topic that this product cares for. */
export const ownSettings = ['retention.ms', 'min.insync.replicas', 'unclean.leader.election.enable'] as const;

/** Three copies where there are three brokers, of which two must have a record before it counts as sent. */
export const copiesOf = (brokers: number) =>
  brokers >= 3 ? { replication: 3, inSync: 2 } : { replication: 1, inSync: 1 };

/** What the brokers should keep with a topic. */
export const settingsOfTopic = ({ retentionMs }: TopicPlan, brokers: number): Readonly<Record<string, string>> => ({
  'retention.ms': String(retentionMs),
  'min.insync.replicas': String(copiesOf(brokers).inSync),
  'unclean.leader.election.enable': 'false',
});

export interface FoundTopic {
  readonly partitions: number;
  /** Of the part that has the fewest. */
  readonly replication: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** @param found null = there is no such topic */
export function differencesOf(plan: TopicPlan, found: FoundTopic | null, brokers: number): readonly TopicDifference[] {
  const { name: topic, partitions } = plan;
  if (!found) return [{ topic, what: 'topic', expected: `${partitions} partitions`, found: null }];
  const wanted = settingsOfTopic(plan, brokers);
  const pairs: readonly (readonly [TopicDifference['what'], string, string | null])[] = [
    ['partitions', String(partitions), String(found.partitions)],
    ['replication', String(copiesOf(brokers).replication), String(found.replication)],
    ...ownSettings.map(name => [name, wanted[name] ?? '', found.settings[name] ?? null] as const),
  ];
  return pairs
    .filter(([, expected, actual]) => expected !== actual)
    .map(([what, expected, actual]) => ({ topic, what, expected, found: actual }));
}
