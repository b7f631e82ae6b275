import type { ProductDraft } from '@org/domain';
import {
  HIGHEST_PRICE,
  MAX_LINE_QUANTITY,
  MOST_CART_LINES,
  MOST_CATEGORIES,
  MOST_OPTIONS,
  MOST_STOCK,
} from '@org/domain';
import { Field, ListOf, Nested, NestedList } from './fields.js';
import { callerId, currency, flag, judgedWhole, oneOf, text, whole } from './kinds.js';

const optional = { optional: true };

class PriceDto {
  @Field(judgedWhole(0, HIGHEST_PRICE), { description: 'Minor units.' }) readonly amount!: number;
  @Field(currency) readonly currency!: string;
}

class OptionDto {
  @Field(callerId) readonly optionId!: string;
  @Nested(PriceDto) readonly price!: PriceDto;
  @Field(judgedWhole(0, HIGHEST_PRICE), {
    ...optional,
    default: 0,
    description: 'Minor units: no unit is sold below it.',
  })
  readonly minimumUnitPrice?: number | null;
  @Field(flag, { ...optional, default: false }) readonly onSale?: boolean | null;
  @Field(whole(0, MOST_STOCK), { ...optional, description: 'Units: when what is free falls to it, an event tells.' })
  readonly lowStockAt?: number | null;
}

/** What the catalogue says of a product. */
export class ProductDto {
  @Field(text(1, 200)) readonly name!: string;
  @Field(oneOf('GOODS', 'EBOOK'), { ...optional, default: 'GOODS' }) readonly kind?: string | null;
  @ListOf(callerId, MOST_CATEGORIES, { ...optional, uniqueItems: true }) readonly categoryIds?:
    | readonly string[]
    | null;
  @NestedList(OptionDto, MOST_OPTIONS, { description: 'None = off sale.' }) readonly options!: readonly OptionDto[];
}

/** The draft for the domain, which checks all of it once more and says what makes no sense. */
export const productDraftOf = ({ name, kind, categoryIds, options }: ProductDto): ProductDraft =>
  ({ name, kind, categoryIds, options }) as ProductDraft;

export class StockDto {
  @Field(whole(0, MOST_STOCK), { description: 'What is free from now on.' }) readonly quantity!: number;
}

export class AdjustStockDto {
  @Field(whole(-MOST_STOCK, MOST_STOCK), { description: 'Units to add; negative = to take.' }) readonly delta!: number;
}

class CartOptionDto {
  @Field(callerId) readonly productId!: string;
  @Field(callerId) readonly optionId!: string;
}

const quantity = whole(1, MAX_LINE_QUANTITY);

export class AddToCartDto extends CartOptionDto {
  @Field(quantity) readonly quantity!: number;
}

/** What is left out stays as it was. */
export class ChangeCartDto {
  @Field(callerId, optional) readonly productId?: string | null;
  @Field(callerId, optional) readonly optionId?: string | null;
  @Field(quantity, optional) readonly quantity?: number | null;
}

export class RemoveFromCartDto {
  @NestedList(CartOptionDto, MOST_CART_LINES) readonly items!: readonly CartOptionDto[];
}
