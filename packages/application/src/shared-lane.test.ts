import { inMemoryAdapters } from './memory/index.js';
import { StoreUnavailableError } from './ports/errors.js';
import type { Transaction } from './ports/unit-of-work.js';
import { aShop, no, origin, result } from './promotions.fixtures.js';
import { createPromotions } from './promotions.js';
import { SharedLane } from './shared-lane.js';

const SECOND = 1_000;

describe('one lane for all', () => {
  const laneAt = () => {
    let now = 0;
    const lane = new SharedLane({ elapsed: () => now });
    return { lane, wait: (ms: number) => (now += ms) };
  };

  it('is shared by all, and left for half a minute by what was in a batch that failed', () => {
    const { lane, wait } = laneAt();
    lane.failed('friday');
    expect(['friday', 'monday'].map(each => lane.laneOf(each))).toEqual(['friday', '']);
    wait(20 * SECOND);
    expect(lane.laneOf('friday')).toBe('friday');
    lane.failed('friday');
    wait(20 * SECOND);
    expect(lane.laneOf('friday')).toBe('friday');
    wait(10 * SECOND);
    expect(lane.laneOf('friday')).toBe('');
  });

  it('remembers no more than so many failures, whatever is asked for while nothing works', () => {
    const { lane } = laneAt();
    for (let i = 0; i < 1_001; i++) lane.failed(`policy-${i}`);
    expect(['policy-0', 'policy-1000'].map(each => lane.laneOf(each))).toEqual(['', 'policy-1000']);
  });
});

describe('campaigns that share batches', () => {
  /** A shop with two sales, and the batches in which campaigns were locked. */
  async function twoSales() {
    const { policy, promotions: _, ...adapters } = aShop();
    const [friday, monday] = [await policy(), await policy()];
    const batches: (readonly string[])[] = [];
    const stuck = new Set<string>();
    const campaigns: typeof adapters.campaigns = Object.assign(Object.create(adapters.campaigns), {
      async lock(tx: Transaction, ids: readonly string[]) {
        batches.push(ids);
        if (ids.some(id => stuck.has(id))) {
          await new Promise(resolve => setTimeout(resolve, 5));
          throw new StoreUnavailableError('waited for the lock in vain');
        }
        return adapters.campaigns.lock(tx, ids);
      },
    });
    const promotions = createPromotions({ ...inMemoryAdapters(), ...adapters, campaigns });
    const issue = (policyId: string, userId: string) =>
      promotions.issue({ input: { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin } }).then(
        answered => no(result(answered)) ?? 'ISSUED',
        (error: Error) => error.message,
      );
    const both = (userId: string) => Promise.all([issue(friday, userId), issue(monday, userId)]);
    return { friday, monday, batches, stuck, issue, both };
  }

  it('are written in one transaction when their wishes come together', async () => {
    const { friday, monday, batches, both } = await twoSales();
    expect(await both('ann')).toEqual(['ISSUED', 'ISSUED']);
    expect(batches).toEqual([[friday, monday]]);
  });

  it('part when one of them is stuck, so that the others go on', async () => {
    const { friday, stuck, both } = await twoSales();
    stuck.add(friday);
    const inVain = 'waited for the lock in vain';
    expect(await both('ann')).toEqual([inVain, inVain]);
    expect(await both('ann')).toEqual([inVain, 'ISSUED']);
    stuck.clear();
    expect(await both('bob')).toEqual(['ISSUED', 'ISSUED']);
  });

  it('part also those who were waiting when it happened', async () => {
    const { friday, monday, batches, stuck, issue } = await twoSales();
    stuck.add(friday);
    const first = issue(friday, 'ann');
    while (batches.length === 0) await new Promise(setImmediate);
    const rest = Promise.all(['bob', 'cat', 'dan'].flatMap(user => [issue(friday, user), issue(monday, user)]));
    expect(await first).toBe('waited for the lock in vain');
    expect((await rest).filter(outcome => outcome === 'ISSUED')).toHaveLength(3);
    expect(batches).not.toContainEqual([friday, monday]);
  });
});
