import { inMemoryAdapters } from '../memory/index.js';
import type { UnitOfWork } from '../ports/unit-of-work.js';
import { allContracts, type StoreFixture } from './all-contracts.js';
import { QUICK_BUS } from './bus-samples.js';
import { contract } from './contract.js';
import { type CaseResult, runContract } from './run.js';

interface Counted {
  readonly number: number;
}

const sample = contract<Counted>(
  'Sample',
  {
    async passes() {},
    async fails() {
      throw new Error('planned');
    },
    async hangs() {
      await new Promise(() => undefined);
    },
    async 'asks for a second fixture'({ number }, another) {
      if ((await another()).number === number) throw new Error('the same fixture twice');
    },
    async 'meets another transaction'() {
      throw new Error('never run');
    },
  },
  { 'meets another transaction': 'concurrent transactions' },
);

const told = (results: readonly CaseResult[]) => results.map(({ title, outcome }) => `${title}: ${outcome}`);

describe('running a contract without a test runner', () => {
  it('tells passed, failed, hanging and skipped cases apart, and tears down every fixture', async () => {
    const [made, torn]: [number[], number[]] = [[], []];
    const setup = async () => ({ number: made.push(made.length) });
    const teardown = ({ number }: Counted) => void torn.push(number);
    const results = await runContract(sample, setup, { capabilities: [], teardown, timeoutMs: 50 });
    expect(told(results)).toEqual([
      'passes: PASSED',
      'fails: FAILED',
      'hangs: FAILED',
      'asks for a second fixture: PASSED',
      'meets another transaction: SKIPPED',
    ]);
    expect(results.at(-1)).toMatchObject({ reason: 'needs concurrent transactions' });
    expect(torn).toEqual([1, 2, 3, 4, 5]);
  });

  it('skips nothing when the adapter says nothing about its capabilities', async () => {
    const results = await runContract(sample, async () => ({ number: 1 }), { timeoutMs: 50 });
    expect(results.filter(({ outcome }) => outcome === 'SKIPPED')).toEqual([]);
  });

  it('reports a setup that fails as a failed case', async () => {
    const results = await runContract(sample, () => Promise.reject(new Error('no database')), { capabilities: [] });
    expect(results.map(({ outcome }) => outcome)).toEqual(['FAILED', 'FAILED', 'FAILED', 'FAILED', 'SKIPPED']);
  });
});

/** A store that can do one transaction at a time, as a file or a single connection. */
async function oneAtATime(): Promise<StoreFixture> {
  const store = inMemoryAdapters({ bus: QUICK_BUS });
  let last: Promise<unknown> = Promise.resolve();
  const unitOfWork: UnitOfWork = {
    run: work => {
      const next = last.then(() => store.unitOfWork.run(work));
      last = next.catch(() => undefined);
      return next;
    },
  };
  return { ...store, unitOfWork, elapse: ms => store.clock.advance(ms) };
}

describe('a store with one transaction at a time', () => {
  it.each(allContracts)('fulfils all of $name that does not need several', async each => {
    const results = await runContract(each, oneAtATime, { capabilities: [], timeoutMs: 2_000 });
    expect(results.filter(({ outcome }) => outcome === 'FAILED')).toEqual([]);
    const skippable = each.cases.filter(({ needs }) => needs === 'concurrent transactions');
    expect(results.filter(({ outcome }) => outcome === 'SKIPPED')).toHaveLength(skippable.length);
  });
});
