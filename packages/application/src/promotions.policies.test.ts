import type { PolicyDraft } from '@org/domain';
import { aShop, no, origin, result } from './promotions.fixtures.js';

const draft: PolicyDraft = {
  ...{ name: 'Friday', currency: 'KRW', discount: { type: 'FIXED_AMOUNT', amount: 3_000 } },
  issuance: ['FIRST_COME'],
};

describe('policies', () => {
  it('may change their currency and time zone as long as they are drafts', async () => {
    const shop = aShop();
    const edit = async (policyId: string) => {
      const other = { ...draft, currency: 'USD', timeZone: 'Europe/Berlin' };
      const input = { change: 'Edit', policyId, draft: other, expectedRevision: null, origin } as const;
      return result(await shop.promotions.managePolicy({ input }));
    };
    const edited = await edit(await shop.policy({}, { active: false }));
    expect(edited).toMatchObject({ value: { version: 2, terms: { currency: 'USD', timeZone: 'Europe/Berlin' } } });
    expect(no(await edit(await shop.policy()))).toBe('POLICY_INVALID');
  });

  it.each(['Pause', 'End'] as const)(
    'once they %s, nobody gets a coupon: whoever is at it comes first',
    async change => {
      const shop = aShop();
      const policyId = await shop.policy();
      let moved: Promise<unknown> = Promise.resolve();
      let isMoved = false;
      await shop.unitOfWork.run(async tx => {
        await shop.campaigns.lock(tx, [policyId]);
        moved = shop.promotions.managePolicy({ input: { change, policyId, origin } }).then(() => {
          isMoved = true;
        });
        for (let i = 0; i < 20; i++) await new Promise(setImmediate);
        expect(isMoved).toBe(false);
      });
      await moved;
      expect(no(await shop.issue(policyId))).toBe('POLICY_NOT_ACTIVE');
    },
  );
});
