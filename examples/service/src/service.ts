import type { HttpServer, TokenKey } from '@org/adapters-http';
import { migrate, postgresDataSource } from '@org/adapters-persistence';
import {
  type Cache,
  type CouponQueries,
  type EventFeed,
  type Orders,
  type Promotions,
  paymentSubscription,
} from '@org/application';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { personalDataOf } from './config/personal-data.js';
import { tokenKeyOf } from './config/token-key.js';
import { createContainer, parts, tokens } from './container.js';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import type { Database } from './jobs/jobs.js';
import type { Scheduler } from './jobs/scheduler.js';
import { listen } from './listen.js';
import type { Messaging } from './messaging.js';
import { connectRedis } from './redis.js';
import { subscriptionsOf } from './roles.js';
import { startCacheUpkeep } from './warm-up.js';

export interface Service {
  readonly url: string;
  readonly port: number;
  readonly tokenKey: TokenKey;
  /** Finishes accepted requests and running batches, then lets go of the database. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** The database is gone for good. */
  readonly onFatal: (error: Error) => void;
}

/** A connection that nobody gives back must not keep the process from ending. */
const GOODBYE_MS = 5_000;

const atMost = (ms: number, work: Promise<unknown>) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

export function databaseOf(config: Config, url: string, logger: Pick<Logger, 'warn'>): Database {
  return postgresDataSource({
    url,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: config.statementTimeoutSeconds * 1_000,
    applicationName: 'promotions service',
    onIdleError: err => logger.warn({ err: err.message }, 'lost a database connection'),
  });
}

/** Database, tables, parts, consumers, port: in this order. What was begun is ended again when a later step fails. */
export async function startService({ config, logger, onFatal }: ServiceOptions): Promise<Service> {
  const undo: (() => Promise<unknown>)[] = [];
  let stopping = false;
  const stop = async () => {
    stopping = true;
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const tokenKey = await tokenKeyOf(config);
    const personalData = await personalDataOf(config, message => logger.warn(message));
    let url = config.databaseUrl;
    if (url === null) {
      const log = (message: string) => logger.warn({ dataDir: config.dataDir }, message);
      const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log, onFatal });
      undo.push(() => embedded.stop());
      url = embedded.url;
    }
    const database = await databaseOf(config, url, logger).initialize();
    undo.push(() => atMost(GOODBYE_MS, database.destroy()));
    const migrations = await migrate(database);
    if (migrations.length > 0) logger.info({ migrations }, 'tables are up to date');

    const redis = await connectRedis(config, logger);
    undo.push(async () => redis?.disconnect());
    const isStopping = () => stopping;
    const container = createContainer({ config, tokenKey, personalData, database, redis, logger, isStopping });
    const http = container.get<HttpServer>(parts.http);
    const scheduler = container.get<Scheduler>(parts.scheduler);
    const orders = container.get<Orders>(parts.orders);
    const promotions = container.get<Promotions>(parts.promotions);
    const subscriptions = subscriptionsOf(config.roles, [
      ...promotions.subscriptions,
      ...orders.subscriptions,
      paymentSubscription(orders),
    ]);
    const consumers = await container.get<Messaging>(parts.messaging).start(subscriptions);
    undo.push(() => consumers.stop());
    const shown = {
      queries: container.get<CouponQueries>(parts.shownCoupons),
      eventFeed: container.get<EventFeed>(tokens.eventFeed),
      cache: container.get<Cache>(tokens.cache),
    };
    const upkeep = await startCacheUpkeep(shown, config, logger);
    undo.push(() => upkeep.stop());
    const { host, port, portGiven } = config;
    const listening = await listen(http.server, { host, port, orAnyOther: !portGiven });
    if (config.roles.has('scheduler')) scheduler.start();
    undo.push(() => scheduler.stop());
    undo.push(async () => {
      listening.close();
      await http.close();
    });
    return { url: listening.url, port: listening.port, tokenKey, stop };
  } catch (error) {
    await stop().catch(err => logger.error({ err }, 'could not undo a failed start'));
    throw error;
  }
}
