import type { CouponQueries, PolicyView } from '@org/application';
import { warmUp } from './warm-up.js';

/** Fifty active policies, newest first, and a list of those that were read one by one. */
function aStore() {
  const all = Array.from({ length: 50 }, (_, i) => ({ policyId: `p-${i}` }) as PolicyView);
  const read: string[] = [];
  const queries: Pick<CouponQueries, 'policies' | 'policy'> = {
    async policies({ status, limit, cursor }) {
      expect(status).toBe('ACTIVE');
      const from = Number(cursor ?? 0);
      const items = all.slice(from, from + limit);
      return { items, nextCursor: from + limit < all.length ? String(from + limit) : null };
    },
    async policy(policyId) {
      read.push(policyId);
      return null;
    },
  };
  return { queries, read };
}

describe('warming up', () => {
  it.each([
    [0, 0],
    [7, 7],
    [45, 45],
    [200, 50],
  ])('reads %i of the newest active policies where there are fifty: %i', async (most, count) => {
    const { queries, read } = aStore();
    expect(await warmUp(queries, most)).toBe(count);
    expect(read).toEqual(Array.from({ length: count }, (_, i) => `p-${i}`));
  });
});
