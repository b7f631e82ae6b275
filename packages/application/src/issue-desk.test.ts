import { IssueDesk } from './issue-desk.js';
import { aShop, origin } from './promotions.fixtures.js';

const SECOND = 1_000;
const settled = () => new Promise(setImmediate);

/** Two processes over one store; the desk is that of the second, which sees what the first does only by looking. */
async function twoProcesses() {
  const first = aShop();
  const policyId = await first.policy({ limits: { total: 1, perUser: 1 } });
  await first.issue(policyId, 'ann');
  const desk = new IssueDesk(first.queries, first.stopwatch, { recheckAfterMs: SECOND });
  desk.learn(policyId, 'COUPON_SOLD_OUT');
  await settled();
  const ask = (userId: string) =>
    desk.refusalFor({ policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin })?.code ?? null;
  const raise = (total: number) =>
    first.promotions.managePolicy({
      input: {
        change: 'Edit',
        policyId,
        draft: {
          name: 'Friday',
          currency: 'KRW',
          discount: { type: 'FIXED_AMOUNT', amount: 3_000 },
          issuance: ['FIRST_COME'],
          limits: { total, perUser: 1 },
        },
        expectedRevision: null,
        origin,
      },
    });
  return { first, policyId, ask, raise };
}

describe('the memory of a sell-out', () => {
  it('asks the store again after a while without a question, for it may not be true any more', async () => {
    const { first, ask, raise } = await twoProcesses();
    expect(ask('bob')).toBe('COUPON_SOLD_OUT');
    await raise(2);
    first.clock.advance(60 * SECOND);
    expect(ask('bob')).toBeNull();
  });

  it('holds no more winners than it may: the sale that nobody has asked for the longest is forgotten', async () => {
    const shop = aShop();
    const desk = new IssueDesk(shop.queries, shop.stopwatch, { recheckAfterMs: SECOND, maxAllHolders: 5 });
    const sales: string[] = [];
    for (const day of ['monday', 'tuesday', 'friday']) {
      const policyId = await shop.policy({ limits: { total: 2 } });
      for (const user of ['ann', 'bob']) await shop.issue(policyId, `${user} of ${day}`);
      desk.learn(policyId, 'COUPON_SOLD_OUT');
      await settled();
      sales.push(policyId);
    }
    const ask = (policyId = '') =>
      desk.refusalFor({ policyId, userId: 'eve', way: 'FIRST_COME', code: null, cause: null, origin })?.code ?? null;
    expect(sales.map(ask)).toEqual([null, 'COUPON_SOLD_OUT', 'COUPON_SOLD_OUT']);
  });

  it('is believed while it is looked after', async () => {
    const { first, ask } = await twoProcesses();
    for (let i = 0; i < 5; i++) {
      first.clock.advance(1.5 * SECOND);
      expect(ask('bob')).toBe('COUPON_SOLD_OUT');
      await settled();
    }
  });

  it('learns of winners that another process has made meanwhile', async () => {
    const { first, policyId, ask, raise } = await twoProcesses();
    await raise(2);
    await first.issue(policyId, 'cem');
    expect(ask('cem')).toBe('COUPON_SOLD_OUT');
    first.clock.advance(1.5 * SECOND);
    ask('bob');
    await settled();
    expect(ask('cem')).toBe('COUPON_ALREADY_ISSUED');
  });
});
