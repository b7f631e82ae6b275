import { MAX_LINE_QUANTITY, MOST_CART_LINES } from '@org/domain';
import { fieldError, Problem, unprocessable } from '../problem.js';
import { MoneyDto } from './coupon-dto.js';
import { Field, ListOf, Nested, NestedList } from './fields.js';
import { anyCouponId, callerId, flag, instant, oneOf, text, whole } from './kinds.js';

const optional = { optional: true };
const MOST_COUPONS = 50;
const whose = { ...optional, description: 'Whose order it must be; null = anybody’s.' };

class OrderLineDto {
  @Field(callerId) readonly lineId!: string;
  @Field(callerId) readonly productId!: string;
  @Field(callerId) readonly optionId!: string;
  @Field(whole(1, MAX_LINE_QUANTITY)) readonly quantity!: number;
}

/** What prices are made of is looked up: the client says only what it wants (orders rule 2). */
export class CartOrderDto {
  @Field(callerId, {
    optional: true,
    description: 'Whose order; service and operator may name anybody, others only themselves.',
  })
  readonly userId?: string | null;
  @ListOf(anyCouponId, MOST_COUPONS, optional) readonly couponIds?: readonly string[] | null;
  @ListOf(text(1, 200), MOST_COUPONS, optional) readonly codes?: readonly string[] | null;
  @Field(whole(0), { ...optional, default: 0, description: 'Points offered; what is not due is not used.' })
  readonly points?: number | null;
  @Field(oneOf('NONE', 'EXTERNAL'), { ...optional, default: 'NONE', description: 'NONE = paid elsewhere.' })
  readonly payment?: string | null;
  @Field(callerId, optional) readonly channel?: string | null;
}

export class OrderDto extends CartOrderDto {
  @NestedList(OrderLineDto, MOST_CART_LINES, { minItems: 1 }) readonly lines!: readonly OrderLineDto[];
}

export class CancelOrderDto {
  @Field(callerId) readonly orderNumber!: string;
  @Field(text(0, 500), optional) readonly reason?: string | null;
}

class RefundLineDto {
  @Field(callerId) readonly lineId!: string;
  @Field(whole(1)) readonly quantity!: number;
}

export class RefundDto {
  @Field(callerId, whose) readonly userId?: string | null;
  @NestedList(RefundLineDto, MOST_CART_LINES, { minItems: 1 }) readonly lines!: readonly RefundLineDto[];
  @Field(text(0, 500), optional) readonly reason?: string | null;
  @Field(flag, { ...optional, default: true, description: 'Whether the units are free again.' })
  readonly restock?: boolean | null;
}

export class PaymentEventDto {
  @Field(callerId, whose) readonly userId?: string | null;
  @Field(callerId, { description: 'The same again changes nothing.' }) readonly eventId!: string;
  @Field(oneOf('COMPLETED', 'FAILED', 'CANCELLED')) readonly type!: string;
  @Field(callerId) readonly orderNumber!: string;
  @Field(callerId) readonly paymentId!: string;
  @Nested(MoneyDto) readonly amount!: MoneyDto;
  @Field(instant, { ...optional, description: 'By the clock of the payment service; it decides nothing.' })
  readonly occurredAt?: string | null;
}

const noLines = { field: 'lines', value: [], message: 'must have at least one entry' };

/** What is wrong with the lines of an order as such; null = nothing. */
export const flawOfLines = ({ lines }: Pick<OrderDto, 'lines'>): Problem | null =>
  lines.length === 0 ? new Problem('ORDER_EMPTY', { errors: [fieldError(noLines)] }) : null;

/** The same of a refund, which names every line once. */
export function flawOfRefund({ lines }: Pick<RefundDto, 'lines'>): Problem | null {
  if (lines.length === 0) return unprocessable(noLines);
  const twice = lines.flatMap(({ lineId }, i) =>
    lines.findIndex(line => line.lineId === lineId) < i
      ? [{ field: `lines[${i}].lineId`, value: lineId, message: 'is named before' }]
      : [],
  );
  return twice.length > 0 ? unprocessable(...twice) : null;
}
