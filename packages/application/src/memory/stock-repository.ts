import { type StockItem, stock } from '@org/domain';
import type { Versioned } from '../ports/aggregate-repository.js';
import type { StockRepository } from '../ports/stock-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { ConstraintError } from './errors.js';
import type { InMemoryStockHoldRepository } from './stock-hold-repository.js';
import { InMemoryTransaction } from './transaction.js';

export class InMemoryStockRepository extends InMemoryAggregates<StockItem> implements StockRepository {
  constructor(private readonly holds: Pick<InMemoryStockHoldRepository, 'overdue'>) {
    super('stock items', stock.initial);
  }

  async lockOverdue(tx: Transaction, limit: number) {
    const due = (await this.holds.overdue(tx)).slice(0, limit);
    const locked = new Map<string, Versioned<StockItem>>();
    for (const { itemId } of due) {
      const row = this.rows.get(tx, itemId);
      if (row && !locked.has(itemId) && this.rows.tryLock(tx, itemId)) locked.set(itemId, row);
    }
    return locked;
  }

  protected override async uphold(tx: Transaction, id: string, _before: StockItem, after: StockItem) {
    const figures = [after.held, after.sold, after.status === 'COUNTED' ? after.free : 0];
    if (figures.some(figure => figure < 0))
      throw InMemoryTransaction.of(tx).fail(new ConstraintError(`stock ${id} is below zero`));
  }
}
