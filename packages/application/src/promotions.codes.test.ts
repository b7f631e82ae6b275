import { aShop, no, result, value } from './promotions.fixtures.js';

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
});
