import { Field, ListOf, Nested, NestedList } from './fields.js';
import { amount, callerId, count, judgedWhole, oneOf, percent } from './kinds.js';

const optional = { optional: true };
const MOST_IDS = 10_000;
const types = ['PERCENTAGE', 'FIXED_AMOUNT', 'TIERED', 'BUY_X_GET_Y', 'FREE_SHIPPING'] as const;

class RoundingDto {
  @Field(oneOf('HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN'), optional) readonly mode?: string | null;
  @Field(judgedWhole(1, 1_000_000), {
    ...optional,
    description: 'Minor units: 10 cuts to 10 won.',
  })
  readonly unit?: number | null;
}

class TierDto {
  @Field(judgedWhole(0)) readonly from!: number;
  @Field(amount, optional) readonly amount?: number | null;
  @Field(percent, optional) readonly percent?: string | null;
}

/** Any discount: what they have in common is that `type` tells the rest. */
export class DiscountDto {
  @Field(oneOf(...types)) readonly type!: string;
}

class PercentageDto extends DiscountDto {
  @Field(oneOf('PERCENTAGE')) declare readonly type: 'PERCENTAGE';
  @Field(percent) readonly percent!: string;
  @Field(amount, optional) readonly maxAmount?: number | null;
  @Nested(RoundingDto, optional) readonly rounding?: RoundingDto | null;
  @Field(count, optional) readonly everyNthUnit?: number | null;
  @Field(count, optional) readonly groupSize?: number | null;
  @Field(count, optional) readonly maxUnits?: number | null;
  @Field(oneOf('ORDER', 'LINE'), optional) readonly maxUnitsPer?: string | null;
}

class FixedAmountDto extends DiscountDto {
  @Field(oneOf('FIXED_AMOUNT')) declare readonly type: 'FIXED_AMOUNT';
  @Field(amount) readonly amount!: number;
  @Field(oneOf('ACROSS', 'EACH'), optional) readonly allocation?: string | null;
  @Field(count, optional) readonly everyNthUnit?: number | null;
  @Field(count, optional) readonly groupSize?: number | null;
  @Field(count, optional) readonly maxUnits?: number | null;
  @Field(oneOf('ORDER', 'LINE'), optional) readonly maxUnitsPer?: string | null;
}

class TieredDto extends DiscountDto {
  @Field(oneOf('TIERED')) declare readonly type: 'TIERED';
  @NestedList(TierDto, 1000, { minItems: 1 }) readonly tiers!: readonly TierDto[];
  @Field(amount, optional) readonly maxAmount?: number | null;
  @Nested(RoundingDto, optional) readonly rounding?: RoundingDto | null;
}

class BuyXGetYDto extends DiscountDto {
  @Field(oneOf('BUY_X_GET_Y')) declare readonly type: 'BUY_X_GET_Y';
  @Field(count) readonly buyQuantity!: number;
  @Field(count) readonly getQuantity!: number;
  @Field(percent, optional) readonly percentOff?: string | null;
  @ListOf(callerId, MOST_IDS, optional) readonly products?: readonly string[] | null;
  @ListOf(callerId, MOST_IDS, optional) readonly getProducts?: readonly string[] | null;
  @ListOf(callerId, MOST_IDS, optional) readonly getCategories?: readonly string[] | null;
  @Field(oneOf('CHEAPEST', 'DEAREST'), optional) readonly getOrder?: string | null;
  @Field(amount, optional) readonly maxAmount?: number | null;
  @Nested(RoundingDto, optional) readonly rounding?: RoundingDto | null;
}

class FreeShippingDto extends DiscountDto {
  @Field(oneOf('FREE_SHIPPING')) declare readonly type: 'FREE_SHIPPING';
  @Field(amount, optional) readonly maxAmount?: number | null;
}

export const discountClasses = {
  PERCENTAGE: PercentageDto,
  FIXED_AMOUNT: FixedAmountDto,
  TIERED: TieredDto,
  BUY_X_GET_Y: BuyXGetYDto,
  FREE_SHIPPING: FreeShippingDto,
} as const satisfies Record<(typeof types)[number], unknown>;
