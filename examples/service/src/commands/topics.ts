import { KafkajsTopics, topicPlans } from '@org/adapters-kafka';
import type { Config } from '../config/config.js';
import { kafkaOf, topicOptionsOf } from '../config/parts.js';
import { configOfKafka } from './kafka-config.js';
import { runCommand, UsageError } from './run-command.js';

const usage = `npm run topics -- check | create
  check    tells what is not as it should be: 0 = nothing, 1 = something
  create   makes the topics that are missing and corrects settings of the others; partitions and copies of a topic
           that is there stay as they are, and are told
  Of KAFKA_BROKERS, with KAFKA_TOPIC_PREFIX, KAFKA_PARTITIONS and KAFKA_RETENTION_DAYS.`;

async function check(topics: KafkajsTopics, config: Config): Promise<void> {
  const plans = topicPlans(topicOptionsOf(config));
  const differences = await topics.check(plans);
  for (const { topic, what, expected, found } of differences)
    console.log(found === null ? `${topic}: missing` : `${topic}: ${what} is ${found}, not ${expected}`);
  if (differences.length > 0) throw new Error(`${differences.length} differences`);
  console.log(`${plans.length} topics are as they should be`);
}

async function create(topics: KafkajsTopics, config: Config): Promise<void> {
  for (const { topic, what, expected, found } of await topics.create(topicPlans(topicOptionsOf(config))))
    console.log(found === null ? `${topic}: made with ${expected}` : `${topic}: ${what} was ${found}, is ${expected}`);
  await check(topics, config);
}

const commands = { check, create } as const;

runCommand(usage, async ([name = '', ...more]) => {
  if (!Object.hasOwn(commands, name) || more.length > 0)
    throw new UsageError(name === '' ? 'a command is missing' : `there is no command ${[name, ...more].join(' ')}`);
  const config = configOfKafka();
  const topics = new KafkajsTopics(kafkaOf(config));
  try {
    await commands[name as keyof typeof commands](topics, config);
  } finally {
    await topics.close();
  }
});
