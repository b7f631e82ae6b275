export interface PlannedRefund {
  readonly quantity: number;
  readonly restock: boolean;
}

/** What somebody orders, and what becomes of it by his own doing and that of the payment service. */
export interface OrderKind {
  readonly name: string;
  /** There are fewer lamps than are wanted. */
  readonly product: 'mug' | 'lamp';
  readonly quantity: number;
  readonly hasCoupon: boolean;
  readonly points: number;
  /** What the payment service tells, one after the other, the same twice as one event; null = paid elsewhere. */
  readonly payments: readonly ('COMPLETED' | 'FAILED' | 'CANCELLED')[] | null;
  readonly isCancelled: boolean;
  /** Sent twice at a time under one key: one order. */
  readonly isSentTwice: boolean;
  /** One after the other, once it is completed. */
  readonly refunds: readonly PlannedRefund[];
}

const plain = { product: 'mug', quantity: 2, hasCoupon: false, points: 0, payments: null } as const;
const nothing = { isCancelled: false, isSentTwice: false, refunds: [] } as const;
const both = { hasCoupon: true, points: 1_000 } as const;
const kind = (name: string, more: Partial<OrderKind>): OrderKind => ({ ...plain, ...nothing, ...more, name });
const back = (quantity: number, restock = true): PlannedRefund => ({ quantity, restock });

/** As many orders of each. */
export const orderKinds: readonly OrderKind[] = [
  kind('a coupon', { hasCoupon: true }),
  kind('points', { points: 1_500 }),
  kind('a coupon and points', both),
  kind('sent twice', { ...both, isSentTwice: true }),
  kind('paid', { payments: ['COMPLETED'] }),
  kind('a coupon and points, the rest paid, told twice', { ...both, payments: ['COMPLETED', 'COMPLETED'] }),
  kind('the payment fails', { ...both, payments: ['FAILED'] }),
  kind('the payment is cancelled', { points: 500, payments: ['CANCELLED'] }),
  kind('the payment fails, and comes after all', { hasCoupon: true, payments: ['FAILED', 'COMPLETED'] }),
  kind('cancelled by the shopper', { ...both, payments: [], isCancelled: true }),
  kind('of what runs out', { ...both, product: 'lamp' }),
  kind('of what runs out, paid at once', { product: 'lamp', payments: ['COMPLETED'] }),
  kind('refunded in part', { ...both, quantity: 3, payments: ['COMPLETED'], refunds: [back(1)] }),
  kind('refunded whole', { ...both, payments: ['COMPLETED'], refunds: [back(2)] }),
  kind('refunded piece by piece, one broken', { ...both, quantity: 3, refunds: [back(1), back(1, false), back(1)] }),
];

/** The kind of order `index`: each comes in turn. */
export const kindOf = (index: number): OrderKind => orderKinds[index % orderKinds.length] as OrderKind;
