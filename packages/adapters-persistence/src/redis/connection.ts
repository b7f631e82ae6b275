import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { type RedisAddress, readRedisAddress } from './address.js';

export interface RedisConnectionOptions {
  /** Told what happens to the connection; what is reported again and again is told once. Default: nobody. */
  readonly report?: (error: Error) => void;
}

export type RedisClient = Redis | Cluster;

/** A dead server is known by this time: those who wait for it have another way to go. */
const COMMAND_MS = 500;
const CONNECT_MS = 2_000;

const again = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000);

/**
 * A command whose answer did not come may have been done: it is never sent again by itself, and none waits for a
 * connection that may not come. Whoever asks is told, and knows what to do without Redis.
 */
const careful = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  commandTimeout: COMMAND_MS,
  connectTimeout: CONNECT_MS,
  retryStrategy: again,
  // A primary that has become a replica says so: the connection is made anew, to the one that is it now.
  reconnectOnError: error => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

function clientOf(address: RedisAddress): RedisClient {
  const { kind, tls, username, password } = address;
  const own: RedisOptions = {
    ...careful,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
  };
  if (kind === 'STANDALONE') return new Redis({ ...own, host: address.host, port: address.port, db: address.db });
  if (kind === 'CLUSTER')
    return new Cluster([...address.nodes], {
      redisOptions: own,
      enableOfflineQueue: false,
      clusterRetryStrategy: again,
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
      maxRedirections: 4,
      slotsRefreshTimeout: CONNECT_MS,
      slotsRefreshInterval: 5_000,
    });
  const client = new Redis({
    ...own,
    sentinels: [...address.nodes],
    name: address.name,
    db: address.db,
    sentinelRetryStrategy: again,
    sentinelCommandTimeout: CONNECT_MS,
    failoverDetector: true,
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  });
  // Whoever has no connection asks the sentinels himself, and stops listening to them: an announced primary breaks off
  // whatever the driver is doing, and when that is a connect, it gives up for good. The next connection listens again.
  client.on('reconnecting', () => client.disconnect(true));
  return client;
}

/**
 * A connection that comes back by itself for as long as it is not closed. Answers at once; nothing is connected yet.
 * @throws Error for a URL that `readRedisAddress` does not know
 */
export function redisConnection(url: string, { report = () => undefined }: RedisConnectionOptions = {}): RedisClient {
  const address = readRedisAddress(url);
  if (!address) throw new Error('not the URL of a Redis');
  const client = clientOf(address);
  let last = '';
  client.on('error', (error: Error) => {
    if (error.message !== last) report(error);
    last = error.message;
  });
  client.on('ready', () => {
    last = '';
  });
  return client;
}

/** Resolves when it can be used, or after so many milliseconds; answers which. */
export async function connected(client: RedisClient, patienceMs: number): Promise<boolean> {
  if (client.status === 'ready') return true;
  return new Promise(resolve => {
    const end = (isReady: boolean) => {
      clearTimeout(timer);
      client.off('ready', ready);
      resolve(isReady);
    };
    const ready = () => end(true);
    const timer = setTimeout(end, patienceMs, false);
    client.once('ready', ready);
  });
}
