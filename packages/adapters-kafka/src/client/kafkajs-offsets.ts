import type { Admin, Kafka } from 'kafkajs';
import { type Joining, nameOf, type Place, type Position } from './broker.js';
import { RETRY } from './settings.js';

/** Nothing was ever committed here. */
const NONE = -1;

/** Where groups are, asked of the brokers. */
export class KafkajsOffsets {
  private connected: Promise<Admin> | null = null;

  constructor(private readonly kafka: Kafka) {}

  async admin(): Promise<Admin> {
    this.connected ??= (async () => {
      const admin = this.kafka.admin({ retry: RETRY });
      await admin.connect();
      return admin;
    })();
    try {
      return await this.connected;
    } catch (error) {
      this.connected = null;
      throw error;
    }
  }

  /** What the group has committed, -1 for nothing. */
  async committed(groupId: string, topics: readonly string[]): Promise<readonly Position[]> {
    const admin = await this.admin();
    const answers = await admin.fetchOffsets({ groupId, topics: [...topics] });
    return answers.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset, metadata }) => {
        return { topic, partition, offset: Math.max(NONE, Number(offset)), note: metadata ?? '' };
      }),
    );
  }

  async isKnown(group: string, topics: readonly string[]): Promise<boolean> {
    return (await this.committed(group, topics)).some(({ offset }) => offset !== NONE);
  }

  /** Behind the last record (`high`) or before the first one that is kept (`low`) of every part. */
  async ends(topics: readonly string[], end: 'high' | 'low'): Promise<ReadonlyMap<string, number>> {
    const admin = await this.admin();
    const ends = new Map<string, number>();
    for (const topic of topics)
      for (const { partition, ...offsets } of await admin.fetchTopicOffsets(topic))
        ends.set(nameOf({ topic, partition }), Number(offsets[end]));
    return ends;
  }

  /** Where a member goes on in the parts that it has got. @param starts where a new group begins, by name of the part */
  async positions(
    { group, topics }: Joining,
    places: readonly Place[],
    starts: ReadonlyMap<string, number>,
  ): Promise<readonly Position[]> {
    const mine = new Set(places.map(nameOf));
    const found = (await this.committed(group, topics)).filter(place => mine.has(nameOf(place)));
    if (found.every(({ offset }) => offset !== NONE)) return found;
    const unknown = [...new Set(found.filter(({ offset }) => offset === NONE).map(({ topic }) => topic))];
    const lows = await this.ends(unknown, 'low');
    return found.map(each => {
      const name = nameOf(each);
      return each.offset === NONE ? { ...each, offset: starts.get(name) ?? lows.get(name) ?? 0 } : each;
    });
  }

  async close(): Promise<void> {
    const { connected } = this;
    this.connected = null;
    await connected?.then(admin => admin.disconnect()).catch(() => undefined);
  }
}
