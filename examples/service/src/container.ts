import 'reflect-metadata';
import { createHttpServer, type HttpServer, type TokenKey } from '@org/adapters-http';
import { ProcessTimer, postgresAdapters } from '@org/adapters-persistence';
import {
  type Accounts,
  type Adapters,
  type Catalogue,
  createAccounts,
  createCatalogue,
  createOrders,
  createPoints,
  createPromotions,
  createPush,
  type Orders,
  type PersonalData,
  type Points,
  type Promotions,
  type Push,
  waking,
} from '@org/application';
import { Container } from 'inversify';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { accountsOptionsOf, busOptionsOf, httpConfigOf, ordersOptionsOf, timetableOf } from './config/parts.js';
import { tellOf } from './consumers.js';
import { createJobs, type Database, type Jobs, wake } from './jobs/jobs.js';
import { createScheduler, type Scheduler } from './jobs/scheduler.js';
import { type Messaging, messagingByKafka, messagingByLog } from './messaging.js';
import { readinessOf } from './readiness.js';

export interface Foundation {
  readonly config: Config;
  readonly tokenKey: TokenKey;
  readonly personalData: PersonalData;
  readonly database: Database;
  readonly logger: Logger;
  readonly isStopping: () => boolean;
}

/** One token for every port, and for what is built on them. */
export const tokens = {
  unitOfWork: Symbol.for('UnitOfWork'),
  clock: Symbol.for('Clock'),
  ids: Symbol.for('IdGenerator'),
  policies: Symbol.for('PolicyRepository'),
  campaigns: Symbol.for('CampaignRepository'),
  coupons: Symbol.for('CouponRepository'),
  reservations: Symbol.for('ReservationRepository'),
  codes: Symbol.for('CodeRepository'),
  codeSecrets: Symbol.for('CodeSecrets'),
  events: Symbol.for('EventLog'),
  eventFeed: Symbol.for('EventFeed'),
  eventPublisher: Symbol.for('EventPublisher'),
  eventConsumer: Symbol.for('EventConsumer'),
  groupProgress: Symbol.for('GroupProgress'),
  deadLetters: Symbol.for('DeadLetters'),
  idempotency: Symbol.for('IdempotencyStore'),
  queries: Symbol.for('CouponQueries'),
  stopwatch: Symbol.for('Stopwatch'),
  products: Symbol.for('ProductRepository'),
  stock: Symbol.for('StockRepository'),
  stockHolds: Symbol.for('StockHoldRepository'),
  carts: Symbol.for('CartRepository'),
  catalogueQueries: Symbol.for('CatalogueQueries'),
  pointLedger: Symbol.for('PointLedger'),
  pointQueries: Symbol.for('PointQueries'),
  orders: Symbol.for('OrderRepository'),
  orderQueries: Symbol.for('OrderQueries'),
  accounts: Symbol.for('AccountRepository'),
  sessions: Symbol.for('SessionRepository'),
  refreshTokens: Symbol.for('RefreshTokenRepository'),
  throttles: Symbol.for('ThrottleRepository'),
  loginHistory: Symbol.for('LoginHistory'),
  accountQueries: Symbol.for('AccountQueries'),
  passwords: Symbol.for('PasswordHasher'),
  tokenSecrets: Symbol.for('TokenSecrets'),
  personalData: Symbol.for('PersonalData'),
  tickets: Symbol.for('TicketStore'),
} as const satisfies Readonly<Record<keyof Adapters, symbol>>;

export const parts = {
  promotions: Symbol.for('Promotions'),
  catalogue: Symbol.for('Catalogue'),
  orders: Symbol.for('Orders'),
  points: Symbol.for('Points'),
  accounts: Symbol.for('Accounts'),
  push: Symbol.for('Push'),
  messaging: Symbol.for('Messaging'),
  jobs: Symbol.for('Jobs'),
  scheduler: Symbol.for('Scheduler'),
  http: Symbol.for('HttpServer'),
} as const;

/** The one place where the parts meet: every port gets its adapter here, and nothing else knows which. */
export function createContainer(foundation: Foundation): Container {
  const { config, tokenKey, personalData, database, logger, isStopping } = foundation;
  const container = new Container({ defaultScope: 'Singleton' });
  const bus = { ...busOptionsOf(config), report: tellOf(logger) };
  const bound = postgresAdapters(database, { personalData, bus });
  const messaging = config.kafkaBrokers ? messagingByKafka(bound, config, logger, bus) : messagingByLog(bound);
  const push = createPush(bound, {
    timer: new ProcessTimer(),
    report: err => logger.warn({ err }, 'events are pushed later'),
  });
  const { consumer: eventConsumer } = messaging;
  const woken = { ...bound, eventConsumer, ...waking(bound.unitOfWork, bound.events, push.wake) };
  container.bind<Push>(parts.push).toConstantValue(push);
  container.bind<Messaging>(parts.messaging).toConstantValue(messaging);
  for (const [port, adapter] of Object.entries(woken) as [keyof Adapters, unknown][])
    container.bind(tokens[port]).toConstantValue(adapter);
  const adapters = () =>
    Object.fromEntries(
      Object.entries(tokens).map(([port, token]) => [port, container.get(token)]),
    ) as unknown as Adapters;

  container
    .bind<Promotions>(parts.promotions)
    .toDynamicValue(() => createPromotions(adapters(), { issueStrategy: config.issueStrategy }));
  container.bind<Catalogue>(parts.catalogue).toDynamicValue(() => createCatalogue(adapters()));
  container.bind<Orders>(parts.orders).toDynamicValue(() => createOrders(adapters(), ordersOptionsOf(config)));
  container.bind<Points>(parts.points).toDynamicValue(() => createPoints(adapters(), { debt: config.pointsDebt }));
  container.bind<Accounts>(parts.accounts).toDynamicValue(() => createAccounts(adapters(), accountsOptionsOf(config)));
  container.bind<Jobs>(parts.jobs).toDynamicValue(() =>
    createJobs({
      promotions: container.get(parts.promotions),
      catalogue: container.get(parts.catalogue),
      orders: container.get(parts.orders),
      points: container.get(parts.points),
      adapters: adapters(),
      database,
      config,
      isStopping,
      log: logger,
    }),
  );
  container
    .bind<Scheduler>(parts.scheduler)
    .toDynamicValue(() => createScheduler(container.get(parts.jobs), timetableOf(config), logger));
  container.bind<HttpServer>(parts.http).toDynamicValue(() => {
    const jobs = container.get<Jobs>(parts.jobs);
    return createHttpServer({
      promotions: container.get(parts.promotions),
      accounts: container.get(parts.accounts),
      queries: container.get(tokens.queries),
      catalogue: container.get(parts.catalogue),
      catalogueQueries: container.get(tokens.catalogueQueries),
      orders: container.get(parts.orders),
      orderQueries: container.get(tokens.orderQueries),
      points: container.get(parts.points),
      pointQueries: container.get(tokens.pointQueries),
      deadLetters: container.get(tokens.deadLetters),
      push: container.get(parts.push),
      offer: config.roles.has('api') ? 'EVERYTHING' : 'OPERATIONS',
      config: httpConfigOf(config, tokenKey),
      logger,
      readiness: readinessOf(container.get(tokens.queries), config.roles),
      jobs,
      codeJobStarted: wake(jobs['code-jobs']),
    });
  });
  return container;
}
