import { LockBusyError, LockUnavailableError } from '../../ports/lock.js';
import type { LockFences } from '../../ports/lock-fences.js';
import { aShop, no, origin, result } from '../../promotions.fixtures.js';
import { createPromotions } from '../../promotions.js';

const issue = async (shop: ReturnType<typeof aShop>, policyId: string, userId: string) =>
  result(
    await shop.promotions.issueUnderLock({
      input: { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin },
    }),
  );

describe('issuing under a lock', () => {
  it('gives exactly N of N in sequence, one per user', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ limits: { total: 20, perUser: 1 } });
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => issue(shop, policyId, `user-${i % 50}`)));
    const winners = outcomes.flatMap(outcome => (outcome.accepted ? [outcome.value.facts] : []));
    expect(winners.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(new Set(winners.map(({ userId }) => userId)).size).toBe(20);
    expect(await shop.queries.issued(policyId)).toBe(20);
  });

  it('begins again when somebody else has held the lock meanwhile', async () => {
    const adapters = aShop();
    const policyId = await adapters.policy({ limits: { total: 1 } });
    let checks = 0;
    const fences: LockFences = {
      draw: (tx, keys) => adapters.fences.draw(tx, keys),
      holds: async () => ++checks > 1,
    };
    const shop = { ...adapters, promotions: createPromotions({ ...adapters, fences }) };
    expect(no(await issue(shop, policyId, 'ann'))).toBeNull();
    expect(checks).toBe(2);
    expect(await adapters.queries.issued(policyId)).toBe(1);
  });

  it('writes nothing for a holder who always comes too late', async () => {
    const adapters = aShop();
    const policyId = await adapters.policy({ limits: { total: 1 } });
    const fences: LockFences = { draw: (tx, keys) => adapters.fences.draw(tx, keys), holds: async () => false };
    const shop = { ...adapters, promotions: createPromotions({ ...adapters, fences }) };
    await expect(issue(shop, policyId, 'ann')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await adapters.queries.issued(policyId)).toBe(0);
  });

  it.each([
    ['the keeper of the locks is gone', new LockUnavailableError('gone')],
    ['others were faster for too long', new LockBusyError('busy')],
  ])('goes on with the lock of the row when %s', async (_, error) => {
    const adapters = aShop();
    const policyId = await adapters.policy({ limits: { total: 1 } });
    const lock = { withLock: () => Promise.reject(error) };
    const shop = { ...adapters, promotions: createPromotions({ ...adapters, lock }) };
    expect(no(await issue(shop, policyId, 'ann'))).toBeNull();
    expect(no(await issue(shop, policyId, 'bob'))).toBe('COUPON_SOLD_OUT');
  });
});
