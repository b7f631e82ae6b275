import type { PolicyDraft } from '@org/domain';
import { inMemoryAdapters } from './memory/index.js';
import type { Outcome } from './outcome.js';
import { createPromotions, type PromotionsOptions } from './promotions.js';
import type { Answered } from './use-case.js';

export const origin = { actor: 'test', traceparent: null };

/** A shop on in-memory adapters, with verbs that read as sentences. */
export function aShop(options?: PromotionsOptions) {
  const adapters = inMemoryAdapters();
  const promotions = createPromotions(adapters, options);

  async function policy(draft: Partial<PolicyDraft> = {}, { active = true } = {}): Promise<string> {
    const full: PolicyDraft = {
      name: 'Friday',
      currency: 'KRW',
      discount: { type: 'FIXED_AMOUNT', amount: 3_000 },
      issuance: ['FIRST_COME'],
      ...draft,
    };
    const { policyId } = value(await promotions.managePolicy({ input: { change: 'Create', draft: full, origin } }));
    if (active) value(await promotions.managePolicy({ input: { change: 'Activate', policyId, origin } }));
    return policyId;
  }
  const issue = async (policyId: string, userId = 'ann') =>
    result(await promotions.issue({ input: { policyId, userId, way: 'FIRST_COME', code: null, cause: null, origin } }));
  const coupon = async (draft: Partial<PolicyDraft> = {}, userId = 'ann') =>
    accepted(await issue(await policy(draft), userId)).id;
  const reserve = async (
    couponId: string,
    reservationId: string,
    more: { owner?: string; orderNumber?: string; amount?: number } = {},
  ) => {
    const { owner = 'ann', orderNumber = 'order-1', amount = 50_000 } = more;
    const basis = { amount, currency: 'KRW' };
    return result(
      await promotions.reserve({
        input: { reservationId, couponId, owner, orderNumber, basis, ttlSeconds: 60, origin },
      }),
    );
  };
  const end = async (kind: 'Confirm' | 'Release', reservationId: string, owner: string | null = null) =>
    result(await promotions.endReservation({ input: { reservationId, end: kind, owner, origin } }));
  const use = async (couponId: string, { orderNumber = 'order-1', amount = 50_000 } = {}) => {
    const basis = { amount, currency: 'KRW' };
    return result(
      await promotions.changeCoupon({ input: { change: 'Use', couponId, owner: null, orderNumber, basis, origin } }),
    );
  };
  const cancel = async (couponId: string) =>
    result(
      await promotions.changeCoupon({
        input: { change: 'CancelUse', couponId, owner: null, reason: 'returned', origin },
      }),
    );
  const redeem = async (code: string, userId = 'ann') =>
    result(await promotions.redeem({ input: { code, userId, origin } }));
  return { ...adapters, promotions, policy, issue, coupon, reserve, end, use, cancel, redeem };
}

export function result<Value>(answered: Answered<Outcome<Value>>): Outcome<Value> {
  if (answered.kind !== 'DONE') throw new Error(`answered ${answered.kind}`);
  return answered.result;
}

export function accepted<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.accepted) throw new Error(`refused: ${outcome.refusal.code} ${JSON.stringify(outcome.refusal.data)}`);
  return outcome.value;
}

export const value = <Value>(answered: Answered<Outcome<Value>>): Value => accepted(result(answered));
/** The code of a refusal, or null. */
export const no = (outcome: Outcome<unknown>) => (outcome.accepted ? null : outcome.refusal.code);
