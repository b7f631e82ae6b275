import {
  type Coupon,
  issueClosed,
  type PolicyVersion,
  type QuotedCoupon,
  type Refusal,
  refusal,
  settle,
  spendRefusal,
  validityOf,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { findCodes } from './redeem-code.js';

export type QuoteStores = Pick<Adapters, 'coupons' | 'policies' | 'codes' | 'queries'>;

/** The coupons and codes that somebody wants a cart to be priced with. */
export interface CouponWish {
  readonly userId: string;
  readonly couponIds: readonly string[];
  readonly codes: readonly string[];
  /** The moment that the price is for. */
  readonly at: number;
}

interface Unknown {
  readonly couponId: string | null;
  readonly code: string | null;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `unknown`: what can't be priced at all, with the reason. */
export interface WishedCoupons {
  readonly known: readonly QuotedCoupon[];
  readonly unknown: readonly Unknown[];
}

/** Looks up what the wishes name, in the same order; coupons of all of them in two look-ups. */
export async function wishedCoupons(
  stores: QuoteStores,
  tx: Transaction,
  wishes: readonly CouponWish[],
): Promise<readonly WishedCoupons[]> {
  const coupons = await quotedCoupons(stores, tx, wishes);
  const all: WishedCoupons[] = [];
  for (const [i, wish] of wishes.entries()) {
    const own = coupons[i] ?? { known: [], unknown: [] };
    const codes = await quotedCodes(stores, tx, wish);
    all.push({ known: [...own.known, ...codes.known], unknown: [...own.unknown, ...codes.unknown] });
  }
  return all;
}

async function quotedCoupons(stores: QuoteStores, tx: Transaction, wishes: readonly CouponWish[]) {
  const ids = [...new Set(wishes.flatMap(({ couponIds }) => couponIds))];
  const loaded = ids.length > 0 ? await stores.coupons.load(tx, ids) : new Map();
  const stateOf = (id: string): Coupon => loaded.get(id)?.state ?? { status: 'NONE' };
  const facts = ids.flatMap(id => {
    const state = stateOf(id);
    return state.status === 'NONE' ? [] : [state.facts];
  });
  const refs = facts.map(({ policyId, policyVersion }) => ({ policyId, version: policyVersion }));
  const versions = refs.length > 0 ? await stores.policies.versions(tx, refs) : [];
  const versionOf = new Map(facts.map((of, i) => [of, versions[i] as PolicyVersion]));
  return wishes.map(({ userId, couponIds, at }): WishedCoupons => {
    const known: QuotedCoupon[] = [];
    const unknown: Unknown[] = [];
    for (const couponId of new Set(couponIds)) {
      const state = stateOf(couponId);
      if (state.status === 'NONE' || state.facts.userId !== userId) {
        unknown.push({ couponId, code: null, reason: 'COUPON_NOT_FOUND', data: { couponId } });
        continue;
      }
      const unusable = unusableFor(state, at);
      const policy = versionOf.get(state.facts) as PolicyVersion;
      known.push({ couponId, code: state.facts.code, policy, ...(unusable && { unusable }) });
    }
    return { known, unknown };
  });
}

/**
 * A coupon that its owner holds for an order of his own is his to calculate with: the quote binds nobody. A cart of a
 * moment before he had the coupon is calculated as if he had had it then.
 */
function unusableFor(state: Exclude<Coupon, { status: 'NONE' }>, at: number): Refusal | null {
  const moment = Math.max(at, state.facts.issuedAt);
  const { coupon } = settle(state, moment);
  return coupon.status === 'RESERVED' ? null : spendRefusal(coupon, moment);
}

async function quotedCodes(
  stores: QuoteStores,
  tx: Transaction,
  { userId, codes, at }: CouponWish,
): Promise<WishedCoupons> {
  const typed = [...new Set(codes)];
  const found = await findCodes(stores, tx, typed, { lock: false });
  const known: QuotedCoupon[] = [];
  const unknown: Unknown[] = [];
  for (const [i, code] of typed.entries()) {
    const match = found[i];
    if (!match || match.kind === 'NONE') {
      const { code: reason, data } = match?.refusal ?? refusal('CODE_NOT_FOUND', { code });
      unknown.push({ couponId: null, code, reason, data });
      continue;
    }
    const policyId = match.kind === 'UNIQUE' ? match.stored.policyId : match.policyId;
    const redeemed = match.kind === 'UNIQUE' && match.stored.couponId !== null;
    const { policy, unusable } = await codeOf(stores, tx, policyId, userId, at);
    const no = redeemed ? refusal('CODE_ALREADY_REDEEMED', { code }) : unusable;
    known.push({ couponId: null, code, policy, ...(no && { unusable: no }) });
  }
  return { known, unknown };
}

/** What a code that is not redeemed yet would be worth: the newest terms, and whether a coupon could be had for it. */
async function codeOf(stores: QuoteStores, tx: Transaction, policyId: string, userId: string, at: number) {
  const state = (await stores.policies.load(tx, [policyId])).get(policyId)?.state;
  if (!state || state.status === 'NONE') throw new Error(`policy ${policyId} of a stored code is gone`);
  const { status, version, terms } = state;
  const policy = { policyId, version, terms } as PolicyVersion;
  const closed = issueClosed({ status, version, terms, at }, 'CODE');
  if (closed) return { policy, unusable: closed };
  const [held = 0] = await stores.coupons.held(tx, policyId, [userId]);
  if (terms.limits.perUser !== null && held >= terms.limits.perUser)
    return { policy, unusable: refusal('COUPON_ALREADY_ISSUED', { perUser: terms.limits.perUser }) };
  const { from, expiresAt } = validityOf(terms, at);
  if (from > at) return { policy, unusable: refusal('COUPON_NOT_YET_VALID', { validFrom: from }) };
  if (expiresAt !== null && expiresAt <= at) return { policy, unusable: refusal('COUPON_EXPIRED', { expiresAt }) };
  const remaining = (await stores.queries.statistics(policyId))?.remaining ?? null;
  return { policy, unusable: remaining === 0 ? refusal('COUPON_SOLD_OUT', { total: terms.limits.total }) : null };
}
