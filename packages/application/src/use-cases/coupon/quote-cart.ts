import {
  type Cart,
  type Coupon,
  issueClosed,
  type PolicyVersion,
  type Quote,
  type QuotedCoupon,
  quote,
  type Refusal,
  refusal,
  settle,
  spendRefusal,
  validityOf,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import { findCodes } from './redeem-code.js';

export interface QuoteInput {
  readonly userId: string;
  /** `at` null = now, by the time of the store. */
  readonly cart: Omit<Cart, 'at'> & { readonly at: number | null };
  readonly couponIds: readonly string[];
  readonly codes: readonly string[];
  /** Points offered, minor units. */
  readonly points: number;
}

type Stores = Pick<Adapters, 'unitOfWork' | 'clock' | 'coupons' | 'policies' | 'codes' | 'queries'>;

interface Unknown {
  readonly couponId: string | null;
  readonly code: string | null;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the cart costs with these coupons and codes. Binds nobody; what can't be used is told, and fails nothing. */
export const quoteCart =
  (stores: Stores) =>
  (input: QuoteInput): Promise<Quote> =>
    stores.unitOfWork.run(async tx => {
      const cart: Cart = { ...input.cart, at: input.cart.at ?? (await stores.clock.now(tx)) };
      const coupons = await quotedCoupons(stores, tx, input, cart.at);
      const codes = await quotedCodes(stores, tx, input, cart.at);
      const priced = quote(cart, [...coupons.known, ...codes.known], { points: input.points });
      return { ...priced, refused: [...priced.refused, ...coupons.unknown, ...codes.unknown] };
    });

async function quotedCoupons(stores: Stores, tx: Transaction, { userId, couponIds }: QuoteInput, at: number) {
  const ids = [...new Set(couponIds)];
  const loaded = ids.length > 0 ? await stores.coupons.load(tx, ids) : new Map();
  const states = ids.map(id => [id, (loaded.get(id)?.state ?? { status: 'NONE' }) as Coupon] as const);
  const own = states.flatMap(([id, state]) =>
    state.status !== 'NONE' && state.facts.userId === userId ? [{ id, state, facts: state.facts }] : [],
  );
  const versions = await stores.policies.versions(
    tx,
    own.map(({ facts }) => ({ policyId: facts.policyId, version: facts.policyVersion })),
  );
  const known = own.map(({ id, state, facts }, i): QuotedCoupon => {
    const unusable = unusableFor(state, at);
    return { couponId: id, code: facts.code, policy: versions[i] as PolicyVersion, ...(unusable && { unusable }) };
  });
  const unknown = ids
    .filter(id => !own.some(coupon => coupon.id === id))
    .map((couponId): Unknown => ({ couponId, code: null, reason: 'COUPON_NOT_FOUND', data: { couponId } }));
  return { known, unknown };
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

async function quotedCodes(stores: Stores, tx: Transaction, { userId, codes }: QuoteInput, at: number) {
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
async function codeOf(stores: Stores, tx: Transaction, policyId: string, userId: string, at: number) {
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
