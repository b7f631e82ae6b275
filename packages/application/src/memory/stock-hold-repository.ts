import { isOverdue, returnedOf, type StockHold, stockItemId } from '@org/domain';
import type { Versioned } from '../ports/aggregate-repository.js';
import type { Clock } from '../ports/clock.js';
import type { StockHoldRepository } from '../ports/stock-hold-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { ConstraintError } from './errors.js';
import { InMemoryTransaction } from './transaction.js';

interface Overdue {
  readonly id: string;
  readonly itemId: string;
  readonly row: Versioned<StockHold>;
}

export class InMemoryStockHoldRepository extends InMemoryAggregates<StockHold> implements StockHoldRepository {
  constructor(private readonly clock: Clock) {
    super('stock holds', { status: 'NONE' });
  }

  async overdueOf(tx: Transaction, itemIds: readonly string[], limit: number | null) {
    const due = (await this.overdue(tx)).filter(({ itemId }) => itemIds.includes(itemId));
    return new Map(due.slice(0, limit ?? due.length).map(({ id, row }) => [id, row]));
  }

  /** Every hold that is over and still HELD, earliest first. */
  async overdue(tx: Transaction): Promise<readonly Overdue[]> {
    const now = await this.clock.now(tx);
    return this.rows
      .entries(tx)
      .flatMap(([id, row]) => {
        const { state } = row;
        if (state.status === 'NONE' || !isOverdue(state, now)) return [];
        return [{ id, itemId: stockItemId(state.productId, state.optionId), row, end: state.expiresAt }];
      })
      .sort((a, b) => a.end - b.end || (a.id < b.id ? -1 : 1));
  }

  protected override async uphold(tx: Transaction, id: string, _before: StockHold, after: StockHold) {
    if (after.status === 'NONE') return;
    const returned = returnedOf(after);
    if (after.quantity < 1 || returned > after.quantity || (returned > 0 && after.status !== 'POSTED'))
      throw InMemoryTransaction.of(tx).fail(new ConstraintError(`stock hold ${id}: ${returned} of ${after.quantity}`));
  }
}
