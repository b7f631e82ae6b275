import { Field, ListOf, Nested, NestedList } from './fields.js';
import { callerId, decimal, oneOf, whole } from './kinds.js';

const integer = whole(Number.MIN_SAFE_INTEGER);
const optional = { optional: true };
const MOST_IDS = 10_000;
const types = ['PERCENTAGE', 'FIXED_AMOUNT', 'TIERED', 'BUY_X_GET_Y', 'FREE_SHIPPING'] as const;

class RoundingDto {
  @Field(oneOf('HALF_UP', 'HALF_EVEN', 'HALF_DOWN', 'UP', 'DOWN'), optional) readonly mode?: string | null;
  @Field(integer, { ...optional, description: 'Minor units, 1 to 1,000,000: 10 cuts to 10 won.' }) readonly unit?:
    | number
    | null;
}

class TierDto {
  @Field(integer) readonly from!: number;
  @Field(integer, optional) readonly amount?: number | null;
  @Field(decimal, optional) readonly percent?: string | null;
}

/** Any discount: what they have in common is that `type` tells the rest. */
export class DiscountDto {
  @Field(oneOf(...types)) readonly type!: string;
}

class PercentageDto extends DiscountDto {
  @Field(decimal) readonly percent!: string;
  @Field(integer, optional) readonly maxAmount?: number | null;
  @Nested(RoundingDto, optional) readonly rounding?: RoundingDto | null;
  @Field(integer, optional) readonly everyNthUnit?: number | null;
  @Field(integer, optional) readonly groupSize?: number | null;
  @Field(integer, optional) readonly maxUnits?: number | null;
  @Field(oneOf('ORDER', 'LINE'), optional) readonly maxUnitsPer?: string | null;
}

class FixedAmountDto extends DiscountDto {
  @Field(integer) readonly amount!: number;
  @Field(oneOf('ACROSS', 'EACH'), optional) readonly allocation?: string | null;
  @Field(integer, optional) readonly everyNthUnit?: number | null;
  @Field(integer, optional) readonly groupSize?: number | null;
  @Field(integer, optional) readonly maxUnits?: number | null;
  @Field(oneOf('ORDER', 'LINE'), optional) readonly maxUnitsPer?: string | null;
}

class TieredDto extends DiscountDto {
  @NestedList(TierDto, 1000) readonly tiers!: readonly TierDto[];
  @Field(integer, optional) readonly maxAmount?: number | null;
  @Nested(RoundingDto, optional) readonly rounding?: RoundingDto | null;
}

class BuyXGetYDto extends DiscountDto {
  @Field(integer) readonly buyQuantity!: number;
  @Field(integer) readonly getQuantity!: number;
  @Field(decimal, optional) readonly percentOff?: string | null;
  @ListOf(callerId, MOST_IDS, optional) readonly products?: readonly string[] | null;
  @ListOf(callerId, MOST_IDS, optional) readonly getProducts?: readonly string[] | null;
  @ListOf(callerId, MOST_IDS, optional) readonly getCategories?: readonly string[] | null;
  @Field(oneOf('CHEAPEST', 'DEAREST'), optional) readonly getOrder?: string | null;
  @Field(integer, optional) readonly maxAmount?: number | null;
  @Nested(RoundingDto, optional) readonly rounding?: RoundingDto | null;
}

class FreeShippingDto extends DiscountDto {
  @Field(integer, optional) readonly maxAmount?: number | null;
}

export const discountClasses = {
  PERCENTAGE: PercentageDto,
  FIXED_AMOUNT: FixedAmountDto,
  TIERED: TieredDto,
  BUY_X_GET_Y: BuyXGetYDto,
  FREE_SHIPPING: FreeShippingDto,
} as const satisfies Record<(typeof types)[number], unknown>;
