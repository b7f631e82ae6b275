/** What a refusal code means, and what each field of its data is. */
export interface RefusalMeaning {
  readonly meaning: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Every reason why a cart does not get the discount of a coupon. Amounts are minor units of the cart's currency. */
export const pricingRefusals = {
  CURRENCY_MISMATCH: {
    meaning: 'The coupon is for another currency.',
    data: { expected: 'currency of the policy', actual: 'currency of the cart' },
  },
  CHANNEL_NOT_ALLOWED: {
    meaning: 'The policy is not for this sales channel.',
    data: { channel: 'of the cart, or null', include: 'channels allowed, empty = all', exclude: 'channels left out' },
  },
  SEGMENT_NOT_ALLOWED: {
    meaning: 'The policy is not for this customer segment.',
    data: { segments: 'of the cart', include: 'segments allowed, empty = all', exclude: 'segments left out' },
  },
  FIRST_ORDER_ONLY: {
    meaning: 'The policy is for first orders only.',
    data: { firstOrder: 'what the cart says: false' },
  },
  WEEKDAY_NOT_ALLOWED: {
    meaning: 'The policy does not count on this weekday.',
    data: { weekday: 'of the cart, local', weekdays: 'days that count', timeZone: 'of the policy' },
  },
  HOUR_NOT_ALLOWED: {
    meaning: 'The policy does not count at this hour.',
    data: { time: 'of the cart, local HH:MM', from: 'HH:MM', until: 'HH:MM, exclusive', timeZone: 'of the policy' },
  },
  REQUIRED_ITEM_MISSING: {
    meaning: 'The cart lacks a product or category that the policy asks for.',
    data: { products: 'ids that are missing', categories: 'ids that are missing' },
  },
  NO_ELIGIBLE_LINES: {
    meaning: 'No line of the cart is one that the policy discounts.',
    data: { products: 'selection', categories: 'selection', excludeSaleItems: 'whether sale items are left out' },
  },
  MINIMUM_QUANTITY_NOT_MET: {
    meaning: 'There are fewer eligible units than the policy asks for.',
    data: { minimum: 'units', actual: 'eligible units', missing: 'units' },
  },
  MINIMUM_ORDER_NOT_MET: {
    meaning: 'The eligible lines are worth less than the policy asks for, or than its lowest tier.',
    data: {
      minimum: 'amount',
      actual: 'amount',
      missing: 'amount',
      comparison: 'GT = more than the minimum, GTE = the minimum or more',
      base: 'INITIAL = gross of the eligible lines, REMAINING = their nets when the turn of this coupon came',
    },
  },
  BUY_QUANTITY_NOT_MET: {
    meaning: 'There are fewer units than one has to buy.',
    data: { buyQuantity: 'units', getQuantity: 'units', actual: 'units on the buy side', missing: 'units' },
  },
  GET_QUANTITY_NOT_MET: {
    meaning: 'Enough is bought, but the units that one would get cheaper are not all in the cart.',
    data: { buyQuantity: 'units', getQuantity: 'units', actual: 'units on the get side', missing: 'units' },
  },
  NO_EFFECT: {
    meaning: 'The coupon would take nothing off, so it is not spent.',
    data: { left: 'the most that could be taken off', wanted: 'what the discount comes to' },
  },
  EXCLUSIVE_COUPON_APPLIED: {
    meaning: 'A coupon that stands alone was applied.',
    data: { policyId: 'of the applied coupon', couponId: 'of the applied coupon, or null' },
  },
  GROUP_TAKEN: {
    meaning: 'Another coupon of the same group was applied.',
    data: { group: 'name', policyId: 'of the applied coupon', couponId: 'of the applied coupon, or null' },
  },
} as const satisfies Readonly<Record<string, RefusalMeaning>>;

export type PricingRefusalCode = keyof typeof pricingRefusals;
