import 'reflect-metadata';
import { createHttpServer, type HttpServer, type TokenKey } from '@org/adapters-http';
import { asyncApi } from '@org/adapters-kafka';
import { ProcessTimer, postgresAdapters } from '@org/adapters-persistence';
import {
  type Accounts,
  type Adapters,
  afterCommit,
  type Catalogue,
  type CircuitBreaker,
  cachedCouponQueries,
  cachedPointQueries,
  createAccounts,
  createCatalogue,
  createOrders,
  createPoints,
  createPromotions,
  createPush,
  forgetting,
  type Orders,
  PaymentWatch,
  type PersonalData,
  type Points,
  type Promotions,
  type Push,
  runOnce,
  typesOf,
} from '@org/application';
import { Container } from 'inversify';
import type { Logger } from 'pino';
import { circuitsOf } from './circuits.js';
import type { Config } from './config/config.js';
import {
  accountsOptionsOf,
  busOptionsOf,
  cacheAgesOf,
  httpConfigOf,
  ordersOptionsOf,
  timetableOf,
} from './config/parts.js';
import { tellOf } from './consumers.js';
import { createJobs, type Database, type Jobs, wake } from './jobs/jobs.js';
import { createScheduler, type Scheduler } from './jobs/scheduler.js';
import { type Messaging, messagingByKafka, messagingByLog } from './messaging.js';
import { readinessOf } from './readiness.js';
import { type RedisPart, redisCheckOf, sharedAdapters } from './redis.js';

export interface Foundation {
  readonly config: Config;
  readonly tokenKey: TokenKey;
  readonly personalData: PersonalData;
  readonly database: Database;
  readonly redis: RedisPart;
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
  lock: Symbol.for('Lock'),
  fences: Symbol.for('LockFences'),
  cache: Symbol.for('Cache'),
  quotaGate: Symbol.for('QuotaGate'),
} as const satisfies Readonly<Record<keyof Adapters, symbol>>;

export const parts = {
  shownCoupons: Symbol.for('cached CouponQueries'),
  shownPoints: Symbol.for('cached PointQueries'),
  promotions: Symbol.for('Promotions'),
  catalogue: Symbol.for('Catalogue'),
  orders: Symbol.for('Orders'),
  points: Symbol.for('Points'),
  accounts: Symbol.for('Accounts'),
  push: Symbol.for('Push'),
  payments: Symbol.for('PaymentWatch'),
  /** Around every dependency that the service can do without for a while. */
  breakers: Symbol.for('CircuitBreakers'),
  messaging: Symbol.for('Messaging'),
  jobs: Symbol.for('Jobs'),
  scheduler: Symbol.for('Scheduler'),
  http: Symbol.for('HttpServer'),
} as const;

/** Every port gets its adapter here. */
function bindAdapters(container: Container, foundation: Foundation): void {
  const { config, personalData, database, redis, logger } = foundation;
  const bus = { ...busOptionsOf(config), report: tellOf(logger) };
  const stored = postgresAdapters(database, { personalData, bus });
  const circuits = circuitsOf(config, stored.stopwatch, logger);
  const bound = { ...stored, ...sharedAdapters(redis, stored, config, circuits.redis) };
  const messaging = config.kafkaBrokers
    ? messagingByKafka(bound, config, logger, bus, circuits.kafka)
    : messagingByLog(bound);
  const push = createPush(bound, {
    timer: new ProcessTimer(),
    report: err => logger.warn({ err }, 'events are pushed later'),
  });
  const upkeep = forgetting(bound.unitOfWork, bound.events, bound.cache);
  const eventConsumer = messaging.consumer;
  const payments = new PaymentWatch(payment => logger.warn(payment, 'somebody has to see to this payment'));
  const told = afterCommit(upkeep.unitOfWork, upkeep.events, appended => {
    push.wake(typesOf(appended));
    payments.look(appended);
  });
  const woken = { ...bound, eventConsumer, ...told };
  for (const [port, adapter] of Object.entries(woken) as [keyof Adapters, unknown][])
    container.bind(tokens[port]).toConstantValue(adapter);
  const ages = cacheAgesOf(config);
  container.bind(parts.shownCoupons).toConstantValue(cachedCouponQueries(bound.queries, bound.cache, ages));
  container.bind(parts.shownPoints).toConstantValue(cachedPointQueries(bound.pointQueries, bound.cache, ages));
  container.bind<readonly CircuitBreaker[]>(parts.breakers).toConstantValue(circuits.all);
  container.bind<Push>(parts.push).toConstantValue(push);
  container.bind<PaymentWatch>(parts.payments).toConstantValue(payments);
  container.bind<Messaging>(parts.messaging).toConstantValue(messaging);
}

const adaptersOf = (container: Container): Adapters =>
  Object.fromEntries(
    Object.entries(tokens).map(([port, token]) => [port, container.get(token)]),
  ) as unknown as Adapters;

/** The areas of the business, each over the ports that it needs, and what happens in them without a request. */
function bindAreas(container: Container, { config, database, logger, isStopping }: Foundation): void {
  const adapters = () => adaptersOf(container);
  const { issueStrategy, pointsDebt: debt } = config;
  container.bind<Promotions>(parts.promotions).toDynamicValue(() => createPromotions(adapters(), { issueStrategy }));
  container.bind<Catalogue>(parts.catalogue).toDynamicValue(() => createCatalogue(adapters()));
  container.bind<Orders>(parts.orders).toDynamicValue(() => createOrders(adapters(), ordersOptionsOf(config)));
  container.bind<Points>(parts.points).toDynamicValue(() => createPoints(adapters(), { debt }));
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
}

function bindServer(container: Container, { config, tokenKey, redis, logger }: Foundation): void {
  container.bind<HttpServer>(parts.http).toDynamicValue(() => {
    const jobs = container.get<Jobs>(parts.jobs);
    const breakers = container.get<readonly CircuitBreaker[]>(parts.breakers);
    const queries = container.get<Adapters['queries']>(tokens.queries);
    const { figures } = container.get<Messaging>(parts.messaging);
    return createHttpServer({
      promotions: container.get(parts.promotions),
      accounts: container.get(parts.accounts),
      queries: container.get(parts.shownCoupons),
      catalogue: container.get(parts.catalogue),
      catalogueQueries: container.get(tokens.catalogueQueries),
      orders: container.get(parts.orders),
      orderQueries: container.get(tokens.orderQueries),
      points: container.get(parts.points),
      pointQueries: container.get(parts.shownPoints),
      deadLetters: container.get(tokens.deadLetters),
      push: container.get(parts.push),
      offer: config.roles.has('api') ? 'EVERYTHING' : 'OPERATIONS',
      // The figures are the same everywhere: those who scale out need not ask for them too.
      showBus: config.roles.has('scheduler'),
      ...(figures && { consumers: figures }),
      watchedPayments: () => container.get<PaymentWatch>(parts.payments).figures,
      config: httpConfigOf(config, tokenKey),
      logger,
      breakers,
      readiness: readinessOf({ queries, roles: config.roles, breakers, redisAnswers: redisCheckOf(redis) }),
      jobs,
      runOnce: runOnce(adaptersOf(container)),
      codeJobStarted: wake(jobs['code-jobs']),
      asyncApi: asyncApi(),
    });
  });
}

/** The one place where the parts meet: nothing else knows which adapter serves which port. */
export function createContainer(foundation: Foundation): Container {
  const container = new Container({ defaultScope: 'Singleton' });
  bindAdapters(container, foundation);
  bindAreas(container, foundation);
  bindServer(container, foundation);
  return container;
}
