import type { Order, PlacedOrder } from '@org/domain';
import { isOfAnOrder } from '../own-holds.js';
import type { Versioned } from '../ports/aggregate-repository.js';
import type { Clock } from '../ports/clock.js';
import type { OrderRepository } from '../ports/order-repository.js';
import type { Transaction } from '../ports/unit-of-work.js';
import { InMemoryAggregates } from './aggregates.js';
import { ConstraintError } from './errors.js';
import type { InMemoryPointLedger } from './point-ledger.js';
import type { InMemoryReservationRepository } from './reservation-repository.js';
import type { InMemoryStockHoldRepository } from './stock-hold-repository.js';
import { Table } from './table.js';
import { InMemoryTransaction } from './transaction.js';

/** Where the holds of orders lie. */
export interface HoldTables {
  readonly stockHolds: InMemoryStockHoldRepository;
  readonly reservations: InMemoryReservationRepository;
  readonly pointLedger: InMemoryPointLedger;
}

const open = new Set(['HELD', 'RESERVED']);

/** The earlier first, and of one instant the lower number. */
const earliest =
  <Found extends { readonly id: string }>(at: (found: Found) => number) =>
  (a: Found, b: Found) =>
    at(a) - at(b) || (a.id < b.id ? -1 : 1);

/** What no caller may do to an order; null = nothing. */
function breachOf(before: Order, { status, facts, endedAt }: PlacedOrder): string | null {
  const isOver = status === 'COMPLETED' || status === 'CANCELLED';
  if (isOver !== (endedAt !== null)) return `${status} with end ${endedAt}`;
  if (facts.total < 0 || facts.pointsUsed < 0) return `total ${facts.total}, points ${facts.pointsUsed}`;
  if (status === 'AWAITING_PAYMENT' && facts.paymentDeadline === null) return `${status} without a deadline`;
  if (before.status === 'NONE') return null;
  if (before.endedAt !== null && before.status !== status) return `${status} after ${before.status}`;
  return JSON.stringify(before.facts) === JSON.stringify(facts) ? null : 'what was settled is changed';
}

export class InMemoryOrderRepository extends InMemoryAggregates<Order> implements OrderRepository {
  private readonly buyers = new Table<true>('buyers');
  private readonly payments = new Table<string>('payment events');

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

  async notePayments(tx: Transaction, orderNumbers: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
    const { payments } = this;
    await payments.lock(tx, [...orderNumbers.keys()]);
    for (const [eventId, orderNumber] of orderNumbers)
      if (payments.get(tx, eventId) === undefined) payments.set(tx, eventId, orderNumber);
    return new Map([...orderNumbers.keys()].map(eventId => [eventId, payments.get(tx, eventId) as string]));
  }

  async lockUnpaid(tx: Transaction, limit: number) {
    const now = await this.clock.now(tx);
    const deadline = ({ facts }: PlacedOrder) => facts.paymentDeadline ?? Number.POSITIVE_INFINITY;
    const due = this.placed(tx)
      .filter(({ order }) => order.status === 'AWAITING_PAYMENT' && deadline(order) <= now)
      .sort(earliest(({ order }) => deadline(order)));
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
      .sort(earliest(({ order }) => order.facts.placedAt))
      .slice(0, limit)
      .map(({ id }) => id);
  }

  protected override async uphold(tx: Transaction, id: string, before: Order, after: Order) {
    const breach = after.status === 'NONE' ? null : breachOf(before, after);
    if (breach) throw InMemoryTransaction.of(tx).fail(new ConstraintError(`order ${id}: ${breach}`));
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
      ...reservations.rows.entries(tx).flatMap(([id, { state }]) => (isOfAnOrder(id) ? [state] : [])),
      ...pointLedger.rows.entries(tx).flatMap(([, { state }]) => state.spendings),
    ];
    return new Set(all.flatMap(hold => (hold.status !== 'NONE' && open.has(hold.status) ? [hold.orderNumber] : [])));
  }
}
