import kafkajs, { type Kafka } from 'kafkajs';
import type { Broker, GroupListener, Joining, Membership, NewRecord } from './broker.js';
import { calmRequestQueues } from './calm-queues.js';
import { KafkajsGroup } from './kafkajs-group.js';
import { KafkajsOffsets } from './kafkajs-offsets.js';
import { KafkajsSender } from './kafkajs-sender.js';
import { type AllSettings, type KafkaSettings, kafkaConfigOf, settingsOf } from './settings.js';

/** The brokers by way of kafkajs. Connects when it is first needed. */
export class KafkajsBroker implements Broker {
  private readonly settings: AllSettings;
  private readonly kafka: Kafka;
  private readonly sender: KafkajsSender;
  private readonly offsets: KafkajsOffsets;

  constructor(settings: KafkaSettings) {
    calmRequestQueues();
    this.settings = settingsOf(settings);
    this.kafka = new kafkajs.Kafka(kafkaConfigOf(this.settings));
    this.sender = new KafkajsSender(this.kafka);
    this.offsets = new KafkajsOffsets(this.kafka);
  }

  send(records: readonly NewRecord[]): Promise<void> {
    return this.sender.send(records);
  }

  async join(joining: Joining, listener: GroupListener): Promise<Membership> {
    const { kafka, settings, offsets } = this;
    // A group that begins now begins here, also where its first member dies before it has committed anything.
    const starts = joining.from === 'NOW' ? await offsets.ends(joining.topics, 'high') : new Map<string, number>();
    return new KafkajsGroup({ kafka, settings, offsets, joining, starts, listener });
  }

  isKnown(group: string, topics: readonly string[]): Promise<boolean> {
    return this.offsets.isKnown(group, topics);
  }

  async close(): Promise<void> {
    await Promise.all([this.sender.close(), this.offsets.close()]);
  }
}
