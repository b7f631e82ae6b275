import {
  type Campaign,
  type CouponId,
  decideIssue,
  normaliseCode,
  type PolicyStatus,
  type PolicyVersion,
  type QuotedCoupon,
  type Refusal,
  refusal,
  type UserId,
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

/** Prices codes that are not redeemed yet, of all wishes in a few look-ups. */
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
  const wanted = new Map<string, Wanted>();
  for (const { code, found, policyId } of typed) {
    const pricer = policyId === null ? undefined : pricers.get(policyId);
    if (found.kind === 'NONE') {
      const { code: reason, data } = found.refusal;
      unknown.push({ couponId: null, code, reason, data });
    } else if (pricer) {
      const isRedeemed = found.kind === 'UNIQUE' && found.stored.couponId !== null;
      const before = wanted.get(pricer.policy.policyId) ?? pricer.begin(wish);
      const { no, after } = isRedeemed
        ? { no: refusal('CODE_ALREADY_REDEEMED', { code }), after: before }
        : pricer.judge(wish, before);
      wanted.set(pricer.policy.policyId, after);
      known.push({ couponId: null, code, policy: pricer.policy, ...(no && { unusable: no }) });
    }
  }
  return { known, unknown };
}

/** What there is of a policy, as the codes before in the same wish would leave it. */
interface Wanted {
  readonly campaign: Campaign;
  readonly held: number;
}

/** What codes of one policy would be worth: the newest terms, and whether a coupon could be had for each. */
interface Pricer {
  readonly policy: PolicyVersion;
  begin(wish: CodeWish): Wanted;
  /** Decides as redeeming it would, and leaves what is left to the next code. */
  judge(wish: CodeWish, before: Wanted): { readonly no: Refusal | null; readonly after: Wanted };
}

const nobodys = { way: 'CODE', code: null, cause: null, couponId: '' as CouponId } as const;

function pricerOf(policy: PolicyVersion, status: PolicyStatus, campaign: Campaign, heldBy: (userId: string) => number) {
  const judge: Pricer['judge'] = ({ userId, at }, before) => {
    const wish = { ...nobodys, userId: userId as UserId };
    const decision = decideIssue(before.campaign, { ...policy, status, at }, wish, before.held);
    if (!decision.accepted) return { no: decision.refusal, after: before };
    const { validFrom, expiresAt } = decision.facts;
    if (validFrom > at) return { no: refusal('COUPON_NOT_YET_VALID', { validFrom }), after: before };
    if (expiresAt !== null && expiresAt <= at) return { no: refusal('COUPON_EXPIRED', { expiresAt }), after: before };
    return { no: null, after: { campaign: decision.campaign, held: before.held + 1 } };
  };
  return { policy, begin: ({ userId }: CodeWish) => ({ campaign, held: heldBy(userId) }), judge };
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
  if (policyIds.length === 0) return new Map();
  const [policies, campaigns, had] = await Promise.all([
    stores.policies.load(tx, policyIds),
    stores.campaigns.load(tx, policyIds),
    heldBefore(stores, tx, wished),
  ]);
  return new Map(
    policyIds.map((policyId): [string, Pricer] => {
      const state = policies.get(policyId)?.state;
      const campaign = campaigns.get(policyId);
      if (!campaign || !state || state.status === 'NONE')
        throw new Error(`policy ${policyId} of a stored code is gone`);
      const { status, version, terms } = state;
      const heldBy = (userId: string) => had.get(heldKey({ policyId, userId })) ?? 0;
      return [policyId, pricerOf({ policyId: campaign.policyId, version, terms }, status, campaign, heldBy)];
    }),
  );
}
