import { randomBytes } from 'node:crypto';
import { KafkajsTopics, topicPlans } from '@org/adapters-kafka';
import { kafkaOrNone } from './kafka-server.js';

export interface TestTopics {
  readonly brokers: readonly string[];
  /** What the names of its topics and groups begin with. */
  readonly prefix: string;
  remove(): Promise<void>;
}

/** Topics of the caller's own, with few partitions. @param only areas, all by default */
export async function createTestTopics(
  brokers: readonly string[],
  only: (name: string) => boolean = () => true,
  partitions = 3,
): Promise<TestTopics> {
  const prefix = `t${randomBytes(5).toString('hex')}-`;
  const topics = new KafkajsTopics({ brokers });
  const plans = topicPlans({ prefix })
    .filter(({ name }) => only(name.slice(prefix.length)))
    .map(plan => ({ ...plan, partitions }));
  await topics.create(plans);
  return {
    brokers,
    prefix,
    async remove() {
      await topics.remove(plans.map(({ name }) => name));
      await topics.close();
    },
  };
}

/** A group of tests with the brokers of this run; without any, one skipped test says so. */
export async function describeKafka(title: string, define: (brokers: readonly string[]) => void): Promise<void> {
  const brokers = await kafkaOrNone();
  if (brokers) {
    describe(title, () => define(brokers));
    return;
  }
  const { skip: without } = it;
  without(`${title} (skipped: there is no Kafka here)`, () => undefined);
}
