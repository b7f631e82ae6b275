import {
  type Coupon,
  isUuid,
  type PolicyVersion,
  type QuotedCoupon,
  type Refusal,
  settle,
  spendRefusal,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Versioned } from '../../ports/aggregate-repository.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { quotedCodes } from './wished-codes.js';

export type QuoteStores = Pick<Adapters, 'coupons' | 'policies' | 'campaigns' | 'codes'>;

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

/**
 * Looks up what the wishes name, in the same order: together, for one that names a lot must not keep the others waiting.
 * @param found what `namedCoupons` has found for them
 */
export async function wishedCoupons(
  stores: QuoteStores,
  tx: Transaction,
  wishes: readonly CouponWish[],
  found: NamedCoupons,
): Promise<readonly WishedCoupons[]> {
  const coupons = await quotedCoupons(stores, tx, wishes, found);
  const codes = await quotedCodes(stores, tx, wishes);
  return wishes.map((_, i) => {
    const own = coupons[i] ?? { known: [], unknown: [] };
    const typed = codes[i] ?? { known: [], unknown: [] };
    return { known: [...own.known, ...typed.known], unknown: [...own.unknown, ...typed.unknown] };
  });
}

/** Coupons that are there, by their ids. */
export type NamedCoupons = ReadonlyMap<string, Versioned<Coupon>>;

/** Loads the coupons that the wishes name. */
export async function namedCoupons(
  { coupons }: Pick<QuoteStores, 'coupons'>,
  tx: Transaction,
  wishes: readonly Pick<CouponWish, 'couponIds'>[],
): Promise<NamedCoupons> {
  // Whatever can be no id is an unknown coupon like others (pricing rule 15); stores are asked for ids alone.
  const ids = [...new Set(wishes.flatMap(({ couponIds }) => couponIds))].filter(isUuid);
  return ids.length > 0 ? coupons.load(tx, ids) : new Map();
}

async function quotedCoupons(stores: QuoteStores, tx: Transaction, wishes: readonly CouponWish[], found: NamedCoupons) {
  const stateOf = (id: string): Coupon => found.get(id)?.state ?? { status: 'NONE' };
  const facts = [...found.values()].flatMap(({ state }) => (state.status === 'NONE' ? [] : [state.facts]));
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
