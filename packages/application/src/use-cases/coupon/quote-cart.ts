import { type Cart, type Quote, quote } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { namedCoupons, type QuoteStores, wishedCoupons } from './wished-coupons.js';

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
    const { cart, coupons } = await stores.unitOfWork.run(async tx => {
      const at = input.cart.at ?? (await stores.clock.now(tx));
      const wishes = [{ ...input, at }];
      const [coupons] = await wishedCoupons(stores, tx, wishes, await namedCoupons(stores, tx, wishes));
      return { cart: { ...input.cart, at }, coupons };
    });
    const priced = quote(cart, coupons?.known ?? [], { points: input.points });
    return { ...priced, refused: [...priced.refused, ...(coupons?.unknown ?? [])] };
  };
