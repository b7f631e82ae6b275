import {
  issueClosed,
  normaliseCode,
  type PolicyVersion,
  type QuotedCoupon,
  type Refusal,
  refusal,
  validityOf,
} from '@org/domain';
import type { Transaction } from '../../ports/unit-of-work.js';
import { heldBefore, heldKey } from './held-before.js';
import { type FoundCode, findCodes } from './redeem-code.js';
import type { CouponWish, QuoteStores, WishedCoupons } from './wished-coupons.js';

type CodeWish = Omit<CouponWish, 'couponIds'>;

/** Ways to type one code are one code (pricing rule 15): the first of them is told back. */
const distinct = (codes: readonly string[]): readonly string[] =>
  [...new Map([...codes].reverse().map(code => [normaliseCode(code), code])).values()].reverse();

/** A code that somebody has typed, and the policy that it leads to; null = none. */
interface Typed {
  readonly code: string;
  readonly found: FoundCode;
  readonly policyId: string | null;
}

/** Prices codes that are not redeemed yet, of all wishes in a few look-ups, and one more for each policy. */
export async function quotedCodes(
  stores: QuoteStores,
  tx: Transaction,
  wishes: readonly CodeWish[],
): Promise<readonly WishedCoupons[]> {
  const own = wishes.map(({ codes }) => distinct(codes));
  const all = [...new Set(own.flat())];
  const found = await findCodes(stores, tx, all, { lock: false });
  const typed = new Map(all.map((code, i) => [code, typedOf(code, found[i])]));
  const ofWish = own.map(codes => codes.flatMap(code => typed.get(code) ?? []));
  const pricers = await pricersOf(stores, tx, wishes, ofWish);
  return wishes.map((wish, i) => quoted(wish, ofWish[i] ?? [], pricers));
}

function typedOf(
  code: string,
  found: FoundCode = { kind: 'NONE', refusal: refusal('CODE_NOT_FOUND', { code }) },
): Typed {
  if (found.kind === 'NONE') return { code, found, policyId: null };
  return { code, found, policyId: found.kind === 'UNIQUE' ? found.stored.policyId : found.policyId };
}

function quoted(wish: CodeWish, typed: readonly Typed[], pricers: ReadonlyMap<string, Pricer>): WishedCoupons {
  const known: QuotedCoupon[] = [];
  const unknown: WishedCoupons['unknown'][number][] = [];
  for (const { code, found, policyId } of typed) {
    const pricer = policyId === null ? undefined : pricers.get(policyId);
    if (found.kind === 'NONE') {
      const { code: reason, data } = found.refusal;
      unknown.push({ couponId: null, code, reason, data });
    } else if (pricer) {
      const isRedeemed = found.kind === 'UNIQUE' && found.stored.couponId !== null;
      const no = isRedeemed ? refusal('CODE_ALREADY_REDEEMED', { code }) : pricer.unusable(wish);
      known.push({ couponId: null, code, policy: pricer.policy, ...(no && { unusable: no }) });
    }
  }
  return { known, unknown };
}

/** What a code of one policy would be worth: the newest terms, and whether a coupon could be had for it. */
interface Pricer {
  readonly policy: PolicyVersion;
  unusable(wish: CodeWish): Refusal | null;
}

async function pricersOf(
  stores: QuoteStores,
  tx: Transaction,
  wishes: readonly CodeWish[],
  typed: readonly (readonly Typed[])[],
): Promise<ReadonlyMap<string, Pricer>> {
  const wished = wishes.flatMap(({ userId }, i) =>
    (typed[i] ?? []).flatMap(({ policyId }) => (policyId === null ? [] : [{ policyId, userId }])),
  );
  const policyIds = [...new Set(wished.map(({ policyId }) => policyId))];
  const pricers = new Map<string, Pricer>();
  if (policyIds.length === 0) return pricers;
  const [policies, had] = await Promise.all([stores.policies.load(tx, policyIds), heldBefore(stores, tx, wished)]);
  for (const policyId of policyIds) {
    const state = policies.get(policyId)?.state;
    if (!state || state.status === 'NONE') throw new Error(`policy ${policyId} of a stored code is gone`);
    const { status, version, terms } = state;
    const { total } = terms.limits;
    const isSoldOut = total !== null && (await stores.queries.issued(policyId)) >= total;
    const unusable = ({ userId, at }: CodeWish) => {
      const closed = issueClosed({ status, version, terms, at }, 'CODE');
      if (closed) return closed;
      const { perUser } = terms.limits;
      if (perUser !== null && (had.get(heldKey({ policyId, userId })) ?? 0) >= perUser)
        return refusal('COUPON_ALREADY_ISSUED', { perUser });
      const { from, expiresAt } = validityOf(terms, at);
      if (from > at) return refusal('COUPON_NOT_YET_VALID', { validFrom: from });
      if (expiresAt !== null && expiresAt <= at) return refusal('COUPON_EXPIRED', { expiresAt });
      return isSoldOut ? refusal('COUPON_SOLD_OUT', { total }) : null;
    };
    pricers.set(policyId, { policy: { policyId, version, terms } as PolicyVersion, unusable });
  }
  return pricers;
}
