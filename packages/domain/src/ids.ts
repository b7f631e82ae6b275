declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUIDv7 of a coupon policy. */
export type PolicyId = Branded<'PolicyId'>;
/** UUIDv7 of a coupon. */
export type CouponId = Branded<'CouponId'>;
/** The caller's own key of a reservation, unique in the shop. */
export type ReservationId = Branded<'ReservationId'>;
/** UUIDv7 of an earning or a spending of points. */
export type PointId = Branded<'PointId'>;
/** The shop's name of a user, as in the `sub` claim of a token. */
export type UserId = Branded<'UserId'>;
/** The shop's name of a product. */
export type ProductId = Branded<'ProductId'>;
/** The shop's name of an option of a product, unique within it. */
export type OptionId = Branded<'OptionId'>;
/** The caller's own key of a hold on stock, unique in the shop. */
export type StockHoldId = Branded<'StockHoldId'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const callerId = /^[A-Za-z0-9._:-]{1,64}$/;

/** Whether `text` is a lower-case UUID, the form of the ids that the service makes. */
export const isUuid = (text: string): boolean => uuid.test(text);
/** Whether `text` is 1–64 of `A-Z a-z 0-9 . _ : -`, the form of the ids that callers name. */
export const isCallerId = (text: string): boolean => callerId.test(text);
