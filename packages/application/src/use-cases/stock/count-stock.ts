import { refusal, stockItemId } from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { StockView } from '../../ports/catalogue-queries.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';
import { type OptionRef, openStock, type StockBatch, type StockStores } from './stock-batch.js';

export type CountStockInput = OptionRef & { readonly origin: Origin } & (
    | {
        readonly change: 'SetFree';
        /** What is free from now on; what is held or sold stays as it is. */
        readonly quantity: number;
        /** The revision that the editor saw (If-Match); null = whatever it is now. */
        readonly expectedRevision: number | null;
      }
    | {
        readonly change: 'Adjust';
        /** Units to add; negative = to take. */
        readonly delta: number;
      }
  );

/** Sets or adjusts what is free (rule 14). Holds that are over are freed first: they are part of what the editor saw. */
export const countStock =
  (stores: StockStores): UseCase<CountStockInput, Outcome<StockView>> =>
  async (tx, inputs) => {
    const batch = await openStock(stores, tx, inputs, []);
    // Compared with what is stored: what the time has ended since is no change by anybody else.
    const seen = new Map(inputs.map(input => [keyOf(input), batch.view(input).revision]));
    const [first] = inputs;
    if (first) await batch.settle([...seen.keys()], null, first.origin);
    const outcomes = inputs.map(input => countOne(batch, input, seen));
    await batch.save();
    return outcomes;
  };

const keyOf = ({ productId, optionId }: OptionRef) => stockItemId(productId, optionId);

function countOne(batch: StockBatch, input: CountStockInput, seen: Map<string, number>): Outcome<StockView> {
  const missing = batch.missing(input);
  if (missing) return missing;
  const key = keyOf(input);
  if (input.change === 'SetFree' && input.expectedRevision !== null && input.expectedRevision !== seen.get(key))
    return refused(refusal('REVISION_CONFLICT', { expected: input.expectedRevision, actual: seen.get(key) }));
  const order =
    input.change === 'SetFree'
      ? ({ type: 'SetFree', quantity: input.quantity } as const)
      : ({ type: 'Adjust', delta: input.delta } as const);
  const outcome = batch.decide(input, order, input.origin);
  if (!outcome.accepted) return outcome;
  const view = batch.view(input);
  seen.set(key, view.revision);
  return done(view);
}
