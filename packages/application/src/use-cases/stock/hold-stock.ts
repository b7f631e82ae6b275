import { refusal, type StockHold, stockItemId } from '@org/domain';
import { done, type Outcome, refused } from '../../outcome.js';
import type { Origin } from '../../ports/event-log.js';
import type { UseCase } from '../../use-case.js';
import { type OptionRef, openStock, type StockBatch, type StockStores } from './stock-batch.js';

/** The wish of one order line for units of one option. */
export interface HoldStockInput extends OptionRef {
  /** The caller's own key, unique in the shop: the same again is answered with the same hold. */
  readonly holdId: string;
  readonly orderNumber: string;
  /** 1 to `MAX_LINE_QUANTITY`. */
  readonly quantity: number;
  readonly ttlSeconds: number;
  readonly origin: Origin;
}

export type StoredStockHold = Exclude<StockHold, { status: 'NONE' }> & { readonly holdId: string };

export interface HeldStock {
  /** Whatever became of it: a caller who comes late may find it over. */
  readonly hold: StoredStockHold;
  /** False when the key was there before. */
  readonly created: boolean;
}

/** Holds units for order lines, in the order of the wishes. One that is refused never fails its neighbours. */
export const holdStock =
  (stores: StockStores): UseCase<HoldStockInput, Outcome<HeldStock>> =>
  async (tx, inputs) => {
    const ids = inputs.map(({ holdId }) => holdId);
    const batch = await openStock(stores, tx, inputs, ids);
    const outcomes = await holdEach(batch, inputs);
    await batch.save();
    return outcomes;
  };

/** The same in a batch that is open already; it stays to be saved. */
export async function holdEach(
  batch: StockBatch,
  inputs: readonly HoldStockInput[],
): Promise<readonly Outcome<HeldStock>[]> {
  const outcomes = inputs.map(input => holdOne(batch, input));
  await onFreedStock(batch, inputs, outcomes);
  return outcomes;
}

/** Units that nobody holds any more refuse no one, whether or not the sweeper has come. */
async function onFreedStock(
  batch: StockBatch,
  inputs: readonly HoldStockInput[],
  outcomes: Outcome<HeldStock>[],
): Promise<void> {
  const short = inputs.flatMap((input, index) => {
    const outcome = outcomes[index];
    return outcome && !outcome.accepted && outcome.refusal.code === 'OUT_OF_STOCK' ? [{ input, index }] : [];
  });
  const [first] = short;
  if (!first) return;
  const items = short.map(({ input: { productId, optionId } }) => stockItemId(productId, optionId));
  if ((await batch.settle(items, null, first.input.origin)) === 0) return;
  for (const { input, index } of short) outcomes[index] = holdOne(batch, input);
}

function holdOne(batch: StockBatch, input: HoldStockInput): Outcome<HeldStock> {
  const { holdId, orderNumber, quantity, ttlSeconds, origin } = input;
  const before = batch.hold(holdId);
  if (before.status !== 'NONE') return sameAgain(before, input, batch.now);
  const missing = batch.missing(input);
  if (missing) return missing;
  const until = batch.now + ttlSeconds * 1000;
  const outcome = batch.decide(input, { type: 'Hold', holdId, orderNumber, quantity, until }, origin);
  if (!outcome.accepted) return refused(about(outcome.refusal, input));
  return done({ hold: storedHold(batch, holdId), created: true });
}

/** A refusal with the option that it is about: an order has several. */
const about = ({ code, data }: ReturnType<typeof refusal>, { productId, optionId }: OptionRef) =>
  refusal(code, { productId, optionId, ...data });

export function storedHold(batch: StockBatch, holdId: string): StoredStockHold {
  const hold = batch.hold(holdId);
  if (hold.status === 'NONE') throw new Error(`stock hold ${holdId} was not opened`);
  return { ...hold, holdId };
}

function sameAgain(
  before: Exclude<StockHold, { status: 'NONE' }>,
  { holdId, ...wish }: HoldStockInput,
  now: number,
): Outcome<HeldStock> {
  const { productId, optionId, orderNumber, quantity } = before;
  const isSame =
    productId === wish.productId &&
    optionId === wish.optionId &&
    orderNumber === wish.orderNumber &&
    quantity === wish.quantity;
  if (!isSame) return refused(refusal('STOCK_HOLD_ID_REUSED', { holdId, productId, optionId, orderNumber, quantity }));
  const over = before.status === 'HELD' && before.expiresAt <= now;
  const hold = over ? ({ ...before, status: 'EXPIRED', endedAt: before.expiresAt } as const) : before;
  return done({ hold: { ...hold, holdId }, created: false });
}
