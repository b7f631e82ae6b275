import type { ProductDraft } from '@org/domain';
import { createCatalogue } from './catalogue.js';
import { inMemoryAdapters } from './memory/index.js';
import { accepted, origin, result, value } from './promotions.fixtures.js';
import type { CartInput } from './use-cases/cart/change-carts.js';

export const option = (optionId: string, amount = 12_000, lowStockAt: number | null = null) => ({
  optionId,
  price: { amount, currency: 'KRW' },
  lowStockAt,
});

/** A catalogue on in-memory adapters with a mug in blue and red, with verbs that read as sentences. */
export async function aCatalogue() {
  const adapters = inMemoryAdapters();
  const catalogue = createCatalogue(adapters);
  const mug = { productId: 'mug', optionId: 'blue' };

  const put = async (productId: string, draft: Partial<ProductDraft> = {}, expectedRevision: number | null = null) => {
    const full = { name: 'A mug', options: [option('blue'), option('red')], ...draft };
    return result(await catalogue.putProduct({ input: { productId, draft: full, expectedRevision, origin } }));
  };
  const setFree = async (
    quantity: number,
    more: { optionId?: string; expectedRevision?: number; productId?: string } = {},
  ) => {
    const { expectedRevision = null, ...which } = more;
    const input = { ...mug, ...which, change: 'SetFree', quantity, expectedRevision, origin } as const;
    return result(await catalogue.countStock({ input }));
  };
  const adjust = async (delta: number) =>
    result(await catalogue.countStock({ input: { ...mug, change: 'Adjust', delta, origin } }));
  const hold = async (
    holdId: string,
    quantity = 1,
    more: { optionId?: string; productId?: string; orderNumber?: string } = {},
  ) => {
    const input = { ...mug, orderNumber: 'order-1', ...more, holdId, quantity, ttlSeconds: 60, origin };
    return result(await catalogue.holdStock({ input }));
  };
  const end = async (kind: 'Post' | 'Void', holdId: string) =>
    result(await catalogue.endStockHold({ input: { holdId, end: kind, origin } }));
  const giveBack = async (holdId: string, returnId: string, quantity: number) =>
    result(await catalogue.returnStock({ input: { holdId, returnId, quantity, origin } }));
  const cart = async (change: CartInput['change'], userId = 'ann') =>
    result(await catalogue.changeCart({ input: { userId, change, origin } }));
  /** `free/held/sold`. */
  const stock = async (optionId = 'blue', productId = 'mug') => {
    const view = await adapters.catalogueQueries.stock(productId, optionId);
    return view && `${view.free}/${view.held}/${view.sold}`;
  };
  const sweep = (limit = 500) => catalogue.expireStockHolds({ limit, origin });
  const typesOf = async (streamId: string) =>
    (await adapters.unitOfWork.run(tx => adapters.events.stream(tx, streamId))).map(({ type }) => type);

  accepted(await put('mug'));
  return { ...adapters, catalogue, put, setFree, adjust, hold, end, giveBack, cart, stock, sweep, typesOf, value };
}
