import type { KafkaConfig, logCreator, SASLOptions } from 'kafkajs';

export interface KafkaSettings {
  /** `host:port` of some brokers; the others are found by them. */
  readonly brokers: readonly string[];
  /** How this program is called in the logs of the brokers. Default `promotions`. */
  readonly clientId?: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: SASLOptions;
  /** A member that was not heard of for so long loses its parts, milliseconds. Default 10,000; brokers want 6,000 at least. */
  readonly sessionTimeoutMs?: number;
  /** How long members may take to finish what they are at before parts are dealt out anew. Default 30,000. */
  readonly drainMs?: number;
  /** How long the broker may hold back an answer when there is nothing new, milliseconds. Default 500. */
  readonly maxWaitMs?: number;
  /** A send that fails for so long is told to whoever sent, who tries again. Default 5,000. */
  readonly requestTimeoutMs?: number;
  /** Told of what the client complains about. Default: nobody. */
  readonly log?: (level: 'warn' | 'debug', message: string, data: object) => void;
}

export type AllSettings = Required<Omit<KafkaSettings, 'ssl' | 'sasl'>> & Pick<KafkaSettings, 'ssl' | 'sasl'>;

export const settingsOf = (settings: KafkaSettings): AllSettings => ({
  clientId: 'promotions',
  sessionTimeoutMs: 10_000,
  drainMs: 30_000,
  maxWaitMs: 500,
  requestTimeoutMs: 5_000,
  log: () => undefined,
  ...settings,
});

/** What is learned of leaders is asked for again so often, milliseconds: a broker that died must not be waited for. */
export const METADATA_MAX_AGE_MS = 3_000;

/** Short and many: whoever waits here waits for an election of some seconds. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 8 };

/** What the client library takes. */
export function kafkaConfigOf(settings: AllSettings): KafkaConfig {
  const { brokers, clientId, ssl, sasl, requestTimeoutMs } = settings;
  return {
    brokers: [...brokers],
    clientId,
    connectionTimeout: 2_000,
    requestTimeout: requestTimeoutMs,
    retry: RETRY,
    logCreator: logCreatorOf(settings),
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
  };
}

/** 1 is an error, of which there are some in every new deal of the parts, and 2 a warning; the rest is nobody's business. */
const logCreatorOf =
  ({ log }: Pick<AllSettings, 'log'>): logCreator =>
  () =>
  ({ level, log: { message, timestamp: _, logger: __, ...data } }) => {
    if (level === 1 || level === 2) log(level === 1 ? 'warn' : 'debug', message, data);
  };
