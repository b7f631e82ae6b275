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

  it('pricing rule 18: bind the coupon that is held or used to the days of the store, whatever day its cart names', async () => {
    const shop = aShop();
    const at = await shop.queries.now();
    const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
    const [today, tomorrow] = [new Date(at).getUTCDay(), (new Date(at).getUTCDay() + 1) % 7];
    const conditions = { weekdays: [days[tomorrow] ?? 'SUN'] };
    const couponId = await shop.coupon({ conditions, timeZone: 'UTC' });
    const line = { lineId: '1', productId: 'mug', categoryIds: [], unitPrice: 9_000, quantity: 1, onSale: false };
    const bare = { currency: 'KRW', lines: [{ ...line, minimumUnitPrice: 0 }], shipping: 0, channel: null };
    // A cart of tomorrow, if anybody believed it.
    const cart = { ...bare, segments: [], firstOrder: false, at: at + DAY_MS };
    const hold = () => ({ reservationId: 'r1', couponId, owner: 'ann', orderNumber: 'o1', ttlSeconds: 60, origin });
    const reserve = async () => no(result(await shop.promotions.reserve({ input: { ...hold(), basis: { cart } } })));
    const use = async () => {
      const input = { change: 'Use', couponId, owner: null, orderNumber: 'o2', basis: { cart }, origin } as const;
      return no(result(await shop.promotions.changeCoupon({ input })));
    };
    expect([await reserve(), await use(), today === tomorrow]).toEqual([
      'WEEKDAY_NOT_ALLOWED',
      'WEEKDAY_NOT_ALLOWED',
      false,
    ]);
    shop.clock.advance(DAY_MS);
    expect([await reserve(), await use()]).toEqual([null, 'COUPON_RESERVED']);
  });
});

const DAY_MS = 86_400_000;
