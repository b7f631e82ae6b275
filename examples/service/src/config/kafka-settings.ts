import { topics } from '@org/adapters-kafka';
import { Malformed, oneOf, text, wholeNumber } from './readers.js';
import { optional, type Setting, setting } from './setting.js';

const names = Object.values(topics).map(({ name }) => name);

/** `host:port,host:port` */
const brokers = (value: string): readonly string[] => {
  const list = value.split(',').map(part => part.trim());
  const isFine = (part: string) => /^(?:[\w.-]+|\[[\da-fA-F:]+\]):[1-9]\d{0,4}$/.test(part);
  if (!list.every(isFine)) throw new Malformed('host:port, separated by commas, like kafka-1:9092,kafka-2:9092');
  return list;
};

const topicPrefix = (value: string): string => {
  if (!/^[\w.-]{0,100}$/.test(value)) throw new Malformed('up to 100 of A-Z a-z 0-9 . _ -');
  return value;
};

/** `order-events=16,stock-events=12` */
const byTopic =
  (least: number, most: number) =>
  (value: string): Readonly<Record<string, number>> => {
    const read = wholeNumber(least, most);
    const pairs = value.split(',').map(part => {
      const [name = '', number = ''] = part.trim().split('=');
      if (!names.some(known => known === name))
        throw new Malformed(`like ${names[0]}=4, with one of ${names.join(', ')}`);
      return [name, read(number)] as const;
    });
    return Object.fromEntries(pairs);
  };

/** Where the events go, and how one gets there. */
export const kafkaSettings = {
  kafkaBrokers: optional(
    'KAFKA_BROKERS',
    brokers,
    'Some brokers of a Kafka, `host:port,…`. With it workers get their events by Kafka; without it they read them in Postgres. `npm run topics -- create` has to come first.',
  ),
  kafkaTopicPrefix: setting(
    'KAFKA_TOPIC_PREFIX',
    '',
    topicPrefix,
    'What the names of topics and consumer groups begin with.',
  ),
  kafkaSsl: setting('KAFKA_SSL', 'off', oneOf('off', 'on'), 'Whether brokers are spoken to by TLS.'),
  kafkaSslCa: optional(
    'KAFKA_SSL_CA',
    text,
    'PEM of the authority that signed their certificates, if it is no public one.',
  ),
  kafkaSaslMechanism: optional(
    'KAFKA_SASL_MECHANISM',
    oneOf('plain', 'scram-sha-256', 'scram-sha-512'),
    'How the service logs in to the brokers; without it, it does not.',
  ),
  kafkaSaslUsername: optional('KAFKA_SASL_USERNAME', text, 'Its name there.'),
  kafkaSaslPassword: optional('KAFKA_SASL_PASSWORD', text, 'Its password there.', true),
  kafkaCircuitSeconds: setting(
    'KAFKA_CIRCUIT_SECONDS',
    '20',
    wholeNumber(1, 3_600),
    'How long a Kafka that failed five of its last eight sends is sent nothing; events wait in the log meanwhile.',
  ),
  kafkaConcurrency: setting(
    'KAFKA_CONCURRENCY',
    '2',
    wholeNumber(1, 100),
    'How many batches of a group this process handles at a time, of different keys.',
  ),
  kafkaPartitions: optional(
    'KAFKA_PARTITIONS',
    byTopic(1, 10_000),
    'Other numbers of partitions than those of [events.md](events.md), like `order-events=32`: what `npm run topics` makes and expects.',
  ),
  kafkaRetentionDays: optional(
    'KAFKA_RETENTION_DAYS',
    byTopic(1, 3_650),
    'Other retentions, in days, like `stock-events=7`.',
  ),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type KafkaValues = {
  readonly [Name in keyof typeof kafkaSettings]: ReturnType<(typeof kafkaSettings)[Name]['read']>;
};

/** What contradicts itself, one sentence each. */
export function kafkaProblems(config: KafkaValues): string[] {
  const { kafkaBrokers, kafkaSsl, kafkaSslCa, kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword } = config;
  const problems: string[] = [];
  const login = [kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword];
  if (login.some(each => each) && !login.every(each => each))
    problems.push('KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD belong together');
  if (kafkaSslCa && kafkaSsl === 'off') problems.push('KAFKA_SSL_CA is set, but KAFKA_SSL is off');
  if (!kafkaBrokers && (kafkaSsl === 'on' || kafkaSaslMechanism))
    problems.push('KAFKA_BROKERS is missing: other settings of Kafka are there');
  return problems;
}
