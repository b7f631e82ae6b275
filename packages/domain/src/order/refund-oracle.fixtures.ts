import type { Cart } from '../cart/cart.js';

/** One coupon in words that need no engine: so much off, or a percentage, on some products, from some sum on. */
export interface SimpleCoupon {
  readonly off: { readonly won: number } | { readonly percent: number } | 'SHIPPING';
  readonly products: readonly string[];
  readonly from: number;
  readonly refund: 'NONE' | 'PROPORTIONAL' | 'THRESHOLD_CLAWBACK';
}

export interface ExpectedRefund {
  readonly amount: number;
  readonly pointsReturned: number;
}

type Counts = Readonly<Record<string, number>>;
const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/**
 * Refunds of an order with one coupon, worked out a second time: unit by unit, in whole fractions, without the
 * allocator, the quote or anything else of the real thing. Floors are no part of it.
 */
export class RefundOracle {
  private readonly meant: (productId: string) => boolean;
  private readonly discount: number;
  private readonly unitDiscounts: ReadonlyMap<string, readonly number[]>;

  constructor(
    private readonly cart: Cart,
    private readonly coupon: SimpleCoupon,
    /** What the order has borne by line; empty = nothing, or shipping. */
    borne: Counts,
    private readonly points: number,
  ) {
    this.meant = productId => coupon.products.length === 0 || coupon.products.includes(productId);
    this.discount = this.anew(Object.fromEntries(cart.lines.map(({ lineId, quantity }) => [lineId, quantity])));
    this.unitDiscounts = new Map(cart.lines.map(each => [each.lineId, byUnit(borne[each.lineId] ?? 0, each.quantity)]));
  }

  /** The refunds that these units come to, one after the other. */
  refunds(split: readonly Counts[]): ExpectedRefund[] {
    const left: Record<string, number> = {};
    for (const { lineId, quantity } of this.cart.lines) left[lineId] = quantity;
    const gross = total(this.cart.lines.map(({ unitPrice, quantity }) => unitPrice * quantity)) + this.cart.shipping;
    const whole = gross - this.discount;
    let [money, points] = [0, 0];
    return split.map(counts => {
      for (const [lineId, quantity] of Object.entries(counts)) left[lineId] = (left[lineId] ?? 0) - quantity;
      const isLast = Object.values(left).every(quantity => quantity === 0);
      const due = Math.max(money + points, isLast ? whole : whole - this.worth(left));
      // Points are the rounded-down part of all that has gone back so far.
      const pointsSoFar = whole === 0 ? 0 : Number((BigInt(this.points) * BigInt(due)) / BigInt(whole));
      const refund = { amount: due - pointsSoFar - money, pointsReturned: pointsSoFar - points };
      [money, points] = [due - pointsSoFar, pointsSoFar];
      return refund;
    });
  }

  private worth(left: Counts): number {
    const gross = total(this.cart.lines.map(({ lineId, unitPrice }) => unitPrice * (left[lineId] ?? 0)));
    return gross + this.cart.shipping - this.kept(left);
  }

  private kept(left: Counts): number {
    const { refund, off } = this.coupon;
    if (refund === 'THRESHOLD_CLAWBACK') return Math.min(this.discount, this.anew(left));
    if (off === 'SHIPPING') return this.discount;
    if (refund === 'PROPORTIONAL') {
      const before = this.eligible(Object.fromEntries(this.cart.lines.map(each => [each.lineId, each.quantity])));
      return before === 0 ? 0 : Number((BigInt(this.discount) * BigInt(this.eligible(left))) / BigInt(before));
    }
    return total(
      this.cart.lines.map(({ lineId, quantity }) =>
        total((this.unitDiscounts.get(lineId) ?? []).slice(quantity - (left[lineId] ?? 0))),
      ),
    );
  }

  private eligible(left: Counts): number {
    return total(
      this.cart.lines
        .filter(({ productId }) => this.meant(productId))
        .map(({ lineId, unitPrice }) => unitPrice * (left[lineId] ?? 0)),
    );
  }

  private anew(left: Counts): number {
    const { off, from } = this.coupon;
    const gross = this.eligible(left);
    const isAny = this.cart.lines.some(({ lineId, productId }) => this.meant(productId) && (left[lineId] ?? 0) > 0);
    if (gross < from || !isAny) return 0;
    if (off === 'SHIPPING') return this.cart.shipping;
    return 'won' in off ? Math.min(off.won, gross) : Math.floor((gross * off.percent + 50) / 100);
  }
}

/** The odd ones lie on the first units. */
function byUnit(discount: number, quantity: number): number[] {
  const units = new Array<number>(quantity).fill(0);
  for (let i = 0; i < discount; i++) units[i % quantity] = (units[i % quantity] ?? 0) + 1;
  return units;
}
