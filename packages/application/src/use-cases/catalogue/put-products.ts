import { defineProduct, type ProductDraft, product, refusal } from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { aggregateBatch } from '../../aggregate-batch.js';
import { productEvents } from '../../catalogue-events.js';
import { done, type Outcome, refused } from '../../outcome.js';
import type { ProductView } from '../../ports/catalogue-queries.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';

export interface ProductInput {
  readonly productId: string;
  readonly draft: ProductDraft;
  /** The revision that the editor saw (If-Match); null = whatever it is now. */
  readonly expectedRevision: number | null;
  readonly origin: Origin;
}

export interface PutProduct {
  readonly product: ProductView;
  /** False when the catalogue had it before. */
  readonly created: boolean;
}

type Stores = Pick<Adapters, 'clock' | 'products' | 'events'>;

/** Lists products, or changes what the catalogue says of them. The same again changes nothing. */
export const putProducts =
  (stores: Stores): UseCase<ProductInput, Outcome<PutProduct>> =>
  async (tx, inputs) => {
    const ids = [...new Set(inputs.map(({ productId }) => productId))];
    const batch = aggregateBatch(stores.products, product, await stores.products.load(tx, ids, { lock: true }));
    const at = await stores.clock.now(tx);
    const outcomes = inputs.map(({ productId, draft, expectedRevision, origin }): Outcome<PutProduct> => {
      const actual = batch.version(productId);
      if (expectedRevision !== null && expectedRevision !== actual)
        return refused(refusal('REVISION_CONFLICT', { expected: expectedRevision, actual }));
      const terms = defineProduct(draft);
      if (!terms.ok) return refused(refusal('PRODUCT_INVALID', { violations: terms.violations }));
      const outcome = batch.decide(productId, { type: 'PutProduct', terms: terms.value, at }, origin);
      if (!outcome.accepted) return outcome;
      const state = batch.state(productId);
      if (state.status === 'NONE') throw new Error(`product ${productId} has no state`);
      const { status: _, ...facts } = state;
      return done({
        product: { productId, revision: batch.version(productId), ...facts },
        created: outcome.value.some(({ type }) => type === 'ProductListed'),
      });
    });
    await batch.save(tx);
    const events = batch.changed().flatMap(({ id, ...more }) => productEvents(id, more));
    if (events.length > 0) await stores.events.append(tx, events);
    return outcomes;
  };
