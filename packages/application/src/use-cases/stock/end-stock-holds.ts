import { refusal, type StockEvent } from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';
import type { UseCase } from '../../use-case.js';
import { type StoredStockHold, storedHold } from './hold-stock.js';
import { openStock, type StockBatch, type StockOrder, type StockStores } from './stock-batch.js';

export interface EndStockHoldInput {
  readonly holdId: string;
  /** `Post`: the units are sold. `Void`: they are free again. */
  readonly end: 'Post' | 'Void';
  readonly origin: Origin;
}

export interface ReturnStockInput {
  readonly holdId: string;
  /** The caller's own key, unique for the hold: the same return again changes nothing. */
  readonly returnId: string;
  /** Sold units that are free again. */
  readonly quantity: number;
  readonly origin: Origin;
}

/** Posts or voids holds, once each: the same end again is answered alike, the other end is refused. */
export const endStockHolds =
  (stores: StockStores): UseCase<EndStockHoldInput, Outcome<StoredStockHold>> =>
  (tx, inputs) =>
    onHolds(stores, tx, inputs, commandOf);

const commandOf = ({ end, holdId }: EndStockHoldInput): StockOrder => ({ type: end, holdId });

/** The same for one hold, in a batch that has opened it. */
export const endStockHold = (batch: StockBatch, input: EndStockHoldInput): Outcome<StoredStockHold> =>
  resolve(batch, input, commandOf(input));

/** Puts sold units back (rule 13), never more than were sold under the hold. */
export const returnStock =
  (stores: StockStores): UseCase<ReturnStockInput, Outcome<StoredStockHold>> =>
  (tx, inputs) =>
    onHolds(stores, tx, inputs, ({ holdId, returnId, quantity }) => ({
      type: 'Return',
      ...{ holdId, returnId, quantity },
    }));

/** Finds the items of the holds, locks them, and decides on the holds as they are under the lock. */
async function onHolds<Input extends { readonly holdId: string; readonly origin: Origin }>(
  stores: StockStores,
  tx: Transaction,
  inputs: readonly Input[],
  orderOf: (input: Input) => StockOrder,
): Promise<readonly Outcome<StoredStockHold>[]> {
  const ids = [...new Set(inputs.map(({ holdId }) => holdId))];
  const known = await stores.stockHolds.load(tx, ids);
  const options = [...known.values()].flatMap(({ state }) => (state.status === 'NONE' ? [] : [state]));
  const batch = await openStock(stores, tx, options, ids);
  const outcomes = inputs.map(input => resolve(batch, input, orderOf(input)));
  await batch.save();
  return outcomes;
}

function resolve(
  batch: StockBatch,
  { holdId, origin }: { readonly holdId: string; readonly origin: Origin },
  order: StockOrder,
): Outcome<StoredStockHold> {
  const hold = batch.hold(holdId);
  if (hold.status === 'NONE') return refused(refusal('STOCK_HOLD_NOT_FOUND', { holdId }));
  const { productId, optionId } = hold;
  const outcome: Outcome<readonly StockEvent[]> = batch.decide({ productId, optionId }, order, origin);
  return outcome.accepted ? done(storedHold(batch, holdId)) : outcome;
}
