import { type Config, ConfigError, readConfig } from '../config/config.js';

/** What a command about Kafka needs of the environment. Tokens are no business of it: their key is not asked for. */
export function configOfKafka(): Config {
  const config = readConfig({ ...process.env, JWT_SECRET: '-'.repeat(32), JWT_PUBLIC_KEY: undefined });
  if (!config.kafkaBrokers) throw new ConfigError(['KAFKA_BROKERS is missing']);
  return config;
}
