import type { ProductEvent, ShoppingCartEvent, StockEvent } from '@org/domain';
import { dataOf } from './events.js';
import type { NewEvent, Origin } from './ports/event-log.js';

/** Types on the wire of what happens to products, stock and shopping carts. */
export const catalogueEventTypes = {
  ProductListed: 'product.listed.v1',
  ProductChanged: 'product.changed.v1',
  StockSet: 'stock.set.v1',
  StockAdjusted: 'stock.adjusted.v1',
  StockHeld: 'stock.held.v1',
  StockHoldPosted: 'stock.hold-posted.v1',
  StockHoldVoided: 'stock.hold-voided.v1',
  StockHoldExpired: 'stock.hold-expired.v1',
  StockReturned: 'stock.returned.v1',
  StockLow: 'stock.low.v1',
  CartItemAdded: 'cart.item-added.v1',
  CartItemChanged: 'cart.item-changed.v1',
  CartItemsRemoved: 'cart.items-removed.v1',
  CartCleared: 'cart.cleared.v1',
} as const satisfies Record<(ProductEvent | StockEvent | ShoppingCartEvent)['type'], string>;

interface Happened {
  readonly expectedVersion: number;
  readonly events: readonly (ProductEvent | StockEvent | ShoppingCartEvent)[];
  /** One per event. */
  readonly origins: readonly Origin[];
}

/** Streams are named `<area>/<id>`: the shop's ids could be anybody else's too, but have no slash. */
const happened = (streamId: string, key: string, about: object, { expectedVersion, events, origins }: Happened) =>
  events.map(
    (event, i): NewEvent => ({
      streamId,
      streamVersion: expectedVersion + i + 1,
      type: catalogueEventTypes[event.type],
      data: { ...about, ...dataOf(event) },
      key,
      origin: origins[i] as Origin,
    }),
  );

export const productEvents = (productId: string, more: Happened): NewEvent[] =>
  happened(`product/${productId}`, productId, { productId }, more);

export const stockEvents = (productId: string, optionId: string, more: Happened): NewEvent[] =>
  happened(`stock/${productId}/${optionId}`, productId, { productId, optionId }, more);

export const cartEvents = (userId: string, more: Happened): NewEvent[] =>
  happened(`cart/${userId}`, userId, { userId }, more);
