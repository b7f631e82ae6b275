import { randomBytes } from 'node:crypto';
import { KafkajsTopics, topicPlans } from '@org/adapters-kafka';

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
