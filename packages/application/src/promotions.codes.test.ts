import type { PolicyDraft } from '@org/domain';
import { aShop, no, origin, result, value } from './promotions.fixtures.js';
import { redeemCodes } from './use-cases/coupon/redeem-code.js';

describe('codes', () => {
  it('are made in batches that survive each other, and redeemed once each', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ issuance: ['CODE'] });
    const job = value(
      await shop.promotions.startCodeJob({ input: { policyId, count: 25, spec: { pattern: 'SALE-####-####' } } }),
    );
    const steps = [];
    for (
      let next = await shop.promotions.advanceCodeJob(job.jobId, 10);
      next;
      next = await shop.promotions.advanceCodeJob(job.jobId, 10)
    ) {
      steps.push(next.created);
      if (next.status === 'DONE') break;
    }
    expect(steps).toEqual([10, 20, 25]);
    const { items } = await shop.queries.codes({ policyId, limit: 100, cursor: null });
    expect(new Set(items.map(({ code }) => code)).size).toBe(25);
    const code = items[0]?.code ?? '';
    expect(code).toMatch(/^SALE-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(no(await shop.redeem(code.toLowerCase().replaceAll('-', ' ')))).toBeNull();
    expect(no(await shop.redeem(code, 'bob'))).toBe('CODE_ALREADY_REDEEMED');
    expect(no(await shop.redeem(code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A')))).toBe('CODE_MISTYPED');
    expect(no(await shop.redeem('nothing of ours'))).toBe('CODE_NOT_FOUND');
  });

  it('are refused when the space is too small, counting what runs already', async () => {
    const shop = aShop();
    const policyId = await shop.policy({ issuance: ['CODE'] });
    const start = async (count: number) =>
      result(
        await shop.promotions.startCodeJob({
          input: { policyId, count, spec: { pattern: '###', charset: 'AB', checkDigit: false } },
        }),
      );
    expect(no(await start(9))).toBe('CODE_SPACE_TOO_SMALL');
    expect(no(await start(5))).toBeNull();
    expect(await start(4)).toMatchObject({ refusal: { code: 'CODE_SPACE_TOO_SMALL', data: { capacity: 8 } } });
  });

  it('shared by all users are redeemed within the limits of the policy', async () => {
    const shop = aShop();
    await shop.policy({ issuance: ['CODE'], code: 'FRIDAY', limits: { perUser: 1 } });
    expect(no(await shop.redeem('friday'))).toBeNull();
    expect(no(await shop.redeem('FRIDAY'))).toBe('COUPON_ALREADY_ISSUED');
    expect(no(await shop.redeem('Friday', 'bob'))).toBeNull();
  });

  it('of one batch are redeemed together: a code that is named twice has one winner, whoever is refused takes nothing', async () => {
    const shop = aShop();
    const unique = await shop.policy({ issuance: ['CODE'], limits: { perUser: 1 } });
    await shop.policy({ issuance: ['CODE'], code: 'FRIDAY', limits: { total: 2 } });
    const job = value(
      await shop.promotions.startCodeJob({ input: { policyId: unique, count: 3, spec: { pattern: 'S####' } } }),
    );
    await shop.promotions.advanceCodeJob(job.jobId, 10);
    const { items } = await shop.queries.codes({ policyId: unique, limit: 100, cursor: null });
    const [a = '', b = '', c = ''] = items.map(({ code }) => code);
    const wishes: [code: string, userId: string][] = [
      ...([
        [a, 'ann'],
        [a, 'bob'],
        ['FRIDAY', 'ann'],
        ['nothing', 'ann'],
      ] as const),
      // Ann has had hers: the code that she names too is Eve's.
      ...([
        [b, 'ann'],
        [b, 'eve'],
        ['friday', 'bob'],
        ['FRIDAY', 'eve'],
        [c, 'dan'],
      ] as const),
    ].map(([code, userId]) => [code, userId]);
    const outcomes = await shop.unitOfWork.run(tx =>
      redeemCodes(shop)(
        tx,
        wishes.map(([code, userId]) => ({ code, userId, origin })),
      ),
    );
    expect(outcomes.map(no)).toEqual([
      ...[null, 'CODE_ALREADY_REDEEMED', null, 'CODE_NOT_FOUND'],
      ...['COUPON_ALREADY_ISSUED', null, null, 'COUPON_SOLD_OUT', null],
    ]);
    expect(no(await shop.redeem(b, 'fay'))).toBe('CODE_ALREADY_REDEEMED');
    const holders = outcomes.flatMap(outcome => (outcome.accepted ? [outcome.value.facts.userId] : []));
    expect(holders).toEqual(['ann', 'ann', 'eve', 'bob', 'dan']);
  });

  it('are either of one user or shared by all: neither takes the place of the other', async () => {
    const shop = aShop();
    const shared = await shop.policy({ issuance: ['CODE'], code: 'FRIDAX' });
    const unique = await shop.policy({ issuance: ['CODE'] });
    const spec = { pattern: 'FRIDA#', charset: 'XYZ', checkDigit: false };
    const job = value(await shop.promotions.startCodeJob({ input: { policyId: unique, count: 2, spec } }));
    for (const _ of [1, 2, 3]) await shop.promotions.advanceCodeJob(job.jobId, 1);
    const { items } = await shop.queries.codes({ policyId: unique, limit: 10, cursor: null });
    expect(items.map(({ code }) => code).sort()).toEqual(['FRIDAY', 'FRIDAZ']);
    for (const user of ['ann', 'bob'])
      expect(await shop.redeem('fridax', user)).toMatchObject({ value: { facts: { policyId: shared } } });
    const draft = { ...aDraft, code: 'FRIDAY' };
    const input = { change: 'Create', draft, origin } as const;
    expect(no(result(await shop.promotions.managePolicy({ input })))).toBe('POLICY_CODE_TAKEN');
  });
});

const aDraft: PolicyDraft = {
  ...{ name: 'Friday', currency: 'KRW', discount: { type: 'FIXED_AMOUNT', amount: 3_000 } },
  issuance: ['CODE'],
};
