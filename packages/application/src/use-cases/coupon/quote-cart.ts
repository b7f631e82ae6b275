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

/** With the money budgets of now: what the coupons themselves hold of them is theirs to calculate with. */
async function withBudgets(
  { campaigns }: Stores,
  tx: Transaction,
  known: readonly QuotedCoupon[],
  named: NamedCoupons,
): Promise<readonly QuotedCoupon[]> {
  const budgeted = known.filter(({ policy }) => policy.terms.limits.budget !== null);
  if (budgeted.length === 0) return known;
  const figuresOf = new Map(await campaigns.load(tx, [...new Set(budgeted.map(({ policy }) => policy.policyId))]));
  for (const { couponId, policy } of budgeted) {
    const state = couponId === null ? undefined : named.get(couponId)?.state;
    const figures = figuresOf.get(policy.policyId);
    if (figures && state?.status === 'RESERVED')
      figuresOf.set(policy.policyId, { ...figures, budgetTaken: figures.budgetTaken - state.hold.discount });
  }
  return known.map(coupon => {
    const budget = budgeted.includes(coupon) && figuresOf.get(coupon.policy.policyId);
    return budget ? { ...coupon, budget } : coupon;
  });
}
