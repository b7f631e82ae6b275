import { type Cart, type Quote, type QuotedCoupon, quote } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import {
  type NamedCoupons,
  namedCoupons,
  type QuoteStores,
  type WishedCoupons,
  wishedCoupons,
} from './wished-coupons.js';

export interface QuoteInput {
  readonly userId: string;
  /** `at` null = now, by the time of the store. */
  readonly cart: Omit<Cart, 'at'> & { readonly at: number | null };
  readonly couponIds: readonly string[];
  readonly codes: readonly string[];
  /** Points offered, minor units. */
  readonly points: number;
}

type Stores = QuoteStores & Pick<Adapters, 'unitOfWork' | 'clock'>;

/** What the cart costs with these coupons and codes. Binds nobody; what can't be used is told, and fails nothing. */
export const quoteCart =
  (stores: Stores) =>
  async (input: QuoteInput): Promise<Quote> => {
    const { cart, known, unknown } = await stores.unitOfWork.run(async tx => {
      const at = input.cart.at ?? (await stores.clock.now(tx));
      const wishes = [{ ...input, at }];
      const named = await namedCoupons(stores, tx, wishes);
      const [{ known, unknown } = nothing] = await wishedCoupons(stores, tx, wishes, named);
      return { cart: { ...input.cart, at }, known: await withBudgets(stores, tx, known, named), unknown };
    });
    const priced = quote(cart, known, { points: input.points });
    return { ...priced, refused: [...priced.refused, ...unknown] };
  };

const nothing: WishedCoupons = { known: [], unknown: [] };

/** With the money budgets of now, and what the coupons hold of them already. */
async function withBudgets(
  { campaigns }: Stores,
  tx: Transaction,
  known: readonly QuotedCoupon[],
  named: NamedCoupons,
): Promise<readonly QuotedCoupon[]> {
  const isBudgeted = ({ policy }: QuotedCoupon) => policy.terms.limits.budget !== null;
  const policyIds = new Set(known.filter(isBudgeted).map(({ policy }) => policy.policyId));
  if (policyIds.size === 0) return known;
  const figuresOf = await campaigns.load(tx, [...policyIds]);
  return known.map(coupon => {
    const budget = isBudgeted(coupon) && figuresOf.get(coupon.policy.policyId);
    if (!budget) return coupon;
    const state = coupon.couponId === null ? undefined : named.get(coupon.couponId)?.state;
    return { ...coupon, budget, ...(state?.status === 'RESERVED' && { holds: state.hold.discount }) };
  });
}
