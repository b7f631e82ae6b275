import { inMemoryAdapters } from '../../memory/index.js';
import { allContracts, type StoreFixture } from '../all-contracts.js';
import { QUICK_BUS } from '../bus-samples.js';
import { runCase } from '../run.js';
import { liesAboutUsers } from './accounts.fixtures.js';
import { liesAboutAggregates } from './aggregates.fixtures.js';
import { liesAboutTheBus } from './bus.fixtures.js';
import { liesAboutTheCache } from './cache.fixtures.js';
import { liesAboutCatalogue } from './catalogue.fixtures.js';
import { liesAboutCodes } from './codes.fixtures.js';
import { liesAboutCoupons } from './coupons.fixtures.js';
import { liesAboutDeadLetters } from './dead-letters.fixtures.js';
import { liesAboutTheFeed } from './feed.fixtures.js';
import { liesAboutTheGate } from './gate.fixtures.js';
import { liesAboutGroupProgress } from './group-progress.fixtures.js';
import { liesAboutIdempotency } from './idempotency.fixtures.js';
import type { Lie } from './lie.fixtures.js';
import { liesAboutLocks } from './locks.fixtures.js';
import { liesAboutReadingOrders } from './order-reads.fixtures.js';
import { liesAboutOrderRepository } from './orders.fixtures.js';
import { liesAboutPaymentEvents } from './payment-events.fixtures.js';
import { liesAboutPointQueries } from './point-queries.fixtures.js';
import { liesAboutPoints } from './points.fixtures.js';
import { liesAboutPolicies } from './policies.fixtures.js';
import { liesAboutQueries } from './queries.fixtures.js';
import { liesAboutRecords } from './records.fixtures.js';
import { liesAboutTickets } from './tickets.fixtures.js';
import { liesAboutTransactions } from './transactions.fixtures.js';

const lies: readonly Lie[] = [
  ...liesAboutTransactions,
  ...liesAboutAggregates,
  ...liesAboutPolicies,
  ...liesAboutCoupons,
  ...liesAboutCodes,
  ...liesAboutIdempotency,
  ...liesAboutRecords,
  ...liesAboutQueries,
  ...liesAboutCatalogue,
  ...liesAboutPaymentEvents,
  ...liesAboutPoints,
  ...liesAboutPointQueries,
  ...liesAboutUsers,
  ...liesAboutTheFeed,
  ...liesAboutTheBus,
  ...liesAboutGroupProgress,
  ...liesAboutDeadLetters,
  ...liesAboutTickets,
  ...liesAboutOrderRepository,
  ...liesAboutReadingOrders,
  ...liesAboutLocks,
  ...liesAboutTheCache,
  ...liesAboutTheGate,
];

const store = (tell: Lie['tell']) => async (): Promise<StoreFixture> => {
  const honest = inMemoryAdapters({ bus: QUICK_BUS });
  return { ...honest, elapse: ms => honest.clock.advance(ms), ...tell(honest) };
};

/** Titles of the cases that must notice a lie and do. All at once, each on a store of its own. */
async function noticedBy({ contract, tell, caughtBy }: Lie): Promise<readonly string[]> {
  const all = allContracts.find(({ name }) => name === contract)?.cases ?? [];
  const cases = all.filter(({ title }) => caughtBy.includes(title));
  const outcomes = cases.map(each =>
    runCase(each, store(tell), { timeoutMs: 1_000 }).then(
      () => [],
      () => [each.title],
    ),
  );
  return (await Promise.all(outcomes)).flat();
}

describe('an adapter that lies is caught', () => {
  // Side by side: a lie that leaves somebody waiting is noticed by the time alone.
  it.concurrent.each(lies)(
    '$contract: $name',
    async lie => {
      expect(lie.caughtBy.length).toBeGreaterThan(0);
      expect([...(await noticedBy(lie))].sort()).toEqual([...lie.caughtBy].sort());
    },
    60_000,
  );
});

describe('the lies', () => {
  it('are told about every contract except where a kind of aggregate repeats another', () => {
    const lied = new Set(lies.map(({ contract }) => contract));
    const spared = allContracts.map(({ name }) => name).filter(name => !lied.has(name));
    expect(spared.sort()).toEqual(
      [
        'PolicyRepository as AggregateRepository',
        'ReservationRepository as AggregateRepository',
        'ProductRepository as AggregateRepository',
        'StockRepository as AggregateRepository',
        'StockHoldRepository as AggregateRepository',
        'CartRepository as AggregateRepository',
        'AccountRepository as AggregateRepository',
        'SessionRepository as AggregateRepository',
        'RefreshTokenRepository as AggregateRepository',
        'ThrottleRepository as AggregateRepository',
        'OrderRepository as AggregateRepository',
      ].sort(),
    );
  });

  it('have names of their own', () => {
    const names = lies.map(({ contract, name }) => `${contract}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('cases that can be skipped', () => {
  it('are only those that meet the lock of another open transaction', () => {
    const skippable = allContracts.flatMap(({ cases }) => cases.filter(({ needs }) => needs).map(({ title }) => title));
    expect(skippable).toEqual([
      'tells the figures without waiting for who holds the lock, and only what is committed',
      'skips what somebody else is at, without waiting',
      'answers null for a job that another process is at, without waiting',
      'waits for no transaction that is open, and tells its events when it has ended',
      'tells that somebody else is at it, without waiting',
      'gives a key to the next after the one who was at it gave up',
      'skips accounts that somebody else is at, without waiting',
      'skips items that somebody else is at, without waiting',
      'answers about other buyers meanwhile',
      'skips orders that somebody else is at, without waiting',
      'notes other events meanwhile',
    ]);
  });
});
