import type { Order, PlacedOrder } from '@org/domain';
import type { Versioned } from '../ports/aggregate-repository.js';
import type { Clock } from '../ports/clock.js';
import type { OrderRepository } from '../ports/order-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import type { InMemoryPointLedger } from './point-ledger.js';
import type { InMemoryReservationRepository } from './reservation-repository.js';
import type { InMemoryStockHoldRepository } from './stock-hold-repository.js';
import { Table } from './table.js';

/** Where the holds of orders lie. */
export interface HoldTables {
  readonly stockHolds: InMemoryStockHoldRepository;
  readonly reservations: InMemoryReservationRepository;
  readonly pointLedger: InMemoryPointLedger;
}

const open = new Set(['HELD', 'RESERVED']);

export class InMemoryOrderRepository extends InMemoryAggregates<Order> implements OrderRepository {
  private readonly buyers = new Table<true>('buyers');

  constructor(
    private readonly clock: Clock,
    private readonly holds: HoldTables,
  ) {
    super('orders', { status: 'NONE' });
  }

  async ordered(tx: Transaction, userIds: readonly string[]) {
    await this.buyers.lock(tx, userIds);
    const counting = this.placed(tx).filter(({ order }) => order.status !== 'CANCELLED');
    const buyers = new Set(counting.map(({ order }) => order.facts.userId));
    return new Set(userIds.filter(userId => buyers.has(userId)));
  }

  async lockUnpaid(tx: Transaction, limit: number) {
    const now = await this.clock.now(tx);
    const deadline = ({ facts }: PlacedOrder) => facts.paymentDeadline ?? Number.POSITIVE_INFINITY;
    const due = this.placed(tx)
      .filter(({ order }) => order.status === 'AWAITING_PAYMENT' && deadline(order) <= now)
      .sort((a, b) => deadline(a.order) - deadline(b.order));
    const locked = new Map<string, Versioned<Order>>();
    for (const { id, row } of due) if (locked.size < limit && this.rows.tryLock(tx, id)) locked.set(id, row);
    return locked;
  }

  async stuck(tx: Transaction, olderThanSeconds: number, limit: number) {
    const before = (await this.clock.now(tx)) - olderThanSeconds * 1000;
    const held = this.heldFor(tx);
    const isStuck = ({ status, facts, endedAt }: PlacedOrder, id: string) =>
      status === 'PENDING' ? facts.placedAt <= before : endedAt !== null && endedAt <= before && held.has(id);
    return this.placed(tx)
      .filter(({ id, order }) => isStuck(order, id))
      .sort((a, b) => a.order.facts.placedAt - b.order.facts.placedAt)
      .slice(0, limit)
      .map(({ id }) => id);
  }

  private placed(tx: Transaction) {
    return this.rows
      .entries(tx)
      .flatMap(([id, row]) => (row.state.status === 'NONE' ? [] : [{ id, row, order: row.state }]));
  }

  /** Numbers of the orders that something is held for. */
  private heldFor(tx: Transaction): ReadonlySet<string> {
    const { stockHolds, reservations, pointLedger } = this.holds;
    const all = [
      ...stockHolds.rows.entries(tx).map(([, { state }]) => state),
      ...reservations.rows.entries(tx).map(([, { state }]) => state),
      ...pointLedger.rows.entries(tx).flatMap(([, { state }]) => state.spendings),
    ];
    return new Set(all.flatMap(hold => (hold.status !== 'NONE' && open.has(hold.status) ? [hold.orderNumber] : [])));
  }
}
