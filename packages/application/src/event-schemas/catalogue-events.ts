import type { CartOption, ProductEvent, ProductOption, ProductTerms, ShoppingCartEvent, StockEvent } from '@org/domain';
import type { Described, SchemasOf } from './description.js';
import {
  amountOf,
  at,
  callersOrderNumber,
  categoryIds,
  holdOf,
  instantOf,
  money,
  optionId,
  productId,
  quantity,
  userId,
} from './fields.js';
import {
  about,
  type FieldSchemas,
  flag,
  type JsonSchema,
  listOf,
  named,
  nullable,
  object,
  oneOf,
  schemaWords,
  text,
  whole,
} from './json-schema.js';

type Fields = Readonly<Record<string, JsonSchema>>;

const option: FieldSchemas<ProductOption> = {
  optionId,
  price: money,
  minimumUnitPrice: amountOf('No unit is sold below it', 0),
  onSale: flag,
  lowStockAt: nullable(about(whole(0), 'When what is free falls to it, an event tells; null = never.', 5)),
};
const terms: FieldSchemas<ProductTerms> = {
  name: about(text, 'For people.', 'A mug'),
  kind: oneOf('GOODS', 'EBOOK'),
  categoryIds,
  options: listOf(named('ProductOption', option)),
};

const product = (meaning: string, fields: SchemasOf<ProductEvent, 'ProductListed'>) => ({
  meaning,
  key: 'productId',
  schema: object({ productId, ...fields }),
});
const listed = { terms: named('ProductTerms', terms), at };

export const productEventDescriptions: Described<ProductEvent> = {
  ProductListed: product('A product is in the catalogue.', listed),
  ProductChanged: product('The catalogue says something else of a product.', listed),
};

type StockSchemas<Type> = SchemasOf<StockEvent, Type>;

const holdId = holdOf('stock', 'The hold');
const free = about(whole(0), 'Units that can be held now.', 8);
const set: StockSchemas<'StockSet'> = { free, at };
const adjusted: StockSchemas<'StockAdjusted'> = {
  delta: about(whole(), 'Units that were added, or taken if it is negative.', -2),
  free,
  at,
};
const held: StockSchemas<'StockHeld'> = {
  holdId,
  orderNumber: callersOrderNumber,
  quantity,
  until: instantOf('When the hold ends unless it was posted.', '2026-11-21T02:00:00.000Z'),
  at,
};
const ended: StockSchemas<'StockHoldPosted'> = { holdId, quantity, at };
const returned: StockSchemas<'StockReturned'> = {
  holdId,
  returnId: about(schemaWords.callerId, 'The return.', '0193f2a9-5e0f-7f61-a2c8-3b9d1e7f4c05'),
  quantity,
  at,
};
const low: StockSchemas<'StockLow'> = { free, lowStockAt: about(whole(0), 'The threshold of the option.', 8), at };

const stock = (meaning: string, fields: Fields) => ({
  meaning,
  key: 'productId',
  schema: object({ productId, optionId, ...fields }),
});

export const stockEventDescriptions: Described<StockEvent> = {
  StockSet: stock('Somebody counted what is free.', set),
  StockAdjusted: stock('Units were added to what is free, or taken.', adjusted),
  StockHeld: stock('Units are held for an order.', held),
  StockHoldPosted: stock('Held units are sold.', ended),
  StockHoldVoided: stock('A hold on units was given up; they are free.', ended),
  StockHoldExpired: stock('A hold on units ended by time; they are free.', ended),
  StockReturned: stock('Sold units came back and are free.', returned),
  StockLow: stock('What is free has just fallen to the threshold or below.', low),
};

const ofAnOption: FieldSchemas<CartOption> = { productId, optionId };
const item = named('CartItem', ofAnOption);
const added: SchemasOf<ShoppingCartEvent, 'CartItemAdded'> = { productId, optionId, quantity, at };
const changed: SchemasOf<ShoppingCartEvent, 'CartItemChanged'> = { from: item, to: item, quantity, at };
const removed: SchemasOf<ShoppingCartEvent, 'CartItemsRemoved'> = { items: listOf(item), at };
const cleared: SchemasOf<ShoppingCartEvent, 'CartCleared'> = { at };

const cart = (meaning: string, fields: Fields) => ({ meaning, key: 'userId', schema: object({ userId, ...fields }) });

export const cartEventDescriptions: Described<ShoppingCartEvent> = {
  CartItemAdded: cart('A user put something into the cart; `quantity` is how many were added.', added),
  CartItemChanged: cart(
    'Option or quantity of something in the cart changed: by the user, or by an order from the cart that took only some of it.',
    changed,
  ),
  CartItemsRemoved: cart('Something left the cart.', removed),
  CartCleared: cart('A cart was emptied.', cleared),
};
