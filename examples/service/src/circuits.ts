import {
  CircuitBreaker,
  type CircuitSettings,
  type CircuitStatus,
  circuitSettings,
  type Stopwatch,
} from '@org/application';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';

/** What keeps the service from dependencies that it can do without for a while, while they fail. */
export interface Circuits {
  readonly redis: CircuitBreaker;
  readonly kafka: CircuitBreaker;
  /** Those of dependencies that this process has. */
  readonly all: readonly CircuitBreaker[];
}

export function circuitsOf(config: Config, stopwatch: Stopwatch, logger: Pick<Logger, 'warn'>): Circuits {
  const changed = (status: CircuitStatus, dependency: string) => logger.warn({ dependency, status }, 'circuit');
  const circuit = (name: string, settings: CircuitSettings, seconds: number) =>
    new CircuitBreaker({ name, stopwatch, changed, ...settings, openMs: seconds * 1_000 });
  const redis = circuit('redis', circuitSettings.careful, config.redisCircuitSeconds);
  const kafka = circuit('kafka', circuitSettings.patient, config.kafkaCircuitSeconds);
  return { redis, kafka, all: [...(config.redisUrl ? [redis] : []), ...(config.kafkaBrokers ? [kafka] : [])] };
}
