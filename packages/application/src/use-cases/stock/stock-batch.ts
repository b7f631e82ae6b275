import {
  evolveStockHold,
  freeOf,
  type Instant,
  optionOf,
  refusal,
  type StockCommand,
  type StockEvent,
  type StockHold,
  type StockItem,
  type StockTerms,
  stock,
  stockItemId,
} from '@org/domain';
import type { Adapters } from '../../adapters.js';
import { aggregateBatch } from '../../aggregate-batch.js';
import { stockEvents } from '../../catalogue-events.js';
import { type Outcome, refused } from '../../outcome.js';
import type { Change, Versioned } from '../../ports/aggregate-repository.js';
import type { StockView } from '../../ports/catalogue-queries.js';
import { ConflictError } from '../../ports/errors.js';
import type { Origin } from '../../ports/event-log.js';
import type { Transaction } from '../../ports/unit-of-work.js';

export type StockStores = Pick<Adapters, 'clock' | 'products' | 'stock' | 'stockHolds' | 'events'>;

/** One option of a product. */
export interface OptionRef {
  readonly productId: string;
  readonly optionId: string;
}

type Without<Command, Names extends PropertyKey> = Command extends unknown ? Omit<Command, Names> : never;
/** A command without what the batch knows itself. */
export type StockOrder = Without<StockCommand, 'terms' | 'at' | 'hold'>;

interface LoadedHold {
  readonly before: Versioned<StockHold>;
  state: StockHold;
  count: number;
}

/** Items under lock, with the holds that are asked about, for the time of one transaction. */
export interface StockBatch {
  /** The time of the store, read after the locks were won. */
  readonly now: Instant;
  hold(holdId: string): StockHold;
  /** Why the option can't be ordered or counted; null = the catalogue has it. */
  missing(option: OptionRef): Outcome<never> | null;
  view(option: OptionRef): StockView;
  /** Decides on what the commands before it have left. */
  decide(option: OptionRef, order: StockOrder, origin: Origin): Outcome<readonly StockEvent[]>;
  /** Frees what is held by holds that the time has ended; `limit` null = all. Answers how many holds these were. */
  settle(itemIds: readonly string[], limit: number | null, origin: Origin): Promise<number>;
  save(): Promise<void>;
}

const idOf = ({ productId, optionId }: OptionRef) => stockItemId(productId, optionId);

export function refOf(itemId: string): OptionRef {
  const [productId = '', optionId = ''] = itemId.split('/');
  return { productId, optionId };
}

/** Locks the items of these options, in the order that everybody keeps. Holds are written under the lock of their item. */
export async function openStock(
  stores: StockStores,
  tx: Transaction,
  options: readonly OptionRef[],
  holdIds: readonly string[],
): Promise<StockBatch> {
  const ids = [...new Set(options.map(idOf))];
  return openLockedStock(stores, tx, await stores.stock.load(tx, ids, { lock: true }), holdIds);
}

/** What the catalogue says of an option that it no longer has: enough to resolve what is held of it. */
const gone: StockTerms = { kind: 'GOODS', lowStockAt: null };

/** The same for items that are locked already. */
export async function openLockedStock(
  stores: StockStores,
  tx: Transaction,
  locked: ReadonlyMap<string, Versioned<StockItem>>,
  holdIds: readonly string[],
): Promise<StockBatch> {
  const items = aggregateBatch(stores.stock, stock, locked);
  const productIds = [...new Set([...locked.keys()].map(id => refOf(id).productId))];
  const holds = new Map<string, LoadedHold>();
  const remember = (stored: ReadonlyMap<string, Versioned<StockHold>>) => {
    for (const [id, before] of stored) if (!holds.has(id)) holds.set(id, { before, state: before.state, count: 0 });
  };
  // All of it under the locks and all at once: an adapter that can sends them in one go.
  const [products, stored, now] = await Promise.all([
    stores.products.load(tx, productIds),
    stores.stockHolds.load(tx, [...new Set(holdIds)]),
    stores.clock.now(tx),
  ]);
  remember(stored);

  const productOf = ({ productId }: OptionRef) => products.get(productId)?.state ?? { status: 'NONE' as const };
  function termsOf(option: OptionRef): StockTerms {
    const product = productOf(option);
    if (product.status === 'NONE') return gone;
    return { kind: product.terms.kind, lowStockAt: optionOf(product, option.optionId)?.lowStockAt ?? null };
  }
  const hold = (id: string): StockHold => holds.get(id)?.state ?? { status: 'NONE' };

  function decide(option: OptionRef, order: StockOrder, origin: Origin) {
    const known = 'holdId' in order ? { hold: hold(order.holdId) } : {};
    const command = { ...order, ...known, terms: termsOf(option), at: now } as StockCommand;
    const outcome = items.decide(idOf(option), command, origin);
    if (!outcome.accepted) return outcome;
    for (const event of outcome.value) {
      const moved = 'holdId' in event ? holds.get(event.holdId) : undefined;
      if (!moved) continue;
      moved.state = evolveStockHold(moved.state, event, option);
      moved.count += 1;
    }
    return outcome;
  }

  return {
    now,
    hold,
    decide,
    missing(option) {
      const { productId, optionId } = option;
      const product = productOf(option);
      if (product.status === 'NONE') return refused(refusal('PRODUCT_NOT_FOUND', { productId }));
      return optionOf(product, optionId) ? null : refused(refusal('OPTION_NOT_FOUND', { productId, optionId }));
    },
    view({ productId, optionId }) {
      const id = idOf({ productId, optionId });
      const item = items.state(id);
      const free = freeOf(item, termsOf({ productId, optionId }));
      return { productId, optionId, free, held: item.held, sold: item.sold, revision: items.version(id) };
    },
    async settle(itemIds, limit, origin) {
      const overdue = await stores.stockHolds.overdueOf(tx, [...new Set(itemIds)], limit);
      remember(overdue);
      let ended = 0;
      for (const holdId of overdue.keys()) {
        const state = hold(holdId);
        if (state.status !== 'HELD') continue;
        const outcome = decide(state, { type: 'Expire', holdId }, origin);
        if (outcome.accepted && outcome.value.length > 0) ended += 1;
      }
      return ended;
    },
    async save() {
      const events = items.changed().flatMap(({ id, ...more }) => {
        const { productId, optionId } = refOf(id);
        return stockEvents(productId, optionId, more);
      });
      // Before the events: two who are the first to write an item meet here, and those of one of them must not be sent.
      await Promise.all([items.save(tx), saveHolds(stores, tx, holds)]);
      await stores.events.append(tx, events);
    },
  };
}

async function saveHolds({ stockHolds }: StockStores, tx: Transaction, holds: ReadonlyMap<string, LoadedHold>) {
  const changes = [...holds].flatMap(([id, { before, state, count }]): Change<StockHold>[] =>
    count === 0 ? [] : [{ id, expectedVersion: before.version, version: before.version + count, state }],
  );
  const written = changes.length > 0 ? await stockHolds.save(tx, changes) : new Set();
  for (const { id } of changes)
    if (!written.has(id)) throw new ConflictError(`stock hold ${id} was written by somebody else meanwhile`);
}
