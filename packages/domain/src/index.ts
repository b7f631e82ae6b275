export { allocate, type Bearer, unitNets } from './allocation.js';
export type { Cart, CartLine } from './cart/cart.js';
export { checkCart, isLineQuantity, MAX_LINE_QUANTITY } from './cart/check-cart.js';
export * from './cart/priced-cart.js';
export * from './cart/shopping-cart.js';
export * from './catalogue/define-product.js';
export * from './catalogue/product.js';
export * from './coupon/campaign.js';
export { normaliseCode } from './coupon/code.js';
export { type KeyedFunction, permute } from './coupon/code-order.js';
export {
  type CodeSpace,
  type CodeSpec,
  capacityShort,
  checkCode,
  codeAt,
  codeSpace,
  DEFAULT_CHARSET,
} from './coupon/code-space.js';
export * from './coupon/coupon.js';
export { budgetChange, coupon, settle, spendRefusal } from './coupon/coupon-decider.js';
export * from './coupon/coupon-policy.js';
export { definePolicy, editViolations, type PolicyDraft } from './coupon/define-policy.js';
export type { PricingRefusal } from './coupon/eligibility.js';
export * from './coupon/policy.js';
export { LARGEST_COUNT } from './coupon/policy-rules/basic-readers.js';
export { checkQuote } from './coupon/pricing/check.js';
export type { Hint } from './coupon/pricing/hint.js';
export type {
  Allocation,
  Quote,
  QuotedCoupon,
  QuotedDiscount,
  QuotedLine,
  QuotedShipping,
  RefusedCoupon,
} from './coupon/pricing/quote.js';
export type { TraceStep } from './coupon/pricing/trace.js';
export {
  type CouponPrice,
  cartOfAmount,
  needsCart,
  priceOfCoupon,
  type QuoteOptions,
  quote,
} from './coupon/pricing.js';
export {
  type NoEffectCause,
  noEffectCauses,
  type PricingRefusalCode,
  pricingRefusals,
  type RefusalMeaning,
} from './coupon/refusal-codes.js';
export * from './coupon/reservation.js';
export { issuePeriodRefusal, validityOf } from './coupon/validity.js';
export { accept, type Decider, type Decision, refuse, type Transitions } from './decider.js';
export * from './ids.js';
export { formatMoney, type Money } from './money.js';
export * from './order/order.js';
export { order } from './order/order-decider.js';
export * from './order/payment.js';
export * from './order/refund.js';
export {
  balanceOf,
  entryOf,
  lotsLeft,
  type PointBalance,
  type PointEntry,
  type PointEntryType,
  remainingOf,
  shareOfRefund,
} from './points/balance.js';
export * from './points/ledger.js';
export * from './points/point-account.js';
export { points } from './points/point-decider.js';
export { settleAccount } from './points/settle-account.js';
export * from './refusal.js';
export { isWritable, parseInstant } from './rfc3339.js';
export * from './stock/stock.js';
export { stock } from './stock/stock-decider.js';
export * from './stock/stock-hold.js';
export {
  addLocalDays,
  endOfLocalDayAfter,
  FIRST_INSTANT,
  type Instant,
  isTimeZone,
  LAST_INSTANT,
  type LocalDate,
  localDay,
  nextLocalDay,
  startOfLocalDay,
} from './time.js';
export * from './user/account.js';
export { checkProfile, isEmail, normaliseEmail, normalisePassword, passwordViolations } from './user/credentials.js';
export * from './user/refresh-token.js';
export * from './user/session.js';
export * from './user/throttle.js';
