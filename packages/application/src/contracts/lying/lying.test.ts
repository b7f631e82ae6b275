import { inMemoryAdapters } from '../../memory/index.js';
import { allContracts, type StoreFixture } from '../all-contracts.js';
import { runContract } from '../run.js';
import { liesAboutAggregates } from './aggregates.fixtures.js';
import { liesAboutCodes } from './codes.fixtures.js';
import { liesAboutCoupons } from './coupons.fixtures.js';
import type { Lie } from './lie.fixtures.js';
import { liesAboutPolicies } from './policies.fixtures.js';
import { liesAboutQueries } from './queries.fixtures.js';
import { liesAboutRecords } from './records.fixtures.js';
import { liesAboutTransactions } from './transactions.fixtures.js';

const lies: readonly Lie[] = [
  ...liesAboutTransactions,
  ...liesAboutAggregates,
  ...liesAboutPolicies,
  ...liesAboutCoupons,
  ...liesAboutCodes,
  ...liesAboutRecords,
  ...liesAboutQueries,
];

const store =
  (tell: Lie['tell'] = () => ({})) =>
  async (): Promise<StoreFixture> => {
    const honest = inMemoryAdapters();
    return { ...honest, elapse: ms => honest.clock.advance(ms), ...tell(honest) };
  };

/** The contract named by a lie, on an adapter that tells it; without an adapter, on the honest one. */
async function failedCases(name: string, tell?: Lie['tell']): Promise<readonly string[]> {
  const contract = allContracts.find(each => each.name === name);
  if (!contract) throw new Error(`no contract ${name}`);
  const results = await runContract(contract, store(tell), { timeoutMs: 500 });
  return results.filter(({ outcome }) => outcome === 'FAILED').map(({ title }) => title);
}

describe('an adapter that lies is caught', () => {
  it.each(lies)(
    '$contract: $name',
    async ({ contract, tell, caughtBy }) => {
      expect(caughtBy.length).toBeGreaterThan(0);
      expect(await failedCases(contract, tell)).toEqual(expect.arrayContaining([...caughtBy]));
    },
    60_000,
  );
});

describe('the lies', () => {
  it('are told about every contract except where a kind of aggregate repeats another', () => {
    const lied = new Set(lies.map(({ contract }) => contract));
    const spared = allContracts.map(({ name }) => name).filter(name => !lied.has(name));
    expect(spared).toEqual(['PolicyRepository as AggregateRepository', 'ReservationRepository as AggregateRepository']);
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
      'skips what somebody else is at, without waiting',
      'answers null for a job that another process is at, without waiting',
      'tells that somebody else is at it, without waiting',
      'gives a key to the next after the one who was at it gave up',
    ]);
  });
});
