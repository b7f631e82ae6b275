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
    meaning: 'The eligible lines are worth less than the policy asks for.',
    data: {
      minimum: 'amount',
      actual: 'amount',
      missing: 'amount',
      comparison: 'GT = more than the minimum, GTE = the minimum or more',
      base: 'INITIAL = gross of the eligible lines, REMAINING = their nets when the turn of this coupon came',
    },
  },
  NO_EFFECT: {
    meaning: 'The coupon would take nothing off, so it is not spent.',
    data: { cause: 'why: one of `noEffectCauses`, which says what else is in the data' },
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

/** Why a coupon has no effect; all but the first can be helped by buying more. */
export const noEffectCauses = {
  NOTHING_TO_TAKE: {
    meaning: 'The discount comes to nothing, or nothing is left to take it off.',
    data: { left: 'the most that could be taken off', wanted: 'what the discount comes to' },
  },
  TOO_FEW_UNITS: {
    meaning: 'There are fewer eligible units than the first one that the policy discounts, or than a group.',
    data: { minimum: 'units', actual: 'eligible units', missing: 'units' },
  },
  NO_TIER_REACHED: {
    meaning: 'The eligible lines are worth less than the lowest tier.',
    data: { minimum: 'amount of the lowest tier', actual: 'gross of the eligible lines', missing: 'amount' },
  },
  TOO_FEW_BOUGHT: {
    meaning: 'There are fewer units than one has to buy.',
    data: { buyQuantity: 'units', getQuantity: 'units', actual: 'units on the buy side', missing: 'units' },
  },
  TOO_FEW_TO_GET: {
    meaning: 'Enough is bought, but the units that one would get cheaper are not all in the cart.',
    data: { buyQuantity: 'units', getQuantity: 'units', actual: 'units on the get side', missing: 'units' },
  },
} as const satisfies Readonly<Record<string, RefusalMeaning>>;

export type NoEffectCause = keyof typeof noEffectCauses;
export type PricingRefusalCode = keyof typeof pricingRefusals;
