import { CartDto } from './cart-dto.js';
import { Field, ListOf, Nested } from './fields.js';
import { anyCouponId, callerId, currency, flag, text, uuid, whole } from './kinds.js';

const optional = { optional: true };
const forOthers = {
  optional: true,
  description: 'Whose coupon; service and operator may name anybody, others only themselves.',
};

/** Every call that one makes for oneself, and a service for others. */
class Personal {
  @Field(callerId, forOthers) readonly userId?: string | null;
}

export class IssueDto extends Personal {
  @Field(uuid) readonly policyId!: string;
}

export class RedeemDto extends Personal {
  @Field(text(1, 200), { description: 'As the user typed it; case, spaces and hyphens do not matter.' })
  readonly code!: string;
}

export class EventDto {
  @Field(uuid) readonly policyId!: string;
  @Field(callerId) readonly userId!: string;
  @Field(callerId, { description: 'The id of the business event: the same again gets the same coupon.' })
  readonly cause!: string;
}

export class MoneyDto {
  @Field(whole(0), { description: 'Minor units.' }) readonly amount!: number;
  @Field(currency) readonly currency!: string;
}

/** The discount is worked out from the amount of the order or from its cart: exactly one of the two. */
export class UseDto extends Personal {
  @Nested(MoneyDto, optional) readonly orderAmount?: MoneyDto | null;
  @Nested(CartDto, optional) readonly cart?: CartDto | null;
  @Field(callerId) readonly orderNumber!: string;
}

export class ReserveDto extends UseDto {
  @Field(callerId) readonly reservationId!: string;
  @Field(uuid) readonly couponId!: string;
  @Field(whole(1, 86_400), { ...optional, default: 900 }) readonly ttlSeconds?: number | null;
}

/** Has its field of its own: the document tells nothing of a class that only inherits. */
export class EndReservationDto {
  @Field(callerId, forOthers) readonly userId?: string | null;
}

export class ReasonDto extends Personal {
  @Field(text(0, 500), optional) readonly reason?: string | null;
}

export class QuoteDto extends Personal {
  @Nested(CartDto) readonly cart!: CartDto;
  @ListOf(anyCouponId, 200, optional) readonly couponIds?: readonly string[] | null;
  @ListOf(text(0, 200), 200, optional) readonly codes?: readonly string[] | null;
  @Field(whole(0), { ...optional, default: 0 }) readonly points?: number | null;
}

export class CodesDto {
  @Field(whole(1, 10_000_000)) readonly count!: number;
  @Field(whole(1, 64), { ...optional, description: 'Random characters; or `pattern`.' }) readonly length?:
    | number
    | null;
  @Field(text(1, 64), { ...optional, description: 'Every # is a random character; there is one at least.' })
  readonly pattern?: string | null;
  @Field(text(2, 256), { ...optional, description: '2 to 64 different letters or digits.' }) readonly charset?:
    | string
    | null;
  @Field(text(0, 64), optional) readonly prefix?: string | null;
  @Field(text(0, 64), optional) readonly suffix?: string | null;
  @Field(flag, { ...optional, default: true }) readonly checkDigit?: boolean | null;
}
