import type {
  Accounts,
  Catalogue,
  CatalogueQueries,
  CouponQueries,
  DeadLetters,
  Door,
  OrderQueries,
  Orders,
  Outcome,
  PointQueries,
  Points,
  Promotions,
  Push,
} from '@org/application';
import type { AccessTokens } from './auth/access-tokens.js';
import type { Counters } from './metrics/metrics.js';
import type { Listeners } from './push/listeners.js';
import type { PushCounters } from './push/push-counters.js';

/** Whether this process may get requests, and what it depends on. */
export interface Readiness {
  readonly ready: boolean;
  /** By the name of the dependency: plain JSON for people who look. */
  readonly checks?: Readonly<Record<string, unknown>>;
}

/** Work that an outside scheduler may start; answers what was done, as plain JSON. */
export type Job = () => Promise<object>;

/** What the routes need of the rest. */
export interface Service {
  readonly promotions: Promotions;
  readonly accounts: Accounts;
  readonly tokens: AccessTokens;
  readonly queries: CouponQueries;
  readonly catalogue: Catalogue;
  readonly catalogueQueries: CatalogueQueries;
  readonly orders: Orders;
  readonly orderQueries: OrderQueries;
  readonly points: Points;
  readonly pointQueries: PointQueries;
  readonly deadLetters: DeadLetters;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly runOnce: Door<() => Promise<Outcome<object>>, object>;
  readonly readiness: () => Promise<Readiness>;
  /** Told of every new job that makes codes, so that it begins at once. */
  readonly codeJobStarted: (jobId: string) => void;
  readonly push: Push;
  readonly listeners: Listeners;
  readonly pushCounters: PushCounters;
  readonly maxPushBuffer: number;
  readonly counters: Counters;
  readonly isDraining: () => boolean;
  readonly metricsToken: string | null;
  /** The events of the service as an AsyncAPI document; null = nobody made one. */
  readonly asyncApi: object | null;
}
