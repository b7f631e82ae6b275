import { ensurePartitions, type postgresDataSource } from '@org/adapters-persistence';
import type { Adapters, Catalogue, Orders, Points, Promotions } from '@org/application';
import type { Config } from '../config/config.js';
import { resealing } from './resealing.js';

export type Database = ReturnType<typeof postgresDataSource>;

/** What a run has done, in numbers. */
export type JobReport = Readonly<Record<string, number>>;
export type JobName =
  | 'reservation-timeout'
  | 'stock-timeout'
  | 'coupon-expiry'
  | 'points-expiry'
  | 'payment-timeout'
  | 'order-recovery'
  | 'idempotency-cleanup'
  | 'event-partitions'
  | 'code-jobs'
  | 'account-cleanup'
  | 'dead-letter-redrive'
  | 'personal-data-resealing';
export type Jobs = Readonly<Record<JobName, () => Promise<JobReport>>>;

export interface JobParts {
  readonly promotions: Pick<Promotions, 'expireOverdue' | 'advanceCodeJob'>;
  readonly catalogue: Pick<Catalogue, 'expireStockHolds'>;
  readonly orders: Pick<Orders, 'timeOut' | 'resume'>;
  readonly points: Pick<Points, 'settleOverdue'>;
  readonly adapters: Pick<
    Adapters,
    | 'unitOfWork'
    | 'idempotency'
    | 'codes'
    | 'accounts'
    | 'sessions'
    | 'throttles'
    | 'loginHistory'
    | 'deadLetters'
    | 'tickets'
  >;
  readonly database: Database;
  readonly config: Pick<
    Config,
    | 'idempotencyRetentionHours'
    | 'loginHistoryDays'
    | 'loginLockSeconds'
    | 'deadLetterRedriveMinutes'
    | 'sagaStuckSeconds'
  >;
  /** A run that sees this true ends after its batch. */
  readonly isStopping: () => boolean;
  readonly log: { info(data: object, message: string): void; error(data: object, message: string): void };
}

/** Small enough that a batch holds its locks for some milliseconds. */
const OVERDUE_BATCH = 500;
/** Each is written with its event. */
const ORDERS_BATCH = 200;
const KEYS_BATCH = 5_000;
const ACCOUNTS_BATCH = 1_000;
const LETTERS_BATCH = 500;
/** The codes of a batch are worked out between two requests: a thousand take a few milliseconds. */
const CODES_BATCH = 1_000;
const PROGRESS_EVERY_MS = 5_000;

/** Calls that come while a run is under way share its result. */
function singleFlight<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | null = null;
  return () => {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
}

/** Writes down which orders could not be helped, and counts them. */
function failuresIn(log: JobParts['log'], message: string) {
  let count = 0;
  const failed = (orderNumber: string, err: unknown) => {
    count++;
    log.error({ orderNumber, err }, message);
  };
  return { failures: () => count, failed };
}

/**
 * Everything that happens without a request. Any number of processes may run them at a time: rows that another one is
 * at are skipped, so each is done once.
 */
export function createJobs({
  promotions,
  catalogue,
  orders,
  points,
  adapters,
  database,
  config,
  isStopping,
  log,
}: JobParts): Jobs {
  const untilDone = async (limit: number, batch: () => Promise<number>) => {
    let total = 0;
    for (let done = limit; done === limit && !isStopping(); total += done) done = await batch();
    return total;
  };
  const expire = (kind: 'HOLD' | 'COUPON', actor: JobName) => async () => {
    const options = { limit: OVERDUE_BATCH, origin: { actor, traceparent: null } };
    return { expired: await untilDone(OVERDUE_BATCH, () => promotions.expireOverdue(kind, options)) };
  };
  const makeCodes = async (jobId: string) => {
    let told = Date.now();
    while (!isStopping()) {
      const job = await promotions.advanceCodeJob(jobId, CODES_BATCH);
      if (job?.status !== 'RUNNING') return job;
      if (Date.now() - told < PROGRESS_EVERY_MS) continue;
      told = Date.now();
      log.info({ jobId, policyId: job.policyId, created: job.created, count: job.count }, 'making codes');
    }
    return null;
  };
  return {
    'reservation-timeout': singleFlight(expire('HOLD', 'reservation-timeout')),
    'stock-timeout': singleFlight(async () => {
      const options = { limit: OVERDUE_BATCH, origin: { actor: 'stock-timeout', traceparent: null } };
      return { expired: await untilDone(OVERDUE_BATCH, () => catalogue.expireStockHolds(options)) };
    }),
    'coupon-expiry': singleFlight(expire('COUPON', 'coupon-expiry')),
    'points-expiry': singleFlight(async () => {
      const options = { limit: OVERDUE_BATCH, origin: { actor: 'points-expiry', traceparent: null } };
      return { settled: await untilDone(OVERDUE_BATCH, () => points.settleOverdue(options)) };
    }),
    'payment-timeout': singleFlight(async () => {
      const { failures, failed } = failuresIn(log, 'order could not be ended');
      const options = { limit: ORDERS_BATCH, origin: { actor: 'payment-timeout', traceparent: null }, failed };
      const cancelled = await untilDone(ORDERS_BATCH, () => orders.timeOut(options));
      return { cancelled, failures: failures() };
    }),
    'order-recovery': singleFlight(async () => {
      const { failures, failed } = failuresIn(log, 'order could not be resumed');
      // One batch a run: what could not be helped would come again at once.
      const resumed = await orders.resume({
        ...{ limit: OVERDUE_BATCH, olderThanSeconds: config.sagaStuckSeconds, failed },
        origin: { actor: 'order-recovery', traceparent: null },
      });
      return { resumed, failures: failures() };
    }),
    'idempotency-cleanup': singleFlight(async () => {
      const seconds = config.idempotencyRetentionHours * 3_600;
      const forget = () => adapters.unitOfWork.run(tx => adapters.idempotency.forget(tx, seconds, KEYS_BATCH));
      return { forgotten: await untilDone(KEYS_BATCH, forget) };
    }),
    'account-cleanup': singleFlight(async () => {
      const { sessions, throttles, loginHistory, tickets, unitOfWork } = adapters;
      const seconds = config.loginHistoryDays * 86_400;
      const gone = (store: Pick<typeof sessions, 'forget'>, retention: number) =>
        untilDone(ACCOUNTS_BATCH, () => unitOfWork.run(tx => store.forget(tx, retention, ACCOUNTS_BATCH)));
      return {
        sessions: await gone(sessions, seconds),
        logins: await gone(loginHistory, seconds),
        // Whoever was locked out is free again long before.
        throttles: await gone(throttles, Math.max(86_400, 2 * config.loginLockSeconds)),
        tickets: await untilDone(ACCOUNTS_BATCH, () => unitOfWork.run(tx => tickets.forget(tx, ACCOUNTS_BATCH))),
      };
    }),
    'dead-letter-redrive': singleFlight(async () => {
      const rest = config.deadLetterRedriveMinutes * 60;
      const redrive = () => adapters.deadLetters.redriveDue(rest, LETTERS_BATCH);
      return { redriven: await untilDone(LETTERS_BATCH, redrive) };
    }),
    'personal-data-resealing': singleFlight(resealing({ adapters, isStopping, log })),
    'event-partitions': singleFlight(async () => ({ made: (await ensurePartitions(database)).length })),
    'code-jobs': singleFlight(async () => {
      const ids = await adapters.unitOfWork.run(tx => adapters.codes.unfinishedJobs(tx));
      let finished = 0;
      for (const id of ids) {
        const job = await makeCodes(id);
        if (!job || job.status === 'RUNNING') continue;
        finished++;
        log.info({ jobId: id, policyId: job.policyId, created: job.created, status: job.status }, 'codes made');
      }
      return { finished };
    }),
  };
}

/** Begins at once instead of with the timetable. A run that is under way has its list already: the one after it sees what is new. */
export const wake = (job: () => Promise<JobReport>) => (): void => {
  // What fails is tried again, and told, by the timetable.
  job()
    .then(job)
    .catch(() => undefined);
};
