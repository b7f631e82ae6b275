import type { CouponRepository, Holder } from '../../ports/coupon-repository.js';
import type { Transaction } from '../../ports/unit-of-work.js';

export const heldKey = ({ policyId, userId }: Holder): string => `${policyId} ${userId}`;

/** How many coupons of the policy each of them has had, by `heldKey`. */
export async function heldBefore(
  { coupons }: { readonly coupons: Pick<CouponRepository, 'held'> },
  tx: Transaction,
  holders: readonly Holder[],
): Promise<Map<string, number>> {
  const distinct = new Map(holders.map(holder => [heldKey(holder), holder]));
  const counts = await coupons.held(tx, [...distinct.values()]);
  return new Map([...distinct.keys()].map((key, i) => [key, counts[i] ?? 0]));
}
