import { type Cart, type CartLine, checkCart, MAX_LINE_QUANTITY, parseInstant } from '@org/domain';
import { type Problem, unprocessable } from '../problem.js';
import { Field, ListOf, NestedList } from './fields.js';
import { callerId, currency, flag, instant, whole } from './kinds.js';

const optional = { optional: true };
const MOST_LINES = 1000;
/** An answer has a figure for every unit. */
const MOST_UNITS = 1_000_000;

class CartLineDto {
  @Field(callerId) readonly lineId!: string;
  @Field(callerId) readonly productId!: string;
  @ListOf(callerId, 100, optional) readonly categoryIds?: readonly string[] | null;
  @Field(whole(0), { description: 'Minor units of the currency of the cart.' }) readonly unitPrice!: number;
  @Field(whole(1, MAX_LINE_QUANTITY)) readonly quantity!: number;
  @Field(flag, { ...optional, default: false }) readonly onSale?: boolean | null;
  @Field(whole(0), { ...optional, default: 0 }) readonly minimumUnitPrice?: number | null;
}

export class CartDto {
  @Field(currency) readonly currency!: string;
  @NestedList(CartLineDto, MOST_LINES) readonly lines!: readonly CartLineDto[];
  @Field(whole(0), { ...optional, default: 0 }) readonly shipping?: number | null;
  @Field(callerId, optional) readonly channel?: string | null;
  @ListOf(callerId, 100, optional) readonly segments?: readonly string[] | null;
  @Field(flag, { ...optional, default: false }) readonly firstOrder?: boolean | null;
  @Field(instant, { ...optional, description: 'Default now.' }) readonly at?: string | null;
}

const lineOf = (line: CartLineDto): CartLine => ({
  lineId: line.lineId,
  productId: line.productId,
  categoryIds: line.categoryIds ?? [],
  unitPrice: line.unitPrice,
  quantity: line.quantity,
  onSale: line.onSale ?? false,
  minimumUnitPrice: line.minimumUnitPrice ?? 0,
});

export type TimedCart = Omit<Cart, 'at'> & { readonly at: number | null };

/** The cart with its defaults, `at` null = now; or what makes no sense in it. */
export function cartOf(dto: CartDto): TimedCart | Problem {
  const cart: TimedCart = {
    currency: dto.currency,
    lines: dto.lines.map(lineOf),
    shipping: dto.shipping ?? 0,
    channel: dto.channel ?? null,
    segments: dto.segments ?? [],
    firstOrder: dto.firstOrder ?? false,
    at: typeof dto.at === 'string' ? parseInstant(dto.at) : null,
  };
  const violations = checkCart({ ...cart, at: cart.at ?? 0 });
  const units = cart.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  if (violations.length === 0 && units > MOST_UNITS)
    violations.push({ field: 'lines', value: units, message: `must not have more than ${MOST_UNITS} units in all` });
  if (violations.length === 0) return cart;
  return unprocessable(...violations.map(violation => ({ ...violation, field: `cart.${violation.field}` })));
}
