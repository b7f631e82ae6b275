import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import {
  copiesOf,
  differencesOf,
  type FoundTopic,
  ownSettings,
  settingsOfTopic,
  type TopicDifference,
  type TopicPlan,
} from '../topic-plans.js';
import { type KafkaSettings, kafkaConfigOf, settingsOf } from './settings.js';

const PATIENCE_MS = 30_000;
const TOPIC = kafkajs.ConfigResourceTypes.TOPIC;
/** Where the broker has a setting from: set for this topic, and not by default. */
const OF_THE_TOPIC = 1;

interface Entry {
  readonly configName: string;
  readonly configValue: string;
  readonly configSource?: number;
}

/** Makes the topics of the product and looks whether they are as they should be. */
export class KafkajsTopics {
  private readonly admin: Admin;
  private connected: Promise<void> | null = null;

  constructor(settings: KafkaSettings) {
    this.admin = new kafkajs.Kafka(kafkaConfigOf(settingsOf(settings))).admin();
  }

  private async connect(): Promise<number> {
    this.connected ??= this.admin.connect();
    await this.connected;
    return (await this.admin.describeCluster()).brokers.length;
  }

  private async entriesOf(names: readonly string[]): Promise<ReadonlyMap<string, readonly Entry[]>> {
    if (names.length === 0) return new Map();
    const resources = names.map(name => ({ type: TOPIC, name }));
    const answer = await this.admin.describeConfigs({ includeSynonyms: false, resources });
    return new Map(answer.resources.map(({ resourceName, configEntries }) => [resourceName, configEntries as Entry[]]));
  }

  private async found(plans: readonly TopicPlan[]): Promise<ReadonlyMap<string, FoundTopic>> {
    const all = new Set(await this.admin.listTopics());
    const names = plans.map(({ name }) => name).filter(name => all.has(name));
    if (names.length === 0) return new Map();
    const entries = await this.entriesOf(names);
    const { topics } = await this.admin.fetchTopicMetadata({ topics: names });
    return new Map(
      topics.map(({ name, partitions }) => {
        const settings = Object.fromEntries(
          (entries.get(name) ?? []).map(({ configName, configValue }) => [configName, configValue]),
        );
        const replication = Math.min(...partitions.map(({ replicas }) => replicas.length));
        return [name, { partitions: partitions.length, replication, settings }];
      }),
    );
  }

  /** What is not as planned; nothing is changed. */
  async check(plans: readonly TopicPlan[]): Promise<readonly TopicDifference[]> {
    const brokers = await this.connect();
    const found = await this.found(plans);
    return plans.flatMap(plan => differencesOf(plan, found.get(plan.name) ?? null, brokers));
  }

  /**
   * Makes what is missing and corrects the settings of what is there. Partitions and copies of a topic that is there
   * stay as they are: with another number of partitions keys would move, and their order would be lost.
   * @returns what was made or corrected, in the order of the plans
   */
  async create(plans: readonly TopicPlan[]): Promise<readonly TopicDifference[]> {
    const brokers = await this.connect();
    const differences = await this.check(plans);
    const missing = new Set(differences.filter(({ what }) => what === 'topic').map(({ topic }) => topic));
    const made = plans.filter(({ name }) => missing.has(name));
    if (made.length > 0) {
      await this.admin.createTopics({
        waitForLeaders: false,
        topics: made.map(plan => ({
          topic: plan.name,
          numPartitions: plan.partitions,
          replicationFactor: copiesOf(brokers).replication,
          configEntries: Object.entries(settingsOfTopic(plan, brokers)).map(([name, value]) => ({ name, value })),
        })),
      });
      await this.present(made.map(({ name }) => name));
    }
    const own: readonly string[] = ownSettings;
    const changed = differences.filter(({ what }) => own.includes(what));
    const topics = new Set(changed.map(({ topic }) => topic));
    await this.correct(
      plans.filter(({ name }) => topics.has(name)),
      brokers,
    );
    return differences.filter(({ what }) => what === 'topic' || own.includes(what));
  }

  /** Brokers learn of a new topic one after the other; kafkajs waits for its leaders, but not for that. */
  private async present(topics: string[]): Promise<void> {
    for (const begun = performance.now(); ; await sleep(100)) {
      try {
        const { topics: found } = await this.admin.fetchTopicMetadata({ topics });
        if (found.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
      } catch (error) {
        if (performance.now() - begun > PATIENCE_MS) throw error;
      }
      if (performance.now() - begun > PATIENCE_MS) throw new Error(`no leaders for ${topics.join(', ')}`);
    }
  }

  /** What others have set stays: the broker takes all settings of a topic at once. */
  private async correct(plans: readonly TopicPlan[], brokers: number): Promise<void> {
    if (plans.length === 0) return;
    const entries = await this.entriesOf(plans.map(({ name }) => name));
    const resources = plans.map(plan => {
      const kept = (entries.get(plan.name) ?? []).filter(({ configSource }) => configSource === OF_THE_TOPIC);
      const settings = {
        ...Object.fromEntries(kept.map(({ configName, configValue }) => [configName, configValue])),
        ...settingsOfTopic(plan, brokers),
      };
      const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
      return { type: TOPIC, name: plan.name, configEntries };
    });
    await this.admin.alterConfigs({ validateOnly: false, resources });
  }

  /** Removes topics with everything in them. Those that are not there are left out. */
  async remove(names: readonly string[]): Promise<void> {
    await this.connect();
    const all = new Set(await this.admin.listTopics());
    const topics = names.filter(name => all.has(name));
    if (topics.length > 0) await this.admin.deleteTopics({ topics });
  }

  async close(): Promise<void> {
    if (this.connected) await this.admin.disconnect();
  }
}
