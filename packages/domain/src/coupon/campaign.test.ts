import fc from 'fast-check';
import type { CouponId, PolicyId, UserId } from '../ids.js';
import { budgetRefusal, type Campaign, decideIssue, emptyCampaign, type IssueContext } from './campaign.js';
import { aDraft, defined } from './define-policy.fixtures.js';
import type { PolicyDraft } from './define-policy.js';
import type { IssueWay, Limits } from './policy.js';

const noon = Date.UTC(2026, 10, 21, 3);
const policyId = 'p' as PolicyId;
const request = (userId = 'ann', way: IssueWay = 'FIRST_COME') => ({
  couponId: 'c' as CouponId,
  userId: userId as UserId,
  way,
  code: null,
  cause: null,
});
const context = (limits: Partial<Limits> = {}, more: object = {}): IssueContext => ({
  status: 'ACTIVE',
  version: 3,
  terms: defined(aDraft({ issuance: ['FIRST_COME'], limits, ...more }) as PolicyDraft),
  at: noon,
});
const campaign = (more: Partial<Campaign> = {}): Campaign => ({
  ...emptyCampaign(policyId, { budget: null }),
  ...more,
});
const codeOf = (...args: Parameters<typeof decideIssue>) => {
  const decision = decideIssue(...args);
  return decision.accepted ? null : decision.refusal.code;
};

describe('issuing from a campaign', () => {
  it('gives the next sequence number and pins the version', () =>
    expect(decideIssue(campaign({ issued: 7 }), context(), request(), 2)).toMatchObject({
      accepted: true,
      facts: { sequence: 8, ordinal: 3, policyVersion: 3, issuedAt: noon },
      campaign: { issued: 8, day: '2026-11-21', issuedToday: 1 },
    }));

  it.each<[string, number, string | null]>([
    ['the last but one', 8, null],
    ['the last', 9, null],
    ['one too many', 10, 'COUPON_SOLD_OUT'],
  ])('of ten, %s: %s issued → %s', (_, issued, code) =>
    expect(codeOf(campaign({ issued }), context({ total: 10 }), request(), 0)).toBe(code),
  );

  it('tells a winner that he has one, even when all are gone', () =>
    expect(codeOf(campaign({ issued: 10 }), context({ total: 10, perUser: 1 }), request(), 1)).toBe(
      'COUPON_ALREADY_ISSUED',
    ));

  it('counts the limit per day by the local day of the policy, and tells when the next begins', () => {
    const full = campaign({ issued: 5, day: '2026-11-21', issuedToday: 5 });
    const decision = decideIssue(full, context({ perDay: 5 }), request(), 0);
    expect(decision).toMatchObject({
      refusal: { code: 'DAILY_LIMIT_REACHED', data: { perDay: 5, retryAt: Date.UTC(2026, 10, 21, 15) } },
    });
    expect(codeOf({ ...full, day: '2026-11-20' }, context({ perDay: 5 }), request(), 0)).toBeNull();
  });

  it.each<[string, IssueContext, IssueWay, string]>([
    ['a draft', { ...context(), status: 'DRAFT' }, 'FIRST_COME', 'POLICY_NOT_ACTIVE'],
    ['a paused policy', { ...context(), status: 'PAUSED' }, 'FIRST_COME', 'POLICY_NOT_ACTIVE'],
    ['a way that the policy does not offer', context(), 'DOWNLOAD', 'ISSUE_WAY_NOT_ALLOWED'],
    [
      'a wish before the issue period',
      context({}, { issuePeriod: { from: noon + 1 } }),
      'FIRST_COME',
      'ISSUE_PERIOD_NOT_STARTED',
    ],
    [
      'a wish at the end of the issue period',
      context({}, { issuePeriod: { until: noon } }),
      'FIRST_COME',
      'ISSUE_PERIOD_OVER',
    ],
  ])('refuses %s', (_, ctx, way, code) => expect(codeOf(campaign(), ctx, request('ann', way), 0)).toBe(code));

  it('never gives more than there are, in total, per user and per day, whoever comes in whatever order', () =>
    fc.assert(
      fc.property(
        fc.record({
          total: fc.integer({ min: 5, max: 30 }),
          perUser: fc.integer({ min: 1, max: 3 }),
          perDay: fc.integer({ min: 1, max: 5 }),
        }),
        fc.array(fc.tuple(fc.constantFrom('ann', 'bob', 'cem', 'dan'), fc.integer({ min: 0, max: 10 })), {
          maxLength: 80,
        }),
        (limits, wishes) => {
          const days = new Map<string | null, number>();
          const held = new Map<string, number>();
          let now = campaign();
          for (const [user, day] of [...wishes].sort((a, b) => a[1] - b[1])) {
            const at = noon + day * 86_400_000;
            const decision = decideIssue(now, { ...context(limits), at }, request(user), held.get(user) ?? 0);
            if (!decision.accepted) continue;
            now = decision.campaign;
            held.set(user, decision.facts.ordinal);
            days.set(now.day, (days.get(now.day) ?? 0) + 1);
          }
          expect(now.issued).toBe([...held.values()].reduce((sum, n) => sum + n, 0));
          expect(now.issued).toBeLessThanOrEqual(limits.total);
          for (const n of held.values()) expect(n).toBeLessThanOrEqual(limits.perUser);
          for (const n of days.values()) expect(n).toBeLessThanOrEqual(limits.perDay);
        },
      ),
    ));
});

it('rule 16: a discount that does not fit the budget is refused, not cut', () => {
  const spent = campaign({ budget: 1_000, budgetTaken: 800 });
  expect(budgetRefusal(spent, 200)).toBeNull();
  expect(budgetRefusal(spent, 201)).toEqual({
    code: 'BUDGET_EXHAUSTED',
    data: { budget: 1_000, left: 200, discount: 201 },
  });
});
