import { randomBytes } from 'node:crypto';
import { KafkajsTopics, topicPlans } from '@org/adapters-kafka';
import type { BenchDatabase } from './database.js';

/** Topics of a figure's own on brokers that others may use, too. */
export interface BenchTopics {
  readonly brokers: readonly string[];
  /** What the names of its topics and groups begin with. */
  readonly prefix: string;
  remove(): Promise<void>;
}

/** @param partitions of each; default: those that they have by default */
export async function makeTopics(brokers: readonly string[], partitions?: number): Promise<BenchTopics> {
  const prefix = `bench-${randomBytes(4).toString('hex')}-`;
  const topics = new KafkajsTopics({ brokers });
  const plans = topicPlans({ prefix }).map(plan => ({ ...plan, ...(partitions !== undefined && { partitions }) }));
  await topics.create(plans);
  return {
    ...{ brokers, prefix },
    async remove() {
      await topics.remove(plans.map(({ name }) => name));
      await topics.close();
    },
  };
}

/** What the service needs to send its events over these topics. */
export const kafkaEnv = ({ brokers, prefix }: BenchTopics): NodeJS.ProcessEnv => ({
  KAFKA_BROKERS: brokers.join(','),
  KAFKA_TOPIC_PREFIX: prefix,
});

/** Events of a thousand users, ten of each order, as the log would hold them. */
export const fillEvents = (database: BenchDatabase, type: string, count: number) =>
  database.query(
    `insert into events (stream_id, stream_version, type, key, virtual_partition, actor, data)
     select 'order/' || n / 10, n % 10 + 1, $2, 'user-' || n / 10 % 1000, n / 10 % 64, 'bench',
       jsonb_build_object('orderNumber', 'order-' || n / 10, 'amount', 12900, 'currency', 'KRW')
     from generate_series(0, $1::int - 1) n`,
    [count, type],
  );
