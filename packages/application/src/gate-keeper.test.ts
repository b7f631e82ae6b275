import type { IssuedCoupon } from '@org/domain';
import { GateKeeper } from './gate-keeper.js';
import type { Outcome } from './outcome.js';
import { GateUnavailableError, type QuotaGate } from './ports/quota-gate.js';
import { aShop, no, origin, result } from './promotions.fixtures.js';
import type { Item } from './use-case.js';

const SECOND = 1_000;
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

type Issue = ConstructorParameters<typeof GateKeeper>[1];
type IssueItem = Item<Parameters<Issue>[0]['input'], Outcome<IssuedCoupon>>;

/** A keeper before a shop, with a count of those whom he lets go on to the store. */
async function aGuardedSale({ total = 2, perUser = 1 as number | null } = {}) {
  const shop = aShop();
  const policyId = await shop.policy({ limits: { total, perUser } });
  const seen = { byStore: 0, fails: null as Error | null };
  const store: Issue = async item => {
    seen.byStore++;
    if (seen.fails) throw seen.fails;
    return shop.promotions.issue(item);
  };
  const options = { recheckAfterMs: SECOND, staleAfterMs: 10 * SECOND };
  const keeper = new GateKeeper(shop, store, options);
  const itemOf = (userId: string): IssueItem => ({
    input: { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin },
  });
  const ask = async (userId: string) => {
    const outcome = no(result(await keeper.pass(itemOf(userId))));
    await settled();
    return outcome;
  };
  /** The keeper has looked at the campaign, and stands at its gate. */
  const opened = async () => {
    await keeper.pass({ ...itemOf('nobody'), input: { ...itemOf('nobody').input, way: 'CODE' } });
    await settled();
    seen.byStore = 0;
  };
  await opened();
  return { shop, policyId, keeper, ask, itemOf, seen };
}

describe('a gate before a sale', () => {
  it('lets as many go on as there are, and answers the others without the store', async () => {
    const { ask, seen } = await aGuardedSale();
    expect([await ask('ann'), await ask('bob')]).toEqual([null, null]);
    expect([await ask('cem'), await ask('ann'), await ask('dee')]).toEqual([
      'COUPON_SOLD_OUT',
      'COUPON_ALREADY_ISSUED',
      'COUPON_SOLD_OUT',
    ]);
    expect(seen.byStore).toBe(2);
  });

  it('leaves it to the store what becomes of those who come while the last ones are under way', async () => {
    const { keeper, itemOf, seen } = await aGuardedSale();
    const outcomes = await Promise.all(['ann', 'bob', 'cem', 'ann'].map(user => keeper.pass(itemOf(user))));
    expect(outcomes.map(answered => no(result(answered)))).toEqual([
      null,
      null,
      'COUPON_SOLD_OUT',
      'COUPON_ALREADY_ISSUED',
    ]);
    expect(seen.byStore).toBe(4);
  });

  it('gives the slot of a request that failed to the next one', async () => {
    const { ask, keeper, itemOf, seen } = await aGuardedSale({ total: 1 });
    seen.fails = new Error('the store failed');
    await expect(keeper.pass(itemOf('ann'))).rejects.toThrow('the store failed');
    await settled();
    seen.fails = null;
    expect([await ask('bob'), await ask('cem')]).toEqual([null, 'COUPON_SOLD_OUT']);
    expect(seen.byStore).toBe(2);
  });

  it('finds the slots of a process that died, and gives them to others', async () => {
    const { shop, policyId, ask } = await aGuardedSale({ total: 1 });
    const revision = (await shop.quotaGate.state(policyId, 0))?.revision as number;
    await shop.quotaGate.admit(policyId, revision, [{ requestId: 'of the dead', userId: 'ann' }]);
    expect((await shop.quotaGate.state(policyId, 0))?.pending).toBe(1);
    shop.clock.advance(11 * SECOND);
    expect(await ask('nobody-2')).toBeNull();
    expect(await shop.quotaGate.state(policyId, 0)).toMatchObject({ pending: 0 });
    expect(await shop.queries.issued(policyId)).toBe(1);
  });

  it('opens a gate anew that was lost, with what the store has', async () => {
    const { shop, policyId, ask, seen } = await aGuardedSale();
    await ask('ann');
    await shop.quotaGate.close(policyId);
    expect(await ask('ann')).toBe('COUPON_ALREADY_ISSUED');
    expect(seen.byStore).toBe(2);
    expect(await shop.quotaGate.state(policyId, 0)).toMatchObject({ issued: 1, pending: 0 });
    expect([await ask('ann'), await ask('bob'), await ask('cem')]).toEqual([
      'COUPON_ALREADY_ISSUED',
      null,
      'COUPON_SOLD_OUT',
    ]);
    expect(seen.byStore).toBe(3);
  });

  it('opens a gate anew that has counted more than the store has', async () => {
    const { shop, policyId, ask } = await aGuardedSale({ total: 1 });
    const { revision } = (await shop.quotaGate.state(policyId, 0)) as { revision: number };
    await shop.quotaGate.open(policyId, { revision, total: 1, perUser: 1, issued: 1, holders: new Map([['ann', 1]]) });
    expect(await ask('ann')).toBe('COUPON_ALREADY_ISSUED');
    shop.clock.advance(1.5 * SECOND);
    expect(await ask('bob')).toBeNull();
    expect([await ask('ann'), await ask('bob')]).toEqual(['COUPON_SOLD_OUT', 'COUPON_ALREADY_ISSUED']);
  });

  it('knows by itself of coupons that were issued round it', async () => {
    const { shop, policyId, ask, seen } = await aGuardedSale();
    await shop.issue(policyId, 'ann');
    await shop.issue(policyId, 'bob');
    expect(await ask('cem')).toBe('COUPON_SOLD_OUT');
    expect(seen.byStore).toBe(1);
    expect(await ask('dee')).toBe('COUPON_SOLD_OUT');
    expect(seen.byStore).toBe(1);
  });

  it('lets everybody go on to the store while the gate cannot be reached', async () => {
    const { shop, ask, seen } = await aGuardedSale({ total: 1 });
    const gone = () => Promise.reject(new GateUnavailableError('gone'));
    const { admit, state, settle } = shop.quotaGate;
    const whole = { admit, state, settle } satisfies Partial<QuotaGate>;
    Object.assign(shop.quotaGate, { admit: gone, state: gone, settle: gone });
    expect([await ask('ann'), await ask('bob'), await ask('ann')]).toEqual([
      null,
      'COUPON_SOLD_OUT',
      'COUPON_ALREADY_ISSUED',
    ]);
    expect(seen.byStore).toBe(3);
    Object.assign(shop.quotaGate, whole);
    shop.clock.advance(1.5 * SECOND);
    await ask('cem');
    seen.byStore = 0;
    expect([await ask('cem'), await ask('ann')]).toEqual(['COUPON_SOLD_OUT', 'COUPON_ALREADY_ISSUED']);
    expect(seen.byStore).toBe(0);
  });

  it('asks the store for whatever is kept under a key, has a cause, or has no limit', async () => {
    const { keeper, itemOf, seen } = await aGuardedSale({ total: 1 });
    const request = { owner: 'ann', key: 'k', fingerprint: 'f' };
    await keeper.pass({ ...itemOf('ann'), once: { request, answer: () => null } });
    await keeper.pass({ input: { ...itemOf('ann').input, cause: 'birthday' } });
    expect(seen.byStore).toBe(2);
  });
});

describe('an edit', () => {
  it('that adds coupons opens the gate again at once', async () => {
    const shop = aShop({ issueStrategy: 'REDIS_GATE' });
    const draft = {
      ...{ name: 'Friday', currency: 'KRW' },
      discount: { type: 'FIXED_AMOUNT', amount: 3_000 },
    } as const;
    const policyId = await shop.policy({ ...draft, limits: { total: 1, perUser: 1 } });
    for (const user of ['ann', 'bob', 'cem']) {
      await shop.issue(policyId, user);
      await settled();
    }
    expect(no(await shop.issue(policyId, 'dee'))).toBe('COUPON_SOLD_OUT');
    await shop.promotions.managePolicy({
      input: {
        ...{ change: 'Edit', policyId, expectedRevision: null, origin },
        draft: { ...draft, issuance: ['FIRST_COME'], limits: { total: 2, perUser: 1 } },
      },
    });
    expect(no(await shop.issue(policyId, 'dee'))).toBeNull();
    await settled();
    expect(no(await shop.issue(policyId, 'eve'))).toBe('COUPON_SOLD_OUT');
  });
});
